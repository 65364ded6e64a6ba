import Kafka
import Logging
import Messaging
import Postgres
import ServiceLifecycle

/// Closes the database pool when everything that uses it has ended.
struct PoolCloser: Service {
    let pool: PostgresPool
    let deadline: Duration

    func run() async throws {
        try? await gracefulShutdown()  // Cancelled instead of asked: the pool is closed just the same.
        await pool.shutdown(deadline: deadline)
    }
}

/// Closes the producer when the relay has ended.
struct ProducerCloser: Service {
    let producer: KafkaProducer
    let deadline: Duration

    func run() async throws {
        try? await gracefulShutdown()  // Cancelled instead of asked: the producer is closed just the same.
        await producer.close(deadline: deadline)
    }
}

/// Runs relay and readers once the database can be used; at the end readers finish first, then the relay sends the rest.
struct MessagingPart: Service {
    let runtime: MessagingRuntime
    let board: HealthBoard
    let deadline: Duration

    func run() async throws {
        let work = Task {
            try await board.waitUntilServing()
            try await runtime.run()
        }
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                do {
                    try await work.value
                } catch {
                    // Ended because we asked it to; anything else is a failure that must end the process.
                    guard work.isCancelled else { throw error }
                }
            } onGracefulShutdown: {
                Task {
                    await runtime.stopReading(deadline: deadline)
                    work.cancel()
                }
            }
        } onCancel: {
            work.cancel()
        }
    }
}

/// Runs a piece of work beside the requests, beginning it again with growing waits when it fails.
struct BackgroundPart: Service {
    let work: BackgroundWork
    let board: HealthBoard
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await repeatedly() }
    }

    private func repeatedly() async {
        var backoff = Backoff(.milliseconds(100)...(.seconds(30)))
        while !Task.isCancelled {
            do {
                try await board.waitUntilServing()
                try await RowScope.service { try await work.run() }
                return
            } catch {
                guard !Task.isCancelled else { return }
                logger.error(
                    "background work failed",
                    metadata: ["work": .string(work.name), "error": .string(ErrorNaming.safe(error))])
                // A cancelled sleep ends the loop above.
                try? await Task.sleep(for: backoff.next())
            }
        }
    }
}

/// Runs something until the service stops.
struct LoopPart: Service {
    let loop: @Sendable () async -> Void

    func run() async throws { await cancelWhenGracefulShutdown { await loop() } }
}

extension HealthBoard {
    /// Waits until the database and its tables can be used.
    ///
    /// - Throws: `CancellationError`.
    func waitUntilServing() async throws {
        while !canServe { try await Task.sleep(for: .milliseconds(20)) }
    }
}
