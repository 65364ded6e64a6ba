import Foundation
import Models

/// Marks a message of an inbox as read.
package struct MarkRead: Sendable {
    private let store: any InboxStore
    private let now: @Sendable () -> Date

    /// Marks in a store, with the time of a clock.
    package init(store: any InboxStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Marks it; again changes nothing.
    ///
    /// - Returns: false when there is no such message.
    package func callAsFunction(
        _ sequence: Int64, of person: PersonID, scope: ScopeFilter
    ) async throws -> Bool {
        try await store.markRead(sequence, of: person, scope: scope, at: now())
    }
}
