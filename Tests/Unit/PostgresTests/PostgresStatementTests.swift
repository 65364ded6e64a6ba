import Foundation
import Postgres
import Testing

@Suite("Statements")
struct PostgresStatementTests {
    enum Colour: String, PostgresEncodable, PostgresArrayEncodable {
        case red
    }

    @Test func `interpolated values are bound, never spliced`() {
        let name = "x'; drop table t; --"
        let statement: PostgresStatement = "select a from t where id = \(7) and name = \(name)"
        #expect(statement.sql == "select a from t where id = $1 and name = $2")
        #expect(statement.parameters == [.int8(7), .text(name)])
    }

    @Test func `a literal without values has no parameters`() {
        let statement: PostgresStatement = "select 1"
        #expect(statement == PostgresStatement("select 1"))
    }

    @Test func `trusted text is spliced and does not count as a value`() {
        let statement: PostgresStatement = "select * from \(unescaped: "t") where a = \(true) and b = \(1.5)"
        #expect(statement.sql == "select * from t where a = $1 and b = $2")
        #expect(statement.parameters == [.bool(true), .float8(1.5)])
    }

    @Test func `optionals become nulls or values`() {
        let none: Int? = nil
        let some: Int32? = 4
        let statement: PostgresStatement = "select \(none), \(some)"
        #expect(statement.parameters == [.null, .int4(4)])
    }

    @Test func `arrays keep their kind`() {
        let id = UUID()
        let statement: PostgresStatement = """
            select \([1, 2]), \(["a", nil]), \([UInt8]([1, 2])), \([[UInt8]([3])]), \([id]), \([Int32(1)]), \([Colour.red])
            """
        #expect(
            statement.parameters == [
                .int8Array([1, 2]), .textArray(["a", nil]), .bytea([1, 2]), .byteaArray([[3]]), .uuidArray([id]),
                .int4Array([1]), .textArray(["red"]),
            ])
    }

    @Test func `empty arrays keep their kind too`() {
        let statement: PostgresStatement = """
            select \([Int]()), \([String]()), \([UInt8]()), \([[UInt8]]()), \([UUID]()), \([Bool]())
            """
        #expect(
            statement.parameters == [
                .int8Array([]), .textArray([]), .bytea([]), .byteaArray([]), .uuidArray([]), .boolArray([]),
            ])
    }

    @Test func `an explicit statement of a literal binds as well`() {
        let statement = PostgresStatement("select \(7)")
        #expect(statement == PostgresStatement("select $1", [.int8(7)]))
    }

    @Test func `enumerations and JSON have their own forms`() {
        let statement: PostgresStatement = "select \(Colour.red), \(json: "{}")"
        #expect(statement.parameters == [.text("red"), .json("{}")])
    }

    @Test func `more than nine values are numbered right`() {
        let ids = Array(1...12)
        var interpolation = PostgresStatement.StringInterpolation(literalCapacity: 0, interpolationCount: 12)
        for id in ids { interpolation.appendInterpolation(id) }
        #expect(PostgresStatement(stringInterpolation: interpolation).sql == "$1$2$3$4$5$6$7$8$9$10$11$12")
    }

    @Test func `text with a NUL is refused by the place of its value`() {
        let statement: PostgresStatement = "select \(1), \("a\u{0}b")"
        let error = #expect(throws: PostgresError.self) { try statement.checkParameters() }
        #expect(error?.code == .encoding(parameter: 2))
    }

    @Test func `SQL with a NUL, too many values and times that are none are refused`() {
        #expect(throws: PostgresError.self) { try PostgresStatement("select\u{0}").checkParameters() }
        #expect(throws: PostgresError.self) {
            try PostgresStatement("select", Array(repeating: .null, count: 65_536)).checkParameters()
        }
        #expect(throws: PostgresError.self) {
            try PostgresStatement("select", [.timestamptz(Date(timeIntervalSince1970: .nan))]).checkParameters()
        }
    }
}
