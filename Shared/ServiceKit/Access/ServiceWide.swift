import Messaging
import Models
import Postgres

/// A reader that sees every row, in whatever task it is run: the transaction that it is given was begun by others.
package struct ServiceWideHandler: EventHandler {
    private let inner: any EventHandler

    /// Wraps a reader.
    package init(inner: any EventHandler) { self.inner = inner }

    package var name: String { inner.name }
    package var topics: [Topic] { inner.topics }

    package func apply(_ events: [ReceivedEvent], in transaction: PostgresTransaction) async throws -> [OutgoingEvent] {
        RowScope.openService(transaction)
        return try await inner.apply(events, in: transaction)
    }
}

/// An announcer that sees every row, in whatever task it is run.
struct ServiceWideAnnouncer: Announcer {
    let inner: any Announcer

    var topics: [Topic] { inner.topics }

    func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        RowScope.openService(transaction)
        return try await inner.announce(topic, after: cursor, limit: limit, in: transaction)
    }
}
