import Foundation
import Synchronization

/// What is known of a service's dependencies at this moment.
///
/// Written by the monitor, read by every request.
package final class HealthBoard: Sendable {
    private struct State {
        var dependencies: [Dependency: DependencyState] = [:]
        var hasReachedBroker = false
        var isStopping = false
    }

    private let state: Mutex<State>
    private let clock: any SuiteClock

    /// Makes a board on which nothing is known.
    package init(clock: any SuiteClock = SystemClock()) {
        self.clock = clock
        let unknown = DependencyState(condition: .unknown, since: clock.now)
        state = Mutex(
            State(dependencies: Dictionary(uniqueKeysWithValues: Dependency.allCases.map { ($0, unknown) })))
    }

    /// Whether requests can be answered: the database is there and its tables are as they must be.
    package var canServe: Bool { state.withLock { Self.canServe($0) } }

    /// Whether the service wants requests: it can serve, has reached the broker once, and does not stop.
    ///
    /// A broker that goes away later does not take the service out: commands are answered from the database, and what
    /// they say waits in the outbox.
    package var isReady: Bool {
        state.withLock { Self.canServe($0) && $0.hasReachedBroker && !$0.isStopping }
    }

    /// The readiness and all states.
    package var report: ReadinessReport {
        state.withLock { state in
            ReadinessReport(
                ready: Self.canServe(state) && state.hasReachedBroker && !state.isStopping,
                stopping: state.isStopping,
                dependencies: Dictionary(
                    uniqueKeysWithValues: state.dependencies.map { ($0.key.rawValue, $0.value) }))
        }
    }

    /// Notes how a dependency is.
    ///
    /// - Returns: whether that is a change.
    @discardableResult
    package func note(_ dependency: Dependency, _ condition: DependencyState.Condition, reason: String? = nil) -> Bool {
        state.withLock { state in
            if dependency == .broker && condition == .ready { state.hasReachedBroker = true }
            let present = state.dependencies[dependency]
            guard present?.condition != condition || present?.reason != reason else { return false }
            let isSameCondition = present?.condition == condition
            state.dependencies[dependency] = DependencyState(
                condition: condition, reason: reason,
                since: isSameCondition ? present?.since ?? clock.now : clock.now)
            return !isSameCondition
        }
    }

    /// How a dependency is.
    package func condition(of dependency: Dependency) -> DependencyState.Condition {
        state.withLock { $0.dependencies[dependency]?.condition ?? .unknown }
    }

    /// The service has begun to stop: load balancers should send nothing more.
    package func beginStopping() { state.withLock { $0.isStopping = true } }

    private static func canServe(_ state: State) -> Bool {
        state.dependencies[.database]?.condition == .ready && state.dependencies[.migrations]?.condition == .ready
    }
}

/// The answer of `/readyz`.
package struct ReadinessReport: Codable, Sendable, Hashable {
    /// Whether the service wants requests.
    package let ready: Bool
    /// Whether it is about to end.
    package let stopping: Bool
    /// Each dependency by name.
    package let dependencies: [String: DependencyState]
}
