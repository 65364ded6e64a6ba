import Models

/// Follows an inbox live.
package struct FollowInbox: Sendable {
    /// How many messages are read at once.
    private static let pageSize = 100
    private let store: any InboxStore
    private let watcher: InboxWatcher

    /// Follows with a watcher, which must be running.
    package init(store: any InboxStore, watcher: InboxWatcher) {
        self.store = store
        self.watcher = watcher
    }

    /// Hands on every message after one, oldest first, until nobody takes them or the task is cancelled.
    ///
    /// - Parameters:
    ///   - sequence: the last message seen; nil for all that come from now on.
    ///   - scope: what the reader may see.
    ///   - hand: takes a message; false when nobody listens any more.
    package func callAsFunction(
        _ person: PersonID, scope: ScopeFilter, after sequence: Int64?, hand: @Sendable (Delivery) -> Bool
    ) async throws {
        var last: Int64
        if let sequence {
            last = sequence
        } else {
            last = try await store.heads(of: [person])[person] ?? 0
        }
        while !Task.isCancelled {
            let fresh = try await store.following(last, of: person, scope: scope, limit: Self.pageSize)
            for delivery in fresh {
                guard hand(delivery) else { return }
                last = delivery.sequence
            }
            if fresh.count < Self.pageSize { await watcher.wait(for: person, after: last) }
        }
    }
}
