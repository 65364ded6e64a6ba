import Models

/// Reads an inbox, newest first, with the number of messages that are not read yet.
package struct ReadInbox: Sendable {
    private let store: any InboxStore

    /// Reads from a store.
    package init(store: any InboxStore) { self.store = store }

    /// A part of the inbox before a message.
    package func callAsFunction(
        _ person: PersonID, scope: ScopeFilter, before sequence: Int64?, limit: Int
    ) async throws -> (deliveries: [Delivery], unread: Int) {
        // Unread first: a message that comes between the two is then listed and merely not counted yet.
        let unread = try await store.unread(of: person, scope: scope)
        return (try await store.newest(of: person, scope: scope, before: sequence, limit: limit), unread)
    }
}
