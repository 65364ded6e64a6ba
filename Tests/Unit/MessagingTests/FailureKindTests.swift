import Messaging
import Models
import Postgres
import Testing

/// Which failures park an event and which are tried again.
struct FailureKindTests {
    @Test func `a broken rule parks with its own code and reason`() {
        let kind = FailureKind(EventRejection(code: "grid-unknown", reason: "import the grids first"))
        #expect(kind == .lasting(code: "grid-unknown", reason: "import the grids first"))
    }

    @Test(arguments: [
        ("{}", "the field  division is missing"), (#"{"division":null}"#, "division"),
        (#"{"division":{"code":"532923","name":"秘密","level":"galaxy"}}"#, "division.level"),
        (#"{"division":{"code":"秘密","name":"秘密","level":"county"}}"#, "division.code"),
        (#"{"division":{"code":"532923","name":"秘密","level":"county","households":"秘密"}}"#, "division.households"),
        ("秘密", "not valid JSON"),
    ])
    func `undecodable data parks, and the reason names the field and repeats no value`(json: String, names: String)
        throws
    {
        let error = #expect(throws: DecodingError.self) {
            try EventCoding.decode(DivisionRegistered.self, from: Array(json.utf8))
        }
        guard case .lasting(let code, let reason) = FailureKind(try #require(error)) else {
            Issue.record("not lasting")
            return
        }
        #expect(code == "undecodable-data")
        #expect(reason.contains(names), "\(reason)")
        #expect(!reason.contains("秘密") && !reason.contains("galaxy"))
    }

    /// Class 22: data exceptions, 23: integrity constraints.
    @Test(arguments: ["22003", "22021", "22P02", "23502", "23503", "23505", "23514", "23P01"])
    func `data that the database refuses parks under its state`(state: String) {
        let kind = FailureKind(PostgresError(.server(sqlState: state), detail: "Key (name)=(秘密)"))
        #expect(kind == .lasting(code: "database-\(state)", reason: "the database refuses the data"))
    }

    @Test func `a value that cannot be sent parks, since it never can be`() {
        // A NUL character in a JSON string is enough; tried again it would hold its partition up for ever.
        let kind = FailureKind(PostgresError(.encoding(parameter: 1), reason: "text with U+0000"))
        #expect(kind != .passing)
    }

    /// 08 connection, 40 conflicts, 42 the installation's own schema, 53 resources, 55 locks, 57 operator, 58 system.
    @Test(arguments: [
        "08006", "40001", "40P01", "42P01", "42703", "53100", "53300", "55P03", "57014", "57P01", "58030", "25006",
    ])
    func `what is not the event's fault is tried again`(state: String) {
        #expect(FailureKind(PostgresError(.server(sqlState: state))) == .passing)
    }

    @Test(arguments: [
        PostgresError.Code.connection, .timeout, .poolExhausted, .poolClosed, .commitUnknown, .cancelled,
    ])
    func `trouble with the connection is tried again`(code: PostgresError.Code) {
        #expect(FailureKind(PostgresError(code)) == .passing)
    }

    @Test func `a cancelled task and a failpoint are tried again`() throws {
        #expect(FailureKind(CancellationError()) == .passing)
        let hit = #expect(throws: Failpoints.Hit.self) {
            try Failpoints([.consumerAfterApply: (.throw, 1)]).pass(.consumerAfterApply)
        }
        #expect(FailureKind(try #require(hit)) == .passing)
    }

    @Test func `any other error of a handler parks under its type's name alone`() {
        struct Surprise: Error { var secret = "秘密" }
        #expect(FailureKind(Surprise()) == .lasting(code: "handler", reason: "the reader failed with Surprise"))
    }
}
