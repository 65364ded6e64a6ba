import Foundation
import Logging
import ServiceLifecycle

/// The HTTP server; when it is told to stop, readiness goes first, and a process that does not end in time is ended.
struct StoppingServer<Server: ServiceLifecycle.Service>: ServiceLifecycle.Service {
    let server: Server
    let board: HealthBoard
    let sweep: @Sendable () async -> Void
    let deadline: Duration
    let logger: Logger

    func run() async throws {
        let sweeper = Task { await sweep() }
        defer { sweeper.cancel() }
        try await withGracefulShutdownHandler {
            try await server.run()
        } onGracefulShutdown: {
            logger.notice("stopping")
            board.beginStopping()
            ProcessEnd.arm(after: deadline + .seconds(2))
        }
    }
}

/// The last resort when work does not end although it was asked to and cancelled.
enum ProcessEnd {
    /// Ends the process after a time, unless it has ended by then.
    static func arm(after delay: Duration) {
        Task.detached {
            // Never cancelled: nobody holds the task.
            try? await Task.sleep(for: delay)
            StandardError.write("stopping took too long; the process is ended\n", to: 2)
            _exit(ExitCode.software.rawValue)
        }
    }
}
