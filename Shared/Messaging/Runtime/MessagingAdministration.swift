import Foundation
import Models
import Postgres

/// What an operator can ask of a service's messaging: figures, parked events, sending again.
package struct MessagingAdministration: Sendable {
    private let desk: ParkingDesk
    private let audit: AuditStore
    private let pool: PostgresPool
    private let outbox: Outbox
    private let relay: Relay
    private let source: String
    private let handlers: [any EventHandler]
    private let responder: ReplayResponder

    init(
        pool: PostgresPool, outbox: Outbox, relay: Relay, source: String, handlers: [any EventHandler],
        responder: ReplayResponder
    ) {
        self.pool = pool
        self.outbox = outbox
        self.relay = relay
        desk = ParkingDesk(pool: pool, outbox: outbox, handlers: handlers)
        audit = AuditStore(pool: pool)
        self.source = source
        self.handlers = handlers
        self.responder = responder
    }

    /// This service's side of the audit.
    package func auditFigures() async throws -> AuditFigures {
        try await audit.figures(
            source: source,
            subscriptions: handlers.flatMap { handler in
                handler.topics.map { AuditFigures.Subscription(consumer: handler.name, topic: $0.name) }
            })
    }

    /// Parked events by id.
    ///
    /// - Parameters:
    ///   - consumer: one reader, or nil for all.
    ///   - limit: 1 to 1 000.
    ///   - after: the last id of the page before.
    package func parked(consumer: String?, limit: Int, after: Int64?) async throws -> [ParkedEvent] {
        try await desk.list(consumer: consumer, after: after ?? 0, limit: min(max(limit, 1), 1000))
    }

    /// Tries a parked event again, and those behind it.
    ///
    /// - Throws: `ParkingRefusal`.
    package func retryParked(id: Int64) async throws -> RetryOutcome { try await desk.retry(id: id) }

    /// Passes over a parked event with a reason, and applies those behind it.
    ///
    /// - Throws: `ParkingRefusal`.
    package func skipParked(id: Int64, reason: String) async throws -> RetryOutcome {
        try await desk.skip(id: id, reason: reason)
    }

    /// How many records a call of `replay` sends at most.
    package static let replayRecordsMax = GapTracker.rangeMax

    /// Sends a range of a lane of this service again; readers that have seen it skip it.
    ///
    /// - Parameters:
    ///   - topic: the topic's name without prefix.
    ///   - lane: the lane.
    ///   - from: the first number, 1 or more.
    ///   - through: the last number; at most `replayRecordsMax` numbers, what is beyond is left out.
    package func replay(topic: String, lane: Int, from: Int64, through: Int64) async throws {
        try await responder.resend(
            ReplayMessage(
                kind: .resend, source: source, topic: topic, lane: lane, from: from, through: through,
                at: .distantFuture))
    }

    /// Closes days: an audit was clean after their end, so that they may go when the retention is over.
    ///
    /// - Parameter day: the last day to close, in UTC; nil for the last one that can be.
    /// - Returns: the last closed day.
    /// - Throws: `DayNotOver` for a day that ended less than an hour ago: a transaction that began in it may still write.
    package func closeDays(through day: CalendarDay?) async throws -> CalendarDay {
        try await pool.withTransaction { transaction in
            let row = try await transaction.query(
                """
                with d as (select (now() at time zone 'UTC' - interval '1 hour')::date - 1 as last_over),
                asked as (select coalesce(\(day?.description)::date, last_over) as through, last_over from d),
                closed as (insert into messaging.closed_days (through) select through from asked where through <= last_over
                           on conflict do nothing)
                select through::text as through, last_over::text as last_over, through <= last_over as is_over from asked
                """
            ).rows.first
            guard let row, let through = CalendarDay(try row.decode("through", as: String.self)),
                let lastOver = CalendarDay(try row.decode("last_over", as: String.self))
            else { throw DayNotOver(lastOver: nil) }
            guard try row.decode("is_over", as: Bool.self) else { throw DayNotOver(lastOver: lastOver) }
            outbox.note(.closedDays(through: through), in: transaction)
            return through
        }
    }

    /// Takes up a database that was restored into another cluster.
    ///
    /// - Parameter seen: how far the readers of all services have seen this service's lanes, from their audit figures.
    /// - Throws: `RebaseRefusal`, where going on could lose or repeat events.
    package func rebaseRelay(seen: [TopicLane: Int64]) async throws { try await relay.rebase(seen: seen) }
}

/// A day of the outbox cannot be closed, because something may still be written into it.
package struct DayNotOver: Error, Equatable, Sendable {
    /// The last day that can be closed, in UTC.
    package let lastOver: CalendarDay?
}
