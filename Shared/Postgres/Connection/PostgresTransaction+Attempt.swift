import Synchronization

extension PostgresTransaction {
    /// How one run of a transaction ended.
    enum Attempt<R> {
        case committed(R)
        /// Rolled back, or of unknown outcome; `mayRetry` when it certainly took no effect and may succeed if run again.
        case failed(any Error, mayRetry: Bool)
    }

    /// Runs `body` in a transaction once.
    nonisolated(nonsending) static func attempt<R>(
        on connection: PostgresConnection, isolation: PostgresIsolation,
        _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> R
    ) async -> Attempt<R> {
        let transaction = PostgresTransaction(connection: connection, isolation: isolation)
        let value: R
        do {
            value = try await body(transaction)
        } catch {
            await transaction.rollBack()
            // A body may wrap the error; what broke the transaction decides.
            let cause = transaction.state.withLock { $0.failure } ?? error as? PostgresError
            return .failed(error, mayRetry: cause?.allowsTransactionRetry ?? false)
        }
        do {
            try await transaction.commit()
            return .committed(value)
        } catch {
            return .failed(error, mayRetry: (error as? PostgresError)?.allowsTransactionRetry ?? false)
        }
    }

    /// Sends what is pending with COMMIT and makes sure that the server has committed.
    private nonisolated(nonsending) func commit() async throws {
        let group: [PostgresStatement]
        do {
            guard let statements = try takeCommit() else { return }
            group = statements
        } catch {
            await rollBack()
            throw error
        }
        let outcome = await connection.run(group)
        guard let failure = outcome.failure else {
            // COMMIT of a transaction that had failed is answered by ROLLBACK, without an error.
            if outcome.results.last?.hasCommandTag("COMMIT") == true { return }
            let cause = state.withLock { $0.failure }
            throw cause ?? PostgresError(.server(sqlState: "25P02"), reason: "the transaction was rolled back")
        }
        // The server's word for COMMIT came before the session ended.
        if outcome.results.count == group.count, outcome.results.last?.hasCommandTag("COMMIT") == true { return }
        if case .server = failure.code {
            // Either COMMIT was not reached, or it failed and the transaction is over.
            if outcome.results.count < group.count - 1 { await sendRollBack() }
            throw failure
        }
        // A session that was ended at an earlier statement cannot have committed.
        let wasEndedEarlier = failure.sqlState != nil && outcome.results.count < group.count - 1
        if !failure.wasSent || wasEndedEarlier { throw failure }
        var unknown = PostgresError(.commitUnknown, detail: failure.detail)
        unknown.sqlState = failure.sqlState
        throw unknown
    }

    /// What is to be sent for the end, `nil` for a transaction that has done nothing.
    private func takeCommit() throws -> [PostgresStatement]? {
        let isEmpty = state.withLock { !$0.isBegun && $0.pending.isEmpty }
        let group = isEmpty ? nil : try take(with: [PostgresStatement("COMMIT")])
        state.withLock { $0.isOver = true }
        return group
    }

    /// Undoes the transaction.
    ///
    /// If that fails the connection is not clean, and is given up by whoever owns it.
    private nonisolated(nonsending) func rollBack() async {
        let isBegun = state.withLock { state in
            defer { state.isOver = true }
            return state.isBegun
        }
        if isBegun, connection.mailbox.condition == .busy { await sendRollBack() }
    }

    private nonisolated(nonsending) func sendRollBack() async {
        // The outcome is not looked at: the connection's condition tells whether the transaction is over.
        _ = await connection.run([PostgresStatement("ROLLBACK")])
    }
}
