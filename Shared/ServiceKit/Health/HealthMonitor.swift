import Logging
import Messaging

/// Looks at the dependencies again and again, each in its own pace: with growing waits while it is away, in a steady beat
/// while it is there.
package struct HealthMonitor: Sendable {
    /// One look at a dependency; throws when it is not ready.
    package typealias Probe = @Sendable () async throws -> Void

    /// A reason that may be shown.
    package struct Unavailable: Error {
        let reason: String

        /// Names a reason that holds no address and no credentials.
        package init(reason: String) { self.reason = reason }
    }

    private let board: HealthBoard
    private let probes: [Dependency: Probe]
    /// Waits while a dependency is away.
    private let waits: ClosedRange<Duration>
    /// The beat while it is there.
    private let beat: Duration
    private let logger: Logger

    /// Makes a monitor.
    ///
    /// - Parameters:
    ///   - board: where it notes what it finds.
    ///   - probes: one look for each dependency.
    ///   - waits: the waits while a dependency is away.
    ///   - beat: the wait while it is there.
    ///   - logger: for changes.
    package init(
        board: HealthBoard, probes: [Dependency: Probe],
        waits: ClosedRange<Duration> = .milliseconds(50)...(.seconds(2)), beat: Duration = .seconds(2), logger: Logger
    ) {
        self.board = board
        self.probes = probes
        self.waits = waits
        self.beat = beat
        self.logger = logger
    }

    /// Looks until the task is cancelled.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            for (dependency, probe) in probes { group.addTask { await watch(dependency, probe) } }
        }
    }

    private func watch(_ dependency: Dependency, _ probe: Probe) async {
        var backoff = Backoff(waits)
        while !Task.isCancelled {
            let pause: Duration
            do {
                try await probe()
                note(dependency, .ready, reason: nil)
                backoff.reset()
                pause = beat
            } catch {
                guard !Task.isCancelled else { return }
                note(dependency, .unavailable, reason: Self.reason(error))
                pause = backoff.next()
            }
            // A cancelled sleep ends the loop above.
            try? await Task.sleep(for: pause)
        }
    }

    private func note(_ dependency: Dependency, _ condition: DependencyState.Condition, reason: String?) {
        guard board.note(dependency, condition, reason: reason) else { return }
        var metadata: Logger.Metadata = ["dependency": .string(dependency.rawValue)]
        if let reason { metadata["reason"] = .string(reason) }
        logger.log(
            level: condition == .ready ? .notice : .warning, "dependency is \(condition.rawValue)", metadata: metadata)
    }

    private static func reason(_ error: any Error) -> String {
        (error as? Unavailable)?.reason ?? ErrorNaming.safe(error)
    }
}
