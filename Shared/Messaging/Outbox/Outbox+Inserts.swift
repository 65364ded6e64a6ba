import Postgres

extension Outbox {
    /// Runs a change that inserts rows which it did not find.
    ///
    /// When another transaction has inserted the same key in the meantime, the change is run again, and finds it. The
    /// body may so run more often than that of `transaction`.
    ///
    /// - Throws: as `transaction` does.
    package func transactionOverInserts<Result: Sendable>(
        _ body: @escaping @Sendable (PostgresTransaction) async throws -> (Result, [OutgoingEvent])
    ) async throws -> Result {
        // Each further round needs yet another transaction that comes between; three are more than were ever seen.
        for _ in 0..<3 {
            do {
                return try await transaction(body)
            } catch let error as PostgresError where error.isUniqueViolation {
                continue
            }
        }
        return try await transaction(body)
    }
}
