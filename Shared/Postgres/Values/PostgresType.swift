/// An object identifier of a data type, fixed for the types that are built into PostgreSQL (`pg_type.dat`).
struct PostgresType: Hashable, Sendable {
    /// The number in `pg_type.oid`.
    let oid: UInt32

    static let unspecified = PostgresType(oid: 0)
    static let bool = PostgresType(oid: 16)
    static let bytea = PostgresType(oid: 17)
    static let char = PostgresType(oid: 18)
    static let name = PostgresType(oid: 19)
    static let int8 = PostgresType(oid: 20)
    static let int2 = PostgresType(oid: 21)
    static let int4 = PostgresType(oid: 23)
    static let text = PostgresType(oid: 25)
    static let oid = PostgresType(oid: 26)
    static let xid = PostgresType(oid: 28)
    static let json = PostgresType(oid: 114)
    static let xml = PostgresType(oid: 142)
    static let float4 = PostgresType(oid: 700)
    static let float8 = PostgresType(oid: 701)
    static let unknown = PostgresType(oid: 705)
    static let bpchar = PostgresType(oid: 1042)
    static let varchar = PostgresType(oid: 1043)
    static let date = PostgresType(oid: 1082)
    static let timestamptz = PostgresType(oid: 1184)
    static let numeric = PostgresType(oid: 1700)
    static let uuid = PostgresType(oid: 2950)
    static let jsonb = PostgresType(oid: 3802)
    static let xid8 = PostgresType(oid: 5069)
    static let boolArray = PostgresType(oid: 1000)
    static let byteaArray = PostgresType(oid: 1001)
    static let int4Array = PostgresType(oid: 1007)
    static let textArray = PostgresType(oid: 1009)
    static let int8Array = PostgresType(oid: 1016)
    static let float8Array = PostgresType(oid: 1022)
    static let timestamptzArray = PostgresType(oid: 1185)
    static let uuidArray = PostgresType(oid: 2951)

    /// The first identifier that a database may give to a type of its own (an enumeration, a `citext`).
    static let firstOfDatabase: UInt32 = 16384

    /// How messages call the type: by name where a mix-up is likely, by number elsewhere.
    var label: String {
        switch self {
        case .bool: "boolean"
        case .bytea: "bytea"
        case .int2: "smallint"
        case .int4: "integer"
        case .int8: "bigint"
        case .float4: "real"
        case .float8: "double precision"
        case .text, .varchar, .bpchar, .name: "text"
        case .json: "json"
        case .jsonb: "jsonb"
        case .date: "date"
        case .timestamptz: "timestamptz"
        case .numeric: "numeric (cast it to text, bigint or double precision)"
        case .uuid: "uuid"
        case .xid8: "xid8"
        default: "type \(oid)"
        }
    }
}
