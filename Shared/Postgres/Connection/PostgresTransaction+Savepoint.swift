import Synchronization

extension PostgresTransaction {
    /// Runs `body` so that its failure undoes its own statements alone, and the transaction can go on.
    ///
    /// Statements that `body` enqueues are sent before this returns, so their errors belong to it. May be nested.
    ///
    /// - Throws: What `body` throws, after its statements were undone.
    nonisolated(nonsending) package func savepoint<R>(
        _ body: nonisolated(nonsending) () async throws -> R
    ) async throws -> R {
        // What was enqueued before must not fail inside.
        if state.withLock({ !$0.pending.isEmpty }) { try await flush() }
        let (name, place, failure) = state.withLock { state in
            state.savepointCount += 1
            return ("savepoint_\(state.savepointCount)", state.enqueuedCount, state.failure)
        }
        enqueue("SAVEPOINT \(unescaped: name)")
        do {
            let value = try await body()
            try await release(name, place: place)
            return value
        } catch {
            try await undo(name, place: place, earlierFailure: failure, cause: error)
            throw error
        }
    }

    private nonisolated(nonsending) func release(_ name: String, place: Int) async throws {
        let statement: PostgresStatement = "RELEASE SAVEPOINT \(unescaped: name)"
        let hasPending = state.withLock { state in
            // Nothing was enqueued inside and nothing was sent: the savepoint itself need not be sent either.
            if state.enqueuedCount == place + 1, state.pending.count == 1 { state.drop(downTo: place) }
            return !state.pending.isEmpty
        }
        if hasPending {
            try await send([statement])
        } else if wasSent(place) {
            enqueue(statement)
        }
    }

    private nonisolated(nonsending) func undo(
        _ name: String, place: Int, earlierFailure: PostgresError?, cause: any Error
    ) async throws {
        guard wasSent(place) else {
            state.withLock { state in
                state.drop(downTo: place)
                state.refusal = nil
                state.failure = earlierFailure
            }
            return
        }
        state.withLock { state in
            state.pending.removeAll()
            state.refusal = nil
        }
        do {
            try await send([
                "ROLLBACK TO SAVEPOINT \(unescaped: name)", "RELEASE SAVEPOINT \(unescaped: name)",
            ])
            state.withLock { $0.failure = earlierFailure }
        } catch {
            // The transaction is lost as a whole; what began it is worth more than that the undoing failed too.
            throw cause
        }
    }

    /// Whether the statement that was enqueued as number `place` (from 0) has been sent.
    private func wasSent(_ place: Int) -> Bool {
        state.withLock { $0.enqueuedCount - $0.pending.count > place }
    }
}

extension PostgresTransaction.State {
    /// Forgets pending statements from number `place` on.
    fileprivate mutating func drop(downTo place: Int) {
        let surplus = enqueuedCount - place
        pending.removeLast(min(max(0, surplus), pending.count))
        enqueuedCount = place
    }
}
