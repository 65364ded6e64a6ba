/// Something that runs statements: a connection, a transaction or a pool.
///
/// Safe to call from any task. Requests to the same connection are answered in the order in which they were made.
package protocol PostgresExecutor: Sendable {
    /// Runs one statement and returns its result.
    ///
    /// Not interrupted by cancellation: a statement that was sent is awaited until its deadline.
    ///
    /// - Throws: ``PostgresError``.
    func query(_ statement: PostgresStatement) async throws -> PostgresResult

    /// Runs statements in one round trip and returns their results in order.
    ///
    /// Outside a transaction they are one: all take effect or none (libpq documentation, 34.5.1.1).
    ///
    /// - Throws: ``PostgresError`` of the first statement that failed; those after it were not run.
    func pipeline(_ statements: [PostgresStatement]) async throws -> [PostgresResult]
}

/// How much a transaction sees of others (PostgreSQL documentation, 13.2).
package enum PostgresIsolation: Sendable, Hashable {
    /// Each statement sees what was committed before it began.
    case readCommitted
    /// All statements see what was committed before the first one; conflicting changes fail with 40001.
    case repeatableRead
    /// As if transactions ran one after another; those that cannot fail with 40001.
    case serializable

    var begin: PostgresStatement {
        switch self {
        case .readCommitted: PostgresStatement("BEGIN ISOLATION LEVEL READ COMMITTED")
        case .repeatableRead: PostgresStatement("BEGIN ISOLATION LEVEL REPEATABLE READ")
        case .serializable: PostgresStatement("BEGIN ISOLATION LEVEL SERIALIZABLE")
        }
    }
}
