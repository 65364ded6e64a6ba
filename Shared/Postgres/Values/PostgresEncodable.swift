import Foundation

/// A type whose values can be bound to a statement.
package protocol PostgresEncodable {
    /// The value as it is sent.
    var postgresValue: PostgresValue { get }
}

/// A type of which arrays can be bound to a statement.
package protocol PostgresArrayEncodable {
    /// The array as it is sent; `nil` elements become SQL nulls.
    static func postgresArray(_ elements: [Self?]) -> PostgresValue
    /// The array as it is sent, without nulls.
    static func postgresArray(of elements: [Self]) -> PostgresValue
}

extension PostgresArrayEncodable {
    /// The array as it is sent, without nulls.
    package static func postgresArray(of elements: [Self]) -> PostgresValue { postgresArray(elements.map { $0 }) }
}

extension PostgresValue: PostgresEncodable {
    /// Itself.
    package var postgresValue: PostgresValue { self }
}

extension String: PostgresEncodable, PostgresArrayEncodable {
    /// Text of a type that the server infers.
    package var postgresValue: PostgresValue { .text(self) }
    /// `text[]`.
    package static func postgresArray(_ elements: [String?]) -> PostgresValue { .textArray(elements) }
}

extension Substring: PostgresEncodable {
    /// Text of a type that the server infers.
    package var postgresValue: PostgresValue { .text(String(self)) }
}

extension Int: PostgresEncodable, PostgresArrayEncodable {
    /// `bigint`.
    package var postgresValue: PostgresValue { .int8(Int64(self)) }
    /// `bigint[]`.
    package static func postgresArray(_ elements: [Int?]) -> PostgresValue {
        .int8Array(elements.map { $0.map(Int64.init) })
    }
}

extension Int64: PostgresEncodable, PostgresArrayEncodable {
    /// `bigint`.
    package var postgresValue: PostgresValue { .int8(self) }
    /// `bigint[]`.
    package static func postgresArray(_ elements: [Int64?]) -> PostgresValue { .int8Array(elements) }
}

extension Int32: PostgresEncodable, PostgresArrayEncodable {
    /// `integer`.
    package var postgresValue: PostgresValue { .int4(self) }
    /// `integer[]`.
    package static func postgresArray(_ elements: [Int32?]) -> PostgresValue { .int4Array(elements) }
}

extension Bool: PostgresEncodable, PostgresArrayEncodable {
    /// `boolean`.
    package var postgresValue: PostgresValue { .bool(self) }
    /// `boolean[]`.
    package static func postgresArray(_ elements: [Bool?]) -> PostgresValue { .boolArray(elements) }
}

extension Double: PostgresEncodable, PostgresArrayEncodable {
    /// `double precision`.
    package var postgresValue: PostgresValue { .float8(self) }
    /// `double precision[]`.
    package static func postgresArray(_ elements: [Double?]) -> PostgresValue { .float8Array(elements) }
}

extension UUID: PostgresEncodable, PostgresArrayEncodable {
    /// `uuid`.
    package var postgresValue: PostgresValue { .uuid(self) }
    /// `uuid[]`.
    package static func postgresArray(_ elements: [UUID?]) -> PostgresValue { .uuidArray(elements) }
}

extension Date: PostgresEncodable, PostgresArrayEncodable {
    /// `timestamptz`.
    package var postgresValue: PostgresValue { .timestamptz(self) }
    /// `timestamptz[]`.
    package static func postgresArray(_ elements: [Date?]) -> PostgresValue { .timestamptzArray(elements) }
}

extension UInt8: PostgresArrayEncodable {
    /// `bytea`; a null among the bytes has no meaning and becomes 0.
    package static func postgresArray(_ elements: [UInt8?]) -> PostgresValue { .bytea(elements.map { $0 ?? 0 }) }
    /// `bytea`.
    package static func postgresArray(of elements: [UInt8]) -> PostgresValue { .bytea(elements) }
}

extension Array: PostgresEncodable where Element: PostgresArrayEncodable {
    /// `bytea` for bytes, else the array type of the element.
    package var postgresValue: PostgresValue { Element.postgresArray(of: self) }
}

extension Array: PostgresArrayEncodable where Element == UInt8 {
    /// `bytea[]`.
    package static func postgresArray(_ elements: [[UInt8]?]) -> PostgresValue { .byteaArray(elements) }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    /// The wrapped value, or null.
    package var postgresValue: PostgresValue { self?.postgresValue ?? .null }
}

extension Optional: PostgresArrayEncodable where Wrapped: PostgresArrayEncodable {
    /// The array of the wrapped type.
    package static func postgresArray(_ elements: [Wrapped??]) -> PostgresValue {
        Wrapped.postgresArray(elements.map { $0.flatMap { $0 } })
    }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    /// The raw value, so an enumeration or identifier type conforms without further code.
    package var postgresValue: PostgresValue { rawValue.postgresValue }
}

extension PostgresArrayEncodable where Self: RawRepresentable, RawValue: PostgresArrayEncodable {
    /// The array of the raw values.
    package static func postgresArray(_ elements: [Self?]) -> PostgresValue {
        RawValue.postgresArray(elements.map { $0?.rawValue })
    }
}
