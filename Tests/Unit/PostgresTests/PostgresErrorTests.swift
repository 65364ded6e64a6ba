import Postgres
import Testing

@Suite("Errors")
struct PostgresErrorTests {
    @Test(arguments: ["40001", "40P01", "55P03", "57014", "53300", "57P03", "08006"])
    func `what may pass by itself is retriable`(_ state: String) {
        #expect(PostgresError(.server(sqlState: state)).isRetriable)
    }

    @Test(arguments: ["23505", "22001", "42601", "42P01", "25P02", "28P01"])
    func `what stays wrong is not retriable`(_ state: String) {
        #expect(!PostgresError(.server(sqlState: state)).isRetriable)
    }

    @Test func `violations are told apart`() {
        #expect(PostgresError(.server(sqlState: "23505")).isUniqueViolation)
        #expect(PostgresError(.server(sqlState: "23503")).isForeignKeyViolation)
        #expect(PostgresError(.server(sqlState: "23514")).isCheckViolation)
        #expect(PostgresError(.server(sqlState: "23502")).isNotNullViolation)
        #expect(!PostgresError(.server(sqlState: "23514")).isUniqueViolation)
    }

    @Test func `the server's words are for debugging alone`() {
        let error = PostgresError(.server(sqlState: "23505"), detail: "Key (phone)=(13800000000) already exists.")
        #expect(!error.description.contains("138"))
        #expect(error.debugDescription.contains("138"))
        #expect(error.description.contains("23505"))
    }

    @Test(arguments: [("28P01", false), ("3D000", false), ("57P03", true), ("53300", true), ("57P01", true)])
    func `a refused connection is worth another try only if the server may recover`(_ state: String, _ again: Bool) {
        let error = PostgresError(connectMessage: "connection to server at \"10.0.0.1\" failed: FATAL:  \(state)\n")
        #expect(error.sqlState == state)
        #expect(error.isTransientConnectFailure == again)
        #expect(!error.description.contains("10.0.0.1"))
    }

    @Test func `an unreachable server is worth another try`() {
        let error = PostgresError(connectMessage: "connection refused")
        #expect(error.isTransientConnectFailure)
        #expect(error.sqlState == nil)
    }

    @Test func `pauses grow and are bounded`() {
        let limits = (1...20).map { Backoff.transaction.limit(attempt: $0) }
        #expect(limits[0] == .milliseconds(5))
        #expect(limits[1] == .milliseconds(10))
        #expect(zip(limits, limits.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(limits[19] == .milliseconds(500))
        #expect(Backoff.transaction.limit(attempt: .max) == .milliseconds(500))
    }
}
