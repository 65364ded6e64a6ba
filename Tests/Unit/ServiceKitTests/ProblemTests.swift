import Foundation
import Logging
import Postgres
import ServiceKit
import Testing

struct ProblemTests {
    @Test(arguments: [
        (nil, ProblemLanguage.chinese), ("", .chinese), ("zh-CN", .chinese), ("en", .english), ("EN-gb", .english),
        ("fr", .chinese), ("zh;q=0.5, en;q=0.9", .english), ("en;q=0.5,zh;q=0.5", .chinese), ("*", .chinese),
        ("en;q=0", .chinese), ("en;q=x", .chinese), ("fr, en;q=0.1", .english), ("*;q=0.9, en;q=0.3", .chinese),
    ])
    func `the language follows Accept-Language, Chinese unless English is preferred`(
        _ header: String?, _ language: ProblemLanguage
    ) {
        #expect(ProblemLanguage(acceptLanguage: header) == language)
    }

    @Test func `a document holds type, texts of one language, fields and trace`() throws {
        let problem = Problem.invalid(field: "/phone", code: "malformed", "手机号格式不对", "the phone is malformed")
        let chinese = try object(ProblemDocument(problem, in: .chinese, traceID: "abc"))
        #expect(chinese["type"] as? String == "urn:tiaokuai:problem:invalid")
        #expect(chinese["status"] as? Int == 422)
        #expect(chinese["title"] as? String == "内容不符合要求")
        #expect(chinese["field"] as? String == "/phone")
        #expect(chinese["traceId"] as? String == "abc")
        #expect((chinese["faults"] as? [[String: String]])?.first?["message"] == "手机号格式不对")
        let english = try object(ProblemDocument(problem, in: .english, traceID: nil))
        #expect((english["faults"] as? [[String: String]])?.first?["message"] == "the phone is malformed")
        #expect(english["next"] as? String == "Correct the fields listed and try again")
        #expect(english["traceId"] == nil)
    }

    private func object(_ document: ProblemDocument) throws -> [String: Any] {
        let bytes = try JSONEncoder().encode(document)
        return try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    }

    private struct Body: Decodable {
        struct Person: Decodable {
            let name: String
            let born: Date?
        }
        let people: [Person]
    }

    @Test(arguments: [
        (#"{"people": [{"name": "a"}, {}]}"#, "/people/1/name", "required"),
        (#"{"people": [{"name": null}]}"#, "/people/0/name", "required"),
        (#"{"people": [{"name": 7}]}"#, "/people/0/name", "wrong-type"),
        (#"{"people": [{"name": "a", "born": "yesterday"}]}"#, "/people/0/born", "malformed"),
        (#"{"people": 7}"#, "/people", "wrong-type"), (#"{}"#, "/people", "required"),
        (#"{"people":"#, "", "malformed"),
        ("", "", "malformed"), ("[]", "", "wrong-type"),
    ])
    func `a body that cannot be decoded names the field, not its value`(_ body: String, _ field: String, _ code: String)
    {
        let error = #expect(throws: (any Error).self) { try SuiteJSON.decode(Body.self, from: Array(body.utf8)) }
        let problem = error.map { ProblemMapping.problem(for: $0) }
        #expect(problem?.status == 400)
        #expect(problem?.faults.first?.field == field)
        #expect(problem?.faults.first?.code == code)
        #expect("\(String(describing: problem))".contains("yesterday") == false)
    }

    private struct Unlucky: Error {
        let secret = "13812345678"
    }

    private struct Known: ProblemConvertible {
        static let kind = ProblemKind(
            409, "wrong-state", title: BilingualText("状态不对", "wrong state"), meaning: BilingualText("一", "one"),
            next: BilingualText("二", "two"))
        let problem = Problem.conflict(kind, "状态不对", "wrong state")
    }

    @Test func `an error that nobody knows says nothing of the inside`() throws {
        let problem = ProblemMapping.problem(for: Unlucky())
        #expect(problem == .internalError)
        let document = try JSONEncoder().encode(ProblemDocument(problem, in: .chinese, traceID: "t"))
        #expect(!String(decoding: document, as: UTF8.self).contains("138"))
    }

    @Test func `errors of a service and problems are kept`() {
        #expect(ProblemMapping.problem(for: Known()).slug == "wrong-state")
        #expect(ProblemMapping.problem(for: Problem.notFound()).status == 404)
        #expect(ProblemMapping.problem(for: Problem.notFound(), isPastDeadline: true).status == 404)
    }

    @Test func `past the deadline the reason is the time`() {
        #expect(ProblemMapping.problem(for: CancellationError(), isPastDeadline: true) == .timedOut)
        #expect(ProblemMapping.problem(for: Unlucky(), isPastDeadline: true) == .timedOut)
    }

    @Test func `every temporary problem says when to try again`() {
        for problem in [Problem.unavailable(), .overloaded(), .timedOut, .outcomeUnknown] {
            #expect(problem.status == 503)
            #expect((problem.retryAfter ?? .zero) >= .seconds(1))
        }
    }

    @Test func `a pool that is shut down is unavailable`() async {
        let pool = PostgresPool(
            configuration: PostgresConfiguration(host: "127.0.0.1", port: 1, user: "u", database: "d"), size: 1,
            waitersMax: 1, acquireTimeout: .milliseconds(50), logger: .init(label: "test"))
        let away = await #expect(throws: PostgresError.self) { try await pool.query("select 1") }
        #expect(away.map { ProblemMapping.problem(for: $0).status } == 503)
        await pool.shutdown(deadline: .seconds(1))
        let closed = await #expect(throws: PostgresError.self) { try await pool.query("select 1") }
        #expect(closed.map { ProblemMapping.problem(for: $0) } == .unavailable())
    }
}
