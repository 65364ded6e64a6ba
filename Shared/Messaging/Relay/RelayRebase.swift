import Foundation
import Models
import Postgres

/// Takes up a database that was restored into another PostgreSQL cluster, where the stored snapshots mean nothing.
///
/// What was cut before is still told apart by its own stored ids and snapshots, which are mere data. What was written
/// and never cut gets ticks of its own, whose made-up snapshot sees every id of now. Ticks after that look only at rows
/// beyond the greatest position of now.
struct RelayRebase: Sendable {
    /// How far a reader has seen a lane.
    let seen: [TopicLane: Int64]

    /// Rebases in one transaction on the connection that holds the relay's lock.
    ///
    /// - Throws: `RebaseRefusal` where going on could lose or repeat events.
    func run(with store: RelayStore) async throws {
        do {
            try await store.checkCluster()
            throw RebaseRefusal.sameCluster
        } catch is ForeignCluster {}
        try await checkReaders(store)
        let (last, _) = try await store.latestTick()
        try await store.connection.withTransaction { transaction in
            _ = try await transaction.query("lock table messaging.outbox in access exclusive mode")
            let row = try await transaction.query(
                """
                select coalesce(max(position), 0) as position, (coalesce(max(xid::text::bigint), 3) + 1)::text as beyond
                from messaging.outbox
                """
            ).rows.first
            let beyond = try row?.decode("beyond", as: String.self) ?? "4"
            let position = try row?.decode("position", as: Int64.self) ?? 0
            let everything = "\(beyond):\(beyond):"
            // Up to the last position of any tick, the old ids tell what was not yet cut. Beyond it nothing was, and
            // there the ids tell nothing: what was written here before the rebase has ids of this cluster.
            let cut = try await transaction.query("select max(last_position) as position from messaging.ticks").rows
                .first
            let lastCut = try cut?.decode("position", as: Int64.self) ?? 0
            let batches = [(last.number + 1, last.snapshot, 0, lastCut), (last.number + 2, "1:1:", lastCut, Int64.max)]
            for (number, previous, after, through) in batches {
                transaction.enqueue(
                    PostgresStatement(
                        """
                        insert into messaging.ticks (number, previous, snapshot, first_position, last_position, records,
                                                     acknowledged_at)
                        select $1, $2::pg_snapshot, $3::pg_snapshot, coalesce(min(position), 0),
                               coalesce(max(position), 0), count(*), case when count(*) = 0 then now() end
                        from messaging.outbox
                        where position > $4 and position <= $5 and not pg_visible_in_snapshot(xid, $2::pg_snapshot)
                        """,
                        [.int8(number), .text(previous), .text(everything), .int8(after), .int8(through)]))
            }
            // The first snapshot of this cluster; the lock above keeps every writer out until it is stored.
            transaction.enqueue(
                PostgresStatement(
                    """
                    insert into messaging.ticks (number, previous, snapshot, first_position, last_position, records,
                                                 acknowledged_at)
                    values ($1, $2::pg_snapshot, pg_current_snapshot(), 0, 0, 0, now())
                    """, [.int8(last.number + 3), .text(everything)]))
            transaction.enqueue(
                """
                update messaging.relay_cluster set rebased_position = \(position),
                    system_identifier = (select system_identifier::text from pg_control_system())
                """)
        }
    }

    /// A reader that has seen more than was ever numbered here has read numbers that this database would give again.
    private func checkReaders(_ store: RelayStore) async throws {
        var heads = try await store.heads()
        for tick in try await store.unacknowledgedTicks() {
            var numbering = LaneNumbering(heads: heads)
            for row in try await store.rows(of: tick, after: tick.firstPosition - 1, limit: Int(tick.records)) {
                _ = numbering.next(row.lane)
            }
            heads = numbering.heads
        }
        for (lane, number) in seen where number > heads[lane, default: 0] {
            throw RebaseRefusal.readersAhead(topic: lane.topic, lane: lane.lane)
        }
    }
}

/// Why the relay is not rebased.
package enum RebaseRefusal: Error, Equatable, Sendable {
    /// The database lies where its ticks were cut: there is nothing to do.
    case sameCluster
    /// A relay is active, so that there is nothing to do.
    case relayActive
    /// A reader has seen events that this database does not know: the backup is older than what was sent, and its
    /// numbers would be given out a second time.
    case readersAhead(topic: String, lane: Int)
}
