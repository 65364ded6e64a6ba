import Models
import Postgres

/// What is written beside the events of a change and the acts of an operator, in their transaction: with them or not at
/// all.
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

    /// Enqueues statements that tell of what an operator does to the messaging itself, of which no event tells.
    ///
    /// - Parameters:
    ///   - act: what was done.
    ///   - transaction: the transaction of the act.
    func accompany(_ act: OperatorAct, in transaction: PostgresTransaction)
}

/// Why events are written.
package enum OutboxOccasion: Sendable {
    /// Something has changed.
    case change
    /// A reader that came late asked for the present; nothing has changed.
    case announcement
}

/// What an operator does to the messaging of a service.
package enum OperatorAct: Sendable, Equatable {
    /// Passes over a parked event with a reason.
    case skippedParked(id: Int64)
    /// Has a parked event applied after all.
    case appliedParked(id: Int64, reader: String)
    /// Closes the days of the outbox up to and with this one.
    case closedDays(through: CalendarDay)
}
