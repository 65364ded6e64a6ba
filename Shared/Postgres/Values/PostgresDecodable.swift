import Foundation

/// A type that can be made of a value in a row.
package protocol PostgresDecodable {
    /// Makes a value of what the server sent.
    ///
    /// - Throws: ``PostgresDecodingFailure`` for null and for another data type.
    init(postgres cell: PostgresCell) throws
}

/// A type of which arrays can be made of a value in a row.
package protocol PostgresArrayDecodable: PostgresDecodable {
    /// Makes an array of what the server sent.
    static func array(postgres cell: PostgresCell) throws -> [Self]
}

extension String: PostgresArrayDecodable {
    /// Makes a string of text, json, jsonb, xml, date (`yyyy-mm-dd`), uuid, xid8 and types of the database (enumerations).
    package init(postgres cell: PostgresCell) throws {
        let bytes = try cell.required()
        switch cell.type {
        case .text, .varchar, .bpchar, .name, .json, .xml, .unknown, .char:
            self = String(decoding: bytes, as: UTF8.self)
        case .jsonb:
            guard bytes.first == 1 else { throw PostgresDecodingFailure(reason: "is jsonb of an unknown version") }
            self = String(decoding: bytes.dropFirst(), as: UTF8.self)
        case .uuid:
            self = try UUID(postgres: cell).uuidString.lowercased()
        case .xid8:
            self = String(try cell.number(UInt64.self))
        case .date:
            self = try CivilDate(postgresDays: cell.number(Int32.self)).description
        default:
            // Enumerations and citext send their text; a type with another binary form will hardly be text without a NUL.
            guard cell.type.oid >= PostgresType.firstOfDatabase, !bytes.contains(0),
                let text = String(validating: bytes, as: UTF8.self)
            else { throw cell.mismatch("text") }
            self = text
        }
    }
}

extension Int64: PostgresArrayDecodable {
    /// Makes a number of bigint, integer, smallint, oid, xid and xid8.
    package init(postgres cell: PostgresCell) throws {
        switch cell.type {
        case .int8: self = try cell.number(Int64.self)
        case .int4: self = Int64(try cell.number(Int32.self))
        case .int2: self = Int64(try cell.number(Int16.self))
        case .oid, .xid: self = Int64(try cell.number(UInt32.self))
        case .xid8:
            guard let number = Int64(exactly: try cell.number(UInt64.self)) else { throw cell.mismatch("in range") }
            self = number
        default: throw cell.mismatch("an integer")
        }
    }
}

extension Int: PostgresArrayDecodable {
    /// Makes a number of bigint, integer, smallint, oid, xid and xid8.
    package init(postgres cell: PostgresCell) throws {
        self = Int(try Int64(postgres: cell))
    }
}

extension Int32: PostgresArrayDecodable {
    /// Makes a number of integer and smallint.
    package init(postgres cell: PostgresCell) throws {
        switch cell.type {
        case .int4: self = try cell.number(Int32.self)
        case .int2: self = Int32(try cell.number(Int16.self))
        default: throw cell.mismatch("integer")
        }
    }
}

extension Bool: PostgresArrayDecodable {
    /// Makes a truth value of boolean.
    package init(postgres cell: PostgresCell) throws {
        guard cell.type == .bool else { throw cell.mismatch("boolean") }
        self = try cell.number(UInt8.self) != 0
    }
}

extension Double: PostgresArrayDecodable {
    /// Makes a number of double precision and real.
    package init(postgres cell: PostgresCell) throws {
        switch cell.type {
        case .float8: self.init(bitPattern: try cell.number(UInt64.self))
        case .float4: self.init(Float(bitPattern: try cell.number(UInt32.self)))
        default: throw cell.mismatch("double precision")
        }
    }
}

extension UUID: PostgresArrayDecodable {
    /// Makes an identifier of uuid.
    package init(postgres cell: PostgresCell) throws {
        guard cell.type == .uuid else { throw cell.mismatch("uuid") }
        let bytes = try cell.required()
        guard bytes.count == 16 else { throw PostgresDecodingFailure(reason: "is not 16 bytes long") }
        self.init(uuid: bytes.loadUnaligned(as: uuid_t.self))
    }
}

extension Date: PostgresArrayDecodable {
    /// Makes a time of timestamptz; `infinity` is refused, since no time is meant by it.
    package init(postgres cell: PostgresCell) throws {
        guard cell.type == .timestamptz else { throw cell.mismatch("timestamptz") }
        let microseconds = try cell.number(Int64.self)
        guard let time = PostgresTime.date(microseconds: microseconds) else {
            throw PostgresDecodingFailure(reason: "is an infinite time")
        }
        self = time
    }
}

extension UInt8: PostgresArrayDecodable {
    /// Refused: PostgreSQL has no such type; bytes come as `[UInt8]` of bytea.
    package init(postgres cell: PostgresCell) throws {
        throw cell.mismatch("a single byte")
    }

    /// Makes bytes of bytea.
    package static func array(postgres cell: PostgresCell) throws -> [UInt8] {
        guard cell.type == .bytea else { throw cell.mismatch("bytea") }
        return [UInt8](try cell.required())
    }
}

extension Array: PostgresDecodable where Element: PostgresArrayDecodable {
    /// Makes bytes of bytea, and arrays of one-dimensional arrays.
    package init(postgres cell: PostgresCell) throws {
        self = try Element.array(postgres: cell)
    }
}

extension Array: PostgresArrayDecodable where Element == UInt8 {}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// `nil` for null, else the wrapped value.
    package init(postgres cell: PostgresCell) throws {
        self = cell.bytes == nil ? .none : .some(try Wrapped(postgres: cell))
    }
}

extension Optional: PostgresArrayDecodable where Wrapped: PostgresArrayDecodable {}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    /// Makes a value of its raw value, so an enumeration or identifier type conforms without further code.
    package init(postgres cell: PostgresCell) throws {
        guard let value = Self(rawValue: try RawValue(postgres: cell)) else {
            throw PostgresDecodingFailure(reason: "is not a value of \(Self.self)")
        }
        self = value
    }
}

extension PostgresArrayDecodable {
    /// Reads the binary form of a one-dimensional array (`array_send`): dimensions, a flag, the element's type, then for
    /// each dimension its size and first index, then each element with its length, -1 for null.
    package static func array(postgres cell: PostgresCell) throws -> [Self] {
        let bytes = try cell.required()
        func word(_ offset: Int) throws -> Int32 {
            guard offset + 4 <= bytes.count else { throw cell.mismatch("an array") }
            return Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
        }
        let dimensions = try word(0)
        if dimensions == 0, bytes.count == 12 { return [] }
        // The flag and the lower bound say that this is an array; a scalar of the same length must not pass for one.
        guard dimensions == 1, try word(4) == 0 || word(4) == 1 else {
            throw cell.mismatch("a one-dimensional array")
        }
        let type = PostgresType(oid: UInt32(bitPattern: try word(8)))
        let count = Int(try word(12))
        guard count >= 0, count <= bytes.count / 4 else { throw cell.mismatch("an array") }
        var elements: [Self] = []
        elements.reserveCapacity(count)
        var offset = 20
        for _ in 0..<count {
            let length = Int(try word(offset))
            offset += 4
            if length < 0 {
                elements.append(try Self(postgres: cell.part(nil, type: type)))
                continue
            }
            guard offset + length <= bytes.count else { throw cell.mismatch("an array") }
            let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)])
            elements.append(try Self(postgres: cell.part(part, type: type)))
            offset += length
        }
        return elements
    }
}
