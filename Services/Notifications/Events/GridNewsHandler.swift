import Messaging
import Models
import Postgres

/// Reads grids, incidents and bookings, and tells people.
package struct GridNewsHandler: EventHandler {
    package let name = "notifications"
    package let topics = [Topic.grid, Topic.incident, Topic.booking]
    private let keepStaffing: KeepGridStaffing
    private let tell: TellNews
    private let forget: ForgetReporters
    private let watcher: InboxWatcher
    private let ledger: @Sendable (PostgresTransaction) -> any DeliveryLedger

    /// Hands what a batch says to use cases.
    ///
    /// - Parameters:
    ///   - keepStaffing: keeps who works where.
    ///   - tell: tells people of what happened.
    ///   - forget: forgets reporters.
    ///   - watcher: wakes those who follow their inboxes.
    ///   - ledger: the ledger within the transaction of a batch.
    package init(
        keepStaffing: KeepGridStaffing, tell: TellNews, forget: ForgetReporters, watcher: InboxWatcher,
        ledger: @escaping @Sendable (PostgresTransaction) -> any DeliveryLedger
    ) {
        self.keepStaffing = keepStaffing
        self.tell = tell
        self.forget = forget
        self.watcher = watcher
        self.ledger = ledger
    }

    package func apply(
        _ events: [ReceivedEvent], in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        let found = try GridNewsEvents(events)
        let ledger = ledger(transaction)
        try await keepStaffing(found.staffing, in: ledger)
        try await tell(found.news, in: ledger)
        // After the news: what was told in the same batch is forgotten too.
        try await forget(found.unreported, in: ledger)
        watcher.wake()
        return []
    }
}
