import Foundation
import Models
import Postgres

/// The transactional outbox of a service: what it says to others is written with what it changes, or not at all.
package final class Outbox: Sendable {
    /// Wakes the relay of this process.
    package let signal: RelaySignal
    private let pool: PostgresPool
    private let companion: (any OutboxCompanion)?

    /// Makes the outbox over a service's pool.
    ///
    /// - Parameters:
    ///   - pool: the service's pool.
    ///   - signal: what wakes the relay.
    ///   - companion: what else is written with every event, in its transaction.
    package init(
        pool: PostgresPool, signal: RelaySignal = RelaySignal(), companion: (any OutboxCompanion)? = nil
    ) {
        self.pool = pool
        self.signal = signal
        self.companion = companion
    }

    /// Runs a change in a transaction, writes the events that it returns in the same transaction, and wakes the relay
    /// once it has committed.
    ///
    /// The body must lock the aggregate's row before it returns an event of it, so that positions follow the locks. It
    /// may run more than once (deadlock, serialisation failure).
    ///
    /// - Throws: what the body throws, or a `PostgresError`; `commitUnknown` when the answer to COMMIT was lost.
    package func transaction<Result: Sendable>(
        on occasion: OutboxOccasion = .change,
        _ body: @escaping @Sendable (PostgresTransaction) async throws -> (Result, [OutgoingEvent])
    ) async throws -> Result {
        let (result, count) = try await pool.withTransaction { transaction in
            let (result, events) = try await body(transaction)
            self.enqueue(events, on: occasion, in: transaction)
            return (result, events.count)
        }
        if count > 0 { wakeRelay() }
        return result
    }

    /// Writes events in a transaction that the caller has opened.
    ///
    /// Call `wakeRelay()` after its commit.
    package func enqueue(
        _ events: [OutgoingEvent], on occasion: OutboxOccasion = .change, in transaction: PostgresTransaction
    ) {
        guard !events.isEmpty else { return }
        transaction.enqueue(Self.insertion(events))
        companion?.accompany(events, on: occasion, in: transaction)
    }

    /// Writes down what an operator does, in the transaction of his act.
    func note(_ act: OperatorAct, in transaction: PostgresTransaction) {
        companion?.accompany(act, in: transaction)
    }

    /// Tells the relay of this process that there is something to send.
    package func wakeRelay() { signal.raise() }

    private static let columns =
        "event_id, topic, lane, key, type, occurred_at, division_code, traceparent, data"

    /// The statement that writes events; most changes have one, which needs no arrays.
    static func insertion(_ events: [OutgoingEvent]) -> PostgresStatement {
        events.count == 1 ? insertion(events[0]) : arrayInsertion(events)
    }

    private static func insertion(_ event: OutgoingEvent) -> PostgresStatement {
        """
        insert into messaging.outbox (\(unescaped: columns))
        values (\(event.id), \(event.topic.name), \(Int32(event.lane)), \(event.key), \(event.type),
                \(event.occurredAt), \(event.divisionCode), \(event.traceparent), \(event.data))
        """
    }

    /// One statement for any number of events; the ordinality keeps their order in the positions.
    private static func arrayInsertion(_ events: [OutgoingEvent]) -> PostgresStatement {
        PostgresStatement(
            """
            insert into messaging.outbox (\(columns))
            select e.event_id, e.topic, e.lane, e.key, e.type, e.occurred_at, e.division_code, e.traceparent, e.data
            from unnest($1::uuid[], $2::text[], $3::int4[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
                        $8::text[], $9::bytea[]) with ordinality
                 as e (\(columns), place)
            order by e.place
            """,
            [
                .uuidArray(events.map(\.id)), .textArray(events.map(\.topic.name)),
                .int4Array(events.map { Int32($0.lane) }), .textArray(events.map(\.key)),
                .textArray(events.map(\.type)), .timestamptzArray(events.map(\.occurredAt)),
                .textArray(events.map(\.divisionCode)), .textArray(events.map(\.traceparent)),
                .byteaArray(events.map(\.data)),
            ])
    }
}
