import Logging

/// A connection to the database, on a thread of its own.
///
/// Safe to use from any task; concurrent requests are sent one behind the other without waiting for answers between them.
/// Session state (settings, advisory locks, temporary tables) belongs to the connection: whoever changes it on a
/// connection of a pool puts it back. Closed when the last reference goes, or by ``close()``.
package final class PostgresConnection: PostgresExecutor {
    let mailbox: Mailbox
    /// Where the connection was made to.
    package let configuration: PostgresConfiguration
    /// The process that serves the connection, as in `pg_stat_activity.pid`.
    package let backendPID: Int32

    private init(mailbox: Mailbox, configuration: PostgresConfiguration, backendPID: Int32) {
        self.mailbox = mailbox
        self.configuration = configuration
        self.backendPID = backendPID
    }

    deinit {
        mailbox.requestClose()
    }

    /// Connects and authenticates within `connectTimeout`.
    ///
    /// - Throws: ``PostgresError`` with code `connection` or `timeout`.
    package static func connect(
        _ configuration: PostgresConfiguration, logger: Logger = Logger(label: "postgres")
    ) async throws -> PostgresConnection {
        try await connect(configuration, logger: logger, onBroken: {})
    }

    /// As ``connect(_:logger:)``; `onBroken` is called on the connection's thread when it is lost or closed.
    static func connect(
        _ configuration: PostgresConfiguration, logger: Logger, onBroken: @escaping @Sendable () -> Void
    ) async throws -> PostgresConnection {
        let mailbox = try Mailbox()
        let backendPID: Int32 = try await withCheckedThrowingContinuation { continuation in
            do {
                try ConnectionThread.start {
                    let worker = ConnectionWorker(
                        configuration: configuration, mailbox: mailbox, logger: logger, onBroken: onBroken)
                    worker.run { continuation.resume(with: $0) }
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        return PostgresConnection(mailbox: mailbox, configuration: configuration, backendPID: backendPID)
    }

    /// Whether the connection was neither lost nor closed, as far as is known without asking.
    package var isOpen: Bool { mailbox.condition != .broken }

    /// Closes the connection and returns when it is closed.
    ///
    /// Requests on their way fail.
    package func close() async {
        mailbox.requestClose()
        await mailbox.waitUntilOver()
    }

    /// Runs one statement, see ``PostgresExecutor/query(_:)``.
    package func query(_ statement: PostgresStatement) async throws -> PostgresResult {
        try statement.checkParameters()
        let outcome = await run(PostgresTaskSetting.statements + [statement])
        if let failure = outcome.failure { throw failure }
        guard let result = outcome.results.last else { throw PostgresError(.protocolViolation, reason: "no result") }
        return result
    }

    /// Runs statements in one round trip, see ``PostgresExecutor/pipeline(_:)``.
    package func pipeline(_ statements: [PostgresStatement]) async throws -> [PostgresResult] {
        for statement in statements { try statement.checkParameters() }
        guard !statements.isEmpty else { return [] }
        return Array(try await run(PostgresTaskSetting.statements + statements).get().suffix(statements.count))
    }

    /// Runs a script: statements separated by semicolons, without values.
    ///
    /// Unless it says otherwise the script is one transaction. Results are dropped. Leaves pipeline mode for its
    /// duration, so it waits for requests on their way.
    ///
    /// - Parameter timeout: Longest silence of the server; the server's own `statement_timeout` applies as well.
    /// - Throws: ``PostgresError``.
    package func script(_ sql: String, timeout: Duration? = nil) async throws {
        try PostgresStatement(sql).checkParameters()
        _ = try await perform(.script(sql), patience: timeout ?? patience).get()
    }

    /// Runs `body` in a transaction and commits when it returns, see
    /// ``PostgresPool/withTransaction(isolation:attempts:_:)``.
    ///
    /// A lost connection is not replaced.
    nonisolated(nonsending) package func withTransaction<R>(
        isolation: PostgresIsolation = .readCommitted, attempts: Int = 5,
        _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> R
    ) async throws -> R {
        var attempt = 1
        while true {
            switch await PostgresTransaction.attempt(on: self, isolation: isolation, body) {
            case .committed(let value): return value
            case .failed(let error, let mayRetry):
                guard mayRetry, isOpen, attempt < attempts else { throw error }
                try await Backoff.transaction.pause(attempt: attempt)
                attempt += 1
            }
        }
    }

    /// How long a silent server is borne with a statement: its own limit and some time for the answer to arrive.
    var patience: Duration { configuration.statementTimeout + PostgresConfiguration.answerGrace }

    /// Runs a group of statements that were checked.
    func run(_ statements: [PostgresStatement]) async -> ExchangeOutcome {
        await perform(.statements(statements), patience: patience)
    }

    /// Hands a request to the thread and awaits its completion.
    func perform(_ kind: Exchange.Kind, patience: Duration) async -> ExchangeOutcome {
        await withCheckedContinuation { continuation in
            mailbox.submit(Exchange(kind: kind, patience: patience, continuation: continuation))
        }
    }
}
