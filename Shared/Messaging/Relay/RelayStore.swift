import Foundation
import Models
import Postgres

/// One row of the outbox as the relay sends it.
struct OutboxRow: Sendable {
    var position: Int64
    var lane: TopicLane
    /// The event; its number is still to be given.
    var envelope: EventEnvelope
}

/// The relay's SQL.
///
/// All of it runs on the one connection that holds the relay's lock, so that a relay that has lost the lock cannot
/// write.
struct RelayStore: Sendable {
    let connection: PostgresConnection
    /// The CloudEvents source of the service, which the rows need not repeat.
    let source: String

    private static let worker = LoneWorker(lock: "tiaokuai.relay", clusterTable: "messaging.relay_cluster")

    /// Tries to become the active relay of this database.
    func acquire() async throws -> Bool { try await Self.worker.acquire(on: connection) }

    /// Checks that the ticks stored here are of this cluster, and notes the cluster at the first start.
    ///
    /// - Throws: `ForeignCluster`.
    func checkCluster() async throws {
        guard try await Self.worker.isAtHome(on: connection) else { throw ForeignCluster() }
    }

    /// Makes the outbox's partitions of the coming days, and drops those that are older than the retention and closed.
    func turnDays(retentionDays: Int) async throws {
        _ = try await connection.query("select 1 as done from messaging.ensure_outbox_days(7)")
        _ = try await connection.query(
            """
            select messaging.drop_outbox_days((now() at time zone 'UTC')::date - \(Int32(retentionDays))) as dropped
            """)
    }

    /// The heads of all lanes after the last acknowledged tick.
    func heads() async throws -> [TopicLane: Int64] {
        let rows = try await connection.query("select topic, lane, head from messaging.lane_heads").rows
        var heads: [TopicLane: Int64] = [:]
        for row in rows {
            heads[TopicLane(topic: try row.decode("topic"), lane: Int(try row.decode("lane", as: Int32.self)))] =
                try row.decode("head")
        }
        return heads
    }

    /// The latest tick, and whether its records have all been acknowledged.
    func latestTick() async throws -> (tick: Tick, isAcknowledged: Bool) {
        let rows = try await connection.query(
            """
            select number, previous::text as previous, snapshot::text as snapshot, first_position, last_position, records,
                   acknowledged_at is not null as acknowledged
            from messaging.ticks order by number desc limit 1
            """
        ).rows
        guard let row = rows.first else { throw MissingTicks() }
        return (try tick(row), try row.decode("acknowledged"))
    }

    /// Ticks that were cut and of which not every record is known to have arrived, oldest first.
    func unacknowledgedTicks() async throws -> [Tick] {
        try await connection.query(
            """
            select number, previous::text as previous, snapshot::text as snapshot, first_position, last_position, records
            from messaging.ticks where acknowledged_at is null order by number
            """
        ).rows.map(tick)
    }

    /// Cuts the next tick, if the outbox holds anything that the last one did not see.
    ///
    /// The snapshot is taken once, by the same statement that looks with it: two statements would have two snapshots.
    /// An id at or beyond `xmax` may have been in progress when the snapshot was taken, so the search is by transaction
    /// id (as in PgQ) and not from the greatest position of that moment, which such a transaction may have passed.
    func cut(after last: Tick) async throws -> Tick? {
        guard let bounds = SnapshotBounds(last.snapshot) else { throw MissingTicks() }
        let rows = try await connection.query(
            PostgresStatement(
                """
                with candidate as materialized (select pg_current_snapshot() as snapshot),
                -- Materialized: the condition on the position, pushed down, would have the index of positions read from
                -- its beginning.
                fresh as materialized (
                    select o.position, o.xid from messaging.outbox o where o.xid >= $1::xid8
                    union all
                    select o.position, o.xid from messaging.outbox o where o.xid = any ($2::xid8[])
                ),
                batch as (
                    select min(f.position) as first_position, max(f.position) as last_position, count(*) as records
                    from fresh f, candidate c
                    where pg_visible_in_snapshot(f.xid, c.snapshot)
                      and f.position > coalesce((select rebased_position from messaging.relay_cluster), 0)
                )
                insert into messaging.ticks (number, previous, snapshot, first_position, last_position, records)
                select $3, $4::pg_snapshot, c.snapshot, b.first_position, b.last_position, b.records
                from candidate c, batch b where b.records > 0
                returning number, previous::text as previous, snapshot::text as snapshot, first_position,
                          last_position, records
                """,
                [
                    .text(bounds.xmax), .text("{" + bounds.inProgress.joined(separator: ",") + "}"),
                    .int8(last.number + 1), .text(last.snapshot),
                ])
        ).rows
        return try rows.first.map(tick)
    }

