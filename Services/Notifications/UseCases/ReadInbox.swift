import Foundation
import Models

/// Reads an inbox, newest first, with the number of messages that are not read yet.
package struct ReadInbox: Sendable {
    private let store: any InboxStore
    private let now: @Sendable () -> Date

    /// Reads from a store, with a clock that says what sleeps.
    package init(store: any InboxStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// A part of the inbox before a message.
    package func callAsFunction(
        _ person: PersonID, in box: InboxBox = .inbox, scope: ScopeFilter, before sequence: Int64?, limit: Int
    ) async throws -> (deliveries: [Delivery], unread: Int) {
        // Unread first: a message that comes between the two is then listed and merely not counted yet.
        let unread = try await store.unread(of: person, scope: scope)
        let newest = try await store.newest(
            of: person, in: box, scope: scope, before: sequence, limit: limit, at: now())
        return (newest, unread)
    }

    /// How many messages are in each part of the inbox.
    package func counts(_ person: PersonID, scope: ScopeFilter) async throws -> InboxCounts {
        try await store.counts(of: person, scope: scope, at: now())
    }
}
