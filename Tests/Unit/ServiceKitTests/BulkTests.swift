import Foundation
import ServiceKit
import Testing

struct BulkTests {
    private struct Fields: Decodable, Sendable {
        struct Place: Decodable, Sendable { let longitude: Double }
        let name: String
        let place: Place?
    }

    private func decode(_ json: String) throws -> BulkRequest<Fields> {
        try SuiteJSON.decode(BulkRequest<Fields>.self, from: Array(json.utf8))
    }

    @Test func `rows that cannot be decoded are rejected alone, with their number and field`() throws {
        let request = try decode(
            """
            {"rows": [{"row": 2, "fields": {"name": "a", "unknown": 1}},
                      {"row": 3, "fields": {}},
                      {"row": 4, "fields": {"name": "b", "place": {"longitude": "east"}}},
                      {"row": 5},
                      {"row": 6, "fields": {"name": "c", "place": {"longitude": 100.5}}}]}
            """)
        #expect(request.rows.map(\.number) == [2, 6])
        #expect(request.rows.last?.fields.place?.longitude == 100.5)
        #expect(request.undecodable.map(\.row) == [3, 4, 5])
        #expect(request.undecodable.flatMap(\.faults).map(\.field) == ["name", "place.longitude", ""])
        #expect(request.undecodable.flatMap(\.faults).map(\.code) == ["required", "wrong-type", "required"])
    }

    @Test func `a row without a number makes the request malformed`() throws {
        let error = #expect(throws: DecodingError.self) { try decode(#"{"rows": [{"fields": {"name": "a"}}]}"#) }
        #expect(error.map { DecodingFault($0).pointer } == "/rows/0/row")
    }

    @Test func `more rows than the limit are refused`() throws {
        func rows(_ count: Int) -> String {
            let row = #"{"row": 1, "fields": {"name": "a"}}"#
            return "{\"rows\": [" + Array(repeating: row, count: count).joined(separator: ",") + "]}"
        }
        #expect(try decode(rows(1000)).rows.count == 1000)
        let problem = #expect(throws: Problem.self) { try decode(rows(1001)) }
        #expect(problem?.status == 422)
    }

    @Test func `the answer counts all rows and lists the rejected ones`() throws {
        let fault = BulkFault(field: "longitude", code: "out-of-range", BilingualText("超出范围", "out of range"))
        let response = BulkResponse([
            .rejected(row: 9, faults: [fault]), .accepted(row: 1), .unchanged(row: 2),
            .rejected(row: 3, faults: [fault]),
            .accepted(row: 4),
        ])
        let json = String(decoding: try SuiteJSON.encode(response), as: UTF8.self)
        let row = { (number: Int) in
            #"{"faults":[{"code":"out-of-range","field":"longitude","message":"超出范围","messageEn":"out of range"}],"#
                + #""outcome":"rejected","row":\#(number)}"#
        }
        #expect(json == #"{"accepted":2,"rejected":2,"results":[\#(row(3)),\#(row(9))],"unchanged":1}"#)
        #expect(try SuiteJSON.decode(BulkResponse.self, from: Array(json.utf8)) == response)
    }
}
