import Synchronization

/// An open transaction, for the time of the closure that received it.
///
/// BEGIN travels with the first statement and COMMIT with what was enqueued last, so a transaction of one awaited
/// statement takes two round trips and one of enqueued statements alone takes one. Meant for one task at a time.
package final class PostgresTransaction: PostgresExecutor {
    struct State {
        /// What is sent ahead of the next awaited statement.
        var pending: [PostgresStatement] = []
        var isBegun = false
        var isOver = false
        /// Statements ever enqueued, for savepoints to know whether theirs was sent.
        var enqueuedCount = 0
        var savepointCount = 0
        /// What broke the transaction; COMMIT will be answered by ROLLBACK.
        var failure: PostgresError?
        /// Why an enqueued statement cannot be sent.
        var refusal: PostgresError?
    }

    let connection: PostgresConnection
    private let isolation: PostgresIsolation
    let state = Mutex(State())

    init(connection: PostgresConnection, isolation: PostgresIsolation) {
        self.connection = connection
        self.isolation = isolation
    }

    /// Adds a statement that is sent with the next awaited one, or with COMMIT.
    ///
    /// Its result is dropped; its error is thrown by that next one or by the end of the transaction. Must not be called
    /// after the transaction's closure has returned.
    package func enqueue(_ statement: PostgresStatement) {
        let refusal: PostgresError?
        do {
            try statement.checkParameters()
            refusal = nil
        } catch {
            refusal = error
        }
        state.withLock { state in
            precondition(!state.isOver, "a transaction was used after its end")
            if state.refusal == nil { state.refusal = refusal }
            state.pending.append(statement)
            state.enqueuedCount += 1
        }
    }

    /// Runs what was enqueued and then the statement, see ``PostgresExecutor/query(_:)``.
    package func query(_ statement: PostgresStatement) async throws -> PostgresResult {
        try statement.checkParameters()
        guard let result = try await send([statement]).last else {
            throw PostgresError(.protocolViolation, reason: "no result")
        }
        return result
    }

    /// Runs what was enqueued and then the statements, in one round trip.
    package func pipeline(_ statements: [PostgresStatement]) async throws -> [PostgresResult] {
        for statement in statements { try statement.checkParameters() }
        return Array(try await send(statements).suffix(statements.count))
    }

    /// Runs what was enqueued, and throws its error here instead of later.
    package func flush() async throws {
        _ = try await send([])
    }

    /// Sends what was enqueued and `statements` and returns the results of all of them.
    @discardableResult
    func send(_ statements: [PostgresStatement]) async throws -> [PostgresResult] {
        let group = try take(with: statements)
        return group.isEmpty ? [] : try await run(group)
    }

    /// Begins the transaction if it was not yet, and sends what was enqueued.
    func begin() async throws {
        let group = try take(with: [], begins: true)
        if !group.isEmpty { _ = try await run(group) }
    }

    private func run(_ group: [PostgresStatement]) async throws -> [PostgresResult] {
        let outcome = await connection.run(group)
        if let failure = outcome.failure {
            note(failure)
            throw failure
        }
        return outcome.results
    }

    /// Remembers what broke the transaction.
    ///
    /// What follows is refused with 25P02, which says nothing: the first error counts.
    func note(_ failure: PostgresError) {
        state.withLock { state in
            if state.failure == nil { state.failure = failure }
        }
    }

    /// Takes what is to be sent: BEGIN if it was not yet, what was enqueued, and `statements`.
    func take(with statements: [PostgresStatement], begins: Bool = false) throws -> [PostgresStatement] {
        try state.withLock { state in
            guard !state.isOver else {
                throw PostgresError(.protocolViolation, reason: "a transaction was used after its end")
            }
            if let refusal = state.refusal {
                state.failure = refusal
                throw refusal
            }
            let beginsNow = begins && !state.isBegun
            guard beginsNow || !statements.isEmpty || !state.pending.isEmpty else { return [] }
            defer {
                state.pending.removeAll()
                state.isBegun = true
            }
            return (state.isBegun ? [] : [isolation.begin] + PostgresTaskSetting.statements) + state.pending
                + statements
        }
    }
}
