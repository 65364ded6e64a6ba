import Foundation
import Postgres
import Testing

@Suite("The binary form of values")
struct ValueCodingTests {
    private final class Owner {}

    private func decode<T: PostgresDecodable>(_ value: PostgresValue, oid: UInt32, as: T.Type = T.self) throws -> T {
        let owner = Owner()
        guard let bytes = ParameterBuffer.bytes(of: value) else {
            return try T(postgres: PostgresCell(bytes: nil, typeOID: oid, owner: owner))
        }
        return try bytes.withUnsafeBytes { try T(postgres: PostgresCell(bytes: $0, typeOID: oid, owner: owner)) }
    }

    private func decode<T: PostgresDecodable>(bytes: [UInt8], oid: UInt32, as: T.Type = T.self) throws -> T {
        try bytes.withUnsafeBytes { try T(postgres: PostgresCell(bytes: $0, typeOID: oid, owner: Owner())) }
    }

    @Test(arguments: [0, 1, -1, Int64.max, Int64.min])
    func `bigint goes there and back`(_ number: Int64) throws {
        #expect(try decode(.int8(number), oid: 20) == number)
    }

    @Test(arguments: [0, 1, -1, Int32.max, Int32.min])
    func `integer goes there and back, and widens`(_ number: Int32) throws {
        #expect(try decode(.int4(number), oid: 23) == number)
        #expect(try decode(.int4(number), oid: 23) == Int(number))
    }

    @Test func `bigint does not narrow`() {
        #expect(throws: PostgresDecodingFailure.self) { try decode(.int8(1), oid: 20, as: Int32.self) }
    }

    @Test(arguments: [0.0, -0.0, 1.5, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude])
    func `double precision goes there and back`(_ number: Double) throws {
        #expect(try decode(.float8(number), oid: 701, as: Double.self).bitPattern == number.bitPattern)
    }

    @Test func `booleans, identifiers and bytes go there and back`() throws {
        let id = UUID()
        #expect(try decode(.bool(true), oid: 16, as: Bool.self))
        #expect(try !decode(.bool(false), oid: 16, as: Bool.self))
        #expect(try decode(.uuid(id), oid: 2950) == id)
        #expect(try decode(.uuid(id), oid: 2950, as: String.self) == id.uuidString.lowercased())
        #expect(try decode(.bytea([0, 255, 1]), oid: 17) == [UInt8]([0, 255, 1]))
        #expect(try decode(.bytea([]), oid: 17) == [UInt8]())
    }

    @Test(arguments: [
        0, 1_700_000_000, 1_700_000_000.123456, -1, -0.000001, 946_684_800, 946_684_799.999999, -62_135_596_800,
        253_402_300_799,
    ])
    func `times go there and back to the microsecond`(_ seconds: Double) throws {
        let date = Date(timeIntervalSince1970: seconds)
        let back = try decode(.timestamptz(date), oid: 1184, as: Date.self)
        #expect(abs(back.timeIntervalSince(date)) < 0.000_000_5 + abs(seconds) * 1e-15)
        // What came from the server goes back unchanged, or comparisons for equality would fail.
        #expect(ParameterBuffer.bytes(of: .timestamptz(back)) == ParameterBuffer.bytes(of: .timestamptz(date)))
    }

    @Test func `every microsecond of a second survives the way through Date`() throws {
        for microsecond in stride(from: Int64(0), to: 1_000_000, by: 7) {
            let number = 843_000_000_000_000 + microsecond
            let date = try decode(.int8(number), oid: 1184, as: Date.self)
            #expect(try decode(.timestamptz(date), oid: 20, as: Int64.self) == number)
        }
    }

    @Test func `infinite times are sent as such and not accepted`() throws {
        let infinite = Date(timeIntervalSinceReferenceDate: .infinity)
        #expect(try decode(.timestamptz(infinite), oid: 20, as: Int64.self) == .max)
        #expect(throws: PostgresDecodingFailure.self) { try decode(.int8(.max), oid: 1184, as: Date.self) }
    }

