import Postgres

/// What is written beside the events of a change, in its transaction: with them or not at all.
package protocol OutboxCompanion: Sendable {
    /// Enqueues statements that tell of events.
    ///
    /// It is called in the transaction after the events were enqueued, in the task of whoever makes the change, and may
    /// be called again when the transaction is run again. It must not wait.
    ///
    /// - Parameters:
    ///   - events: the events, at least one.
    ///   - occasion: why they are written.
    ///   - transaction: the transaction of the change.
    func accompany(_ events: [OutgoingEvent], on occasion: OutboxOccasion, in transaction: PostgresTransaction)
}

/// Why events are written.
package enum OutboxOccasion: Sendable {
    /// Something has changed.
    case change
    /// A reader that came late asked for the present; nothing has changed.
    case announcement
}
