import Foundation

/// A value as it is sent to the server.
///
/// All but `text` and `date` travel in PostgreSQL's binary form with their type. Text travels without a type, so that the
/// server infers it from its place: a `String` may fill a `numeric`, an enumeration, an `inet`. A null has no type either.
package enum PostgresValue: Sendable, Hashable {
    /// SQL null; the server infers its type.
    case null
    /// `boolean`.
    case bool(Bool)
    /// `integer`.
    case int4(Int32)
    /// `bigint`.
    case int8(Int64)
    /// `double precision`.
    case float8(Double)
    /// Text of a type that the server infers.
    ///
    /// Must not contain U+0000.
    case text(String)
    /// A JSON document, sent as `jsonb`.
    ///
    /// For a column of type `json` that shall keep the text as it is, use ``text(_:)``.
    case json(String)
    /// `uuid`.
    case uuid(UUID)
    /// `bytea`.
    case bytea([UInt8])
    /// `timestamptz`, to the microsecond.
    ///
    /// `Date.distantFuture` is a time like any other; an infinite `Date` becomes `infinity` or `-infinity`.
    case timestamptz(Date)
    /// `date`, as `yyyy-mm-dd`.
    case date(String)
    /// `text[]`.
    case textArray([String?])
    /// `integer[]`.
    case int4Array([Int32?])
    /// `bigint[]`.
    case int8Array([Int64?])
    /// `uuid[]`.
    case uuidArray([UUID?])
    /// `bytea[]`.
    case byteaArray([[UInt8]?])
    /// `timestamptz[]`.
    case timestamptzArray([Date?])
    /// `double precision[]`.
    case float8Array([Double?])
    /// `boolean[]`.
    case boolArray([Bool?])
}

extension PostgresValue {
    /// The type that is declared for the value; 0 leaves it to the server.
    var type: PostgresType {
        switch self {
        case .null, .text: .unspecified
        case .bool: .bool
        case .int4: .int4
        case .int8: .int8
        case .float8: .float8
        case .json: .jsonb
        case .uuid: .uuid
        case .bytea: .bytea
        case .timestamptz: .timestamptz
        case .date: .date
        case .textArray: .textArray
        case .int4Array: .int4Array
        case .int8Array: .int8Array
        case .uuidArray: .uuidArray
        case .byteaArray: .byteaArray
        case .timestamptzArray: .timestamptzArray
        case .float8Array: .float8Array
        case .boolArray: .boolArray
        }
    }
}