    @Test func `jsonb carries a version byte`() throws {
        #expect(ParameterBuffer.bytes(of: .json("{}")) == [1] + Array("{}".utf8))
        #expect(try decode(.json(#"{"名":1}"#), oid: 3802, as: String.self) == #"{"名":1}"#)
        #expect(throws: PostgresDecodingFailure.self) { try decode(bytes: [2, 0x7b], oid: 3802, as: String.self) }
    }

    @Test(arguments: [
        (Int32(0), "2000-01-01"), (-1, "1999-12-31"), (59, "2000-02-29"), (60, "2000-03-01"), (9_722, "2026-08-14"),
        (-10_957, "1970-01-01"), (2_921_939, "9999-12-31"), (-730_119, "0001-01-01"),
    ])
    func `dates are written as days`(_ days: Int32, _ text: String) throws {
        #expect(try decode(.int4(days), oid: 1082, as: String.self) == text)
    }

    @Test func `arrays go there and back, nulls and empty ones included`() throws {
        #expect(try decode(.int8Array([1, nil, -3]), oid: 1016) == [Int64?]([1, nil, -3]))
        #expect(try decode(.int8Array([]), oid: 1016) == [Int64]())
        #expect(try decode(.int4Array([7]), oid: 1007) == [7])
        #expect(try decode(.textArray(["", "a,b\"}", nil, "条块"]), oid: 1009) == ["", "a,b\"}", nil, "条块"])
        #expect(try decode(.byteaArray([[], [1]]), oid: 1001) == [[UInt8]]([[], [1]]))
        #expect(try decode(.boolArray([true, false]), oid: 1000) == [true, false])
        #expect(try decode(.float8Array([0.5]), oid: 1022) == [0.5])
        let ids = [UUID(), UUID()]
        #expect(try decode(.uuidArray(ids), oid: 2951) == ids)
        let dates = [Date(timeIntervalSince1970: 1_700_000_000)]
        #expect(try decode(.timestamptzArray(dates), oid: 1185) == dates)
    }

    @Test func `a null in an array of plain elements is an error`() {
        #expect(throws: PostgresDecodingFailure.self) { try decode(.int8Array([nil]), oid: 1016, as: [Int64].self) }
    }

    @Test(arguments: 0..<24)
    func `a cut array is an error and not a crash`(_ length: Int) throws {
        let bytes = try #require(ParameterBuffer.bytes(of: .int8Array([1])))
        #expect(throws: PostgresDecodingFailure.self) {
            try decode(bytes: Array(bytes.prefix(length)), oid: 1016, as: [Int64].self)
        }
    }

    @Test func `an array of two dimensions is refused`() {
        let bytes: [UInt8] = [0, 0, 0, 2] + Array(repeating: 0, count: 24)
        #expect(throws: PostgresDecodingFailure.self) { try decode(bytes: bytes, oid: 1016, as: [Int64].self) }
    }

    @Test func `null is nil for optionals and an error for others`() throws {
        #expect(try decode(.null, oid: 20, as: Int?.self) == nil)
        #expect(throws: PostgresDecodingFailure(reason: "is null")) { try decode(.null, oid: 20, as: Int.self) }
    }

    @Test func `numeric says how to read it`() {
        let error = #expect(throws: PostgresDecodingFailure.self) {
            try decode(bytes: [0, 0, 0, 0, 0, 0, 0, 0], oid: 1700, as: Int.self)
        }
        #expect(error?.reason.contains("cast it to text") == true)
    }

    @Test func `types of the database are text, unless they are not`() throws {
        #expect(try decode(bytes: Array("open".utf8), oid: 70_000, as: String.self) == "open")
        #expect(throws: PostgresDecodingFailure.self) { try decode(bytes: [1, 0, 2], oid: 70_000, as: String.self) }
        #expect(throws: PostgresDecodingFailure.self) { try decode(bytes: [0xff], oid: 70_000, as: String.self) }
    }

    @Test func `xid8 is read without a sign`() throws {
        #expect(try decode(.int8(-1), oid: 5069, as: String.self) == "18446744073709551615")
        #expect(throws: PostgresDecodingFailure.self) { try decode(.int8(-1), oid: 5069, as: Int64.self) }
    }
}