    /// Reads the next part of a tick's batch.
    func rows(of tick: Tick, after position: Int64, limit: Int) async throws -> [OutboxRow] {
        try await connection.query(
            PostgresStatement(
                """
                select position, topic, lane, key, event_id, type, occurred_at, division_code, traceparent, data
                from messaging.outbox
                where position > $1 and position <= $2
                  and pg_visible_in_snapshot(xid, $3::pg_snapshot)
                  and not pg_visible_in_snapshot(xid, $4::pg_snapshot)
                order by position limit $5
                """,
                [
                    .int8(position), .int8(tick.lastPosition), .text(tick.snapshot), .text(tick.previous),
                    .int8(Int64(limit)),
                ])
        ).rows.map { try OutboxRow($0, source: source) }
    }

    /// Notes that all records of a tick are acknowledged, with the numbers that they got.
    ///
    /// Not waiting for the disk here is safe: forgotten, the batch is sent again with the same numbers.
    func acknowledge(_ tick: Tick, runs: [TopicLane: LaneNumbering.Run]) async throws {
        let lanes = runs.sorted { ($0.key.topic, $0.key.lane) < ($1.key.topic, $1.key.lane) }
        let topics = PostgresValue.textArray(lanes.map(\.key.topic))
        let numbers = PostgresValue.int4Array(lanes.map { Int32($0.key.lane) })
        try await connection.withTransaction { transaction in
            transaction.enqueue("set local synchronous_commit = off")
            transaction.enqueue(
                PostgresStatement(
                    """
                    insert into messaging.tick_lanes (topic, lane, first_number, records, tick)
                    select topic, lane, first_number, records, $5
                    from unnest($1::text[], $2::int4[], $3::int8[], $4::int8[]) as r (topic, lane, first_number, records)
                    """,
                    [
                        topics, numbers, .int8Array(lanes.map(\.value.firstNumber)),
                        .int8Array(lanes.map(\.value.records)), .int8(tick.number),
                    ]))
            transaction.enqueue(
                PostgresStatement(
                    """
                    insert into messaging.lane_heads (topic, lane, head)
                    select topic, lane, head from unnest($1::text[], $2::int4[], $3::int8[]) as r (topic, lane, head)
                    on conflict (topic, lane) do update set head = excluded.head
                    """,
                    [topics, numbers, .int8Array(lanes.map { $0.value.firstNumber + $0.value.records - 1 })]))
            transaction.enqueue(
                "update messaging.ticks set acknowledged_at = now() where number = \(tick.number)")
        }
    }

    private func tick(_ row: PostgresRow) throws -> Tick {
        Tick(
            number: try row.decode("number"), previous: try row.decode("previous"),
            snapshot: try row.decode("snapshot"), firstPosition: try row.decode("first_position"),
            lastPosition: try row.decode("last_position"), records: try row.decode("records"))
    }
}

extension OutboxRow {
    /// Reads a row of the outbox; the number is given later.
    init(_ row: PostgresRow, source: String) throws {
        let lane = Int(try row.decode("lane", as: Int32.self))
        position = try row.decode("position")
        self.lane = TopicLane(topic: try row.decode("topic"), lane: lane)
        envelope = EventEnvelope(
            id: try row.decode("event_id"), source: source, type: try row.decode("type"),
            time: try row.decode("occurred_at"), key: try row.decode("key"),
            divisionCode: try row.decodeIfPresent("division_code"),
            traceparent: try row.decodeIfPresent("traceparent"), lane: lane, number: 0, data: try row.decode("data"))
    }
}

/// The ticks' table has lost its rows: the migration puts the first one in.
struct MissingTicks: Error, CustomStringConvertible {
    var description: String { "messaging.ticks holds no usable tick; was the database restored in part?" }
}

/// The database lies in another cluster than the one in which its ticks were cut, where their snapshots mean nothing.
package struct ForeignCluster: Error, CustomStringConvertible {
    package var description: String {
        "the stored ticks are of another PostgreSQL cluster (restored elsewhere?); run: tiaokuai relay rebase"
    }
}
