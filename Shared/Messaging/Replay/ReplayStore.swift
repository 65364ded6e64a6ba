import Foundation
import Models
import Postgres

/// The SQL of replay: from the outbox, any range of a lane with the numbers that it had.
struct ReplayStore: Sendable {
    let pool: PostgresPool
    let source: String

    /// A part of a lane as one tick numbered it.
    private struct Run {
        var tick: Tick
        var firstNumber: Int64
        var records: Int64
    }

    /// The events of a range of a lane, with their numbers.
    ///
    /// - Returns: the events in order, and the smallest number that the outbox still knows of the lane: the one after its
    ///   head when all of it has gone, nil when nothing was ever sent on it.
    func events(
        _ lane: TopicLane, from: Int64, through: Int64
    ) async throws -> (events: [EventEnvelope], earliest: Int64?) {
        var earliest: Int64? = try await pool.query(
            """
            select coalesce((select min(first_number) from messaging.tick_lanes l where l.topic = h.topic and l.lane = h.lane),
                            h.head + 1) as earliest
            from messaging.lane_heads h where h.topic = \(lane.topic) and h.lane = \(Int32(lane.lane))
            """
        ).rows.first?.decodeIfPresent("earliest")
        var events: [EventEnvelope] = []
        for run in try await runs(lane, from: from, through: through) {
            let rows = try await rows(of: run.tick, lane: lane)
            guard rows.count == run.records else {
                // A part of the tick went with its day, and with it the count from its beginning.
                earliest = run.firstNumber + run.records
                continue
            }
            for (index, row) in rows.enumerated() {
                var envelope = row.envelope
                envelope.number = run.firstNumber + Int64(index)
                if (from...through).contains(envelope.number) { events.append(envelope) }
            }
        }
        return (events, earliest)
    }

    private func runs(_ lane: TopicLane, from: Int64, through: Int64) async throws -> [Run] {
        try await pool.query(
            """
            select l.first_number, l.records as lane_records, t.number, t.previous::text as previous, t.snapshot::text as snapshot,
                   t.first_position, t.last_position, t.records
            from messaging.tick_lanes l join messaging.ticks t on t.number = l.tick
            where l.topic = \(lane.topic) and l.lane = \(Int32(lane.lane))
              and l.first_number <= \(through) and l.first_number + l.records > \(from)
            order by l.first_number
            """
        ).rows.map { row in
            Run(
                tick: Tick(
                    number: try row.decode("number"), previous: try row.decode("previous"),
                    snapshot: try row.decode("snapshot"), firstPosition: try row.decode("first_position"),
                    lastPosition: try row.decode("last_position"), records: try row.decode("records")),
                firstNumber: try row.decode("first_number"), records: try row.decode("lane_records"))
        }
    }

    private func rows(of tick: Tick, lane: TopicLane) async throws -> [OutboxRow] {
        try await pool.query(
            PostgresStatement(
                """
                select position, topic, lane, key, event_id, type, occurred_at, division_code, traceparent, data
                from messaging.outbox
                where position between $1 and $2 and topic = $3 and lane = $4
                  and pg_visible_in_snapshot(xid, $5::pg_snapshot)
                  and not pg_visible_in_snapshot(xid, $6::pg_snapshot)
                order by position
                """,
                [
                    .int8(tick.firstPosition), .int8(tick.lastPosition), .text(lane.topic), .int4(Int32(lane.lane)),
                    .text(tick.snapshot), .text(tick.previous),
                ])
        ).rows.map { try OutboxRow($0, source: source) }
    }
}
