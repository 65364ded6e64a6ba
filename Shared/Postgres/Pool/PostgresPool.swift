import Logging
import Synchronization

/// A bounded set of connections that callers share.
///
/// Connections are opened when they are first needed. Callers who find none free wait in order, up to a number and a
/// time. A connection that is lost, or comes back with an open transaction, is closed and replaced. An idle connection
/// that the server has closed is replaced without the caller noticing. While the server is away callers wait for their
/// time, and then get the reason.
package final class PostgresPool: PostgresExecutor {
    typealias Waiter = CheckedContinuation<PostgresConnection, any Error>

    struct State {
        var machine: PoolMachine<PostgresConnection, Waiter>
        /// All connections that are made, for the forced end.
        var members: [ObjectIdentifier: PostgresConnection] = [:]
        var lastWaiterID: UInt64 = 0
        /// When the next look at the waiting callers is due.
        var timer: MonotonicTime?
        /// Resumed when no connection is on loan, or the time for that is over.
        var drainWaiters: [CheckedContinuation<Void, Never>] = []
    }

    let configuration: PostgresConfiguration
    let logger: Logger
    private let acquireTimeout: Duration
    let state: Mutex<State>

    /// Makes a pool; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - configuration: Where to connect.
    ///   - size: Connections at most, 1 and more. The sizes of all pools together must fit into the server's
    ///     `max_connections` with its reserve.
    ///   - waitersMax: Callers who may wait at the same time; further ones get `poolExhausted` at once.
    ///   - acquireTimeout: Longest wait for a connection.
    ///   - logger: For lost connections and failures to connect.
    package init(
        configuration: PostgresConfiguration, size: Int, waitersMax: Int, acquireTimeout: Duration, logger: Logger
    ) {
        self.configuration = configuration
        self.acquireTimeout = acquireTimeout
        self.logger = logger
        state = Mutex(State(machine: PoolMachine(capacity: size, waitersMax: waitersMax)))
    }

    deinit {
        for connection in state.withLock({ $0.members.values }) { connection.mailbox.requestClose() }
    }

    /// Figures for metrics.
    package var statistics: PostgresPoolStatistics {
        state.withLock { state in
            PostgresPoolStatistics(
                open: state.machine.open, idle: state.machine.idleCount, waiting: state.machine.waitingCount,
                acquiredTotal: state.machine.acquiredTotal, timeoutsTotal: state.machine.timeoutsTotal,
                discardedTotal: state.machine.discardedTotal)
        }
    }

    /// Lends a connection to `body`, which must leave it as it was: no open transaction (the connection would be closed),
    /// no changed settings, no locks.
    ///
    /// - Throws: ``PostgresError`` with code `poolExhausted`, `poolClosed`, `connection` or `cancelled` when no connection
    ///   could be had, and what `body` throws.
    nonisolated(nonsending) package func withConnection<R>(
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> R
    ) async throws -> R {
        let connection = try await acquire(within: acquireTimeout)
        defer { release(connection) }
        return try await body(connection)
    }

    /// Runs `body` in a transaction and commits when it returns.
    ///
    /// `body` is run again, on a connection that works, when the transaction fell by a deadlock, a serialisation failure
    /// (40P01, 40001) or a connection lost before COMMIT was sent; so its effects outside the transaction must bear
    /// repeating. Errors that `body` swallows do not pass: a transaction that the server rolled back throws its first one.
    ///
    /// - Parameters:
    ///   - isolation: How much the transaction sees of others.
    ///   - attempts: Runs of `body` at most, 1 and more.
    /// - Throws: What `body` throws; ``PostgresError``, with code `commitUnknown` when the connection was lost after COMMIT
    ///   was sent.
    nonisolated(nonsending) package func withTransaction<R>(
        isolation: PostgresIsolation = .readCommitted, attempts: Int = 5,
        _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> R
    ) async throws -> R {
        var attempt = 1
        while true {
            let connection = try await acquire(within: acquireTimeout)
            let outcome = await PostgresTransaction.attempt(on: connection, isolation: isolation, body)
            release(connection)
            switch outcome {
            case .committed(let value): return value
            case .failed(let error, let mayRetry):
                guard mayRetry, attempt < attempts else { throw error }
                try await Backoff.transaction.pause(attempt: attempt)
                attempt += 1
            }
        }
    }

    /// Runs one statement on a free connection, see ``PostgresExecutor/query(_:)``.
    package func query(_ statement: PostgresStatement) async throws -> PostgresResult {
        try await withReplacement { try await $0.query(statement) }
    }

    /// Runs statements in one round trip and one implicit transaction, see ``PostgresExecutor/pipeline(_:)``.
    package func pipeline(_ statements: [PostgresStatement]) async throws -> [PostgresResult] {
        try await withReplacement { try await $0.pipeline(statements) }
    }

    /// Asks the server for a sign of life, over a connection of the pool.
    ///
    /// - Throws: ``PostgresError`` when none came within `timeout`.
    package func ping(timeout: Duration) async throws {
        let deadline = MonotonicTime.now() + timeout
        let connection = try await acquire(within: timeout)
        defer { release(connection) }
        let rest = max(.milliseconds(1), deadline.since(.now()))
        _ = try await connection.perform(.statements([PostgresStatement("SELECT 1")]), patience: rest).get()
    }

    /// Runs `body` again when it can have had no effect: nothing was sent, or the server refused an outdated plan.
    private nonisolated(nonsending) func withReplacement<R>(
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> R
    ) async throws -> R {
        var attempt = 1
        while true {
            do {
                return try await withConnection(body)
            } catch let error as PostgresError where attempt < 5 && error.isEffectless {
                attempt += 1
            }
        }
    }
}

extension PostgresError {
    /// Whether a statement outside a transaction certainly had no effect and would work on another connection.
    fileprivate var isEffectless: Bool {
        isStaleStatement || (code == .connection && !wasSent)
    }
}
