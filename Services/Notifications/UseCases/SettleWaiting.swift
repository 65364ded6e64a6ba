import Foundation

/// Settles, again and again, what waits for somebody to take up a post.
///
/// An incident and the staffing of its grid come on two topics. When both are applied in the same moment, neither
/// transaction sees the other, and the message stays waiting though the post is held: this finds it.
package struct SettleWaiting: Sendable {
    private let deliveries: any WaitingDeliveries
    private let watcher: InboxWatcher
    private let interval: Duration
    private let now: @Sendable () -> Date

    /// Settles with the time of a clock.
    package init(
        deliveries: any WaitingDeliveries, watcher: InboxWatcher, interval: Duration = .seconds(1),
        now: @escaping @Sendable () -> Date
    ) {
        self.deliveries = deliveries
        self.watcher = watcher
        self.interval = interval
        self.now = now
    }

    /// Runs until the task is cancelled.
    package func run() async throws {
        while !Task.isCancelled {
            if try await deliveries.settle(at: now()) { watcher.wake() }
            try await Task.sleep(for: interval)
        }
    }
}
