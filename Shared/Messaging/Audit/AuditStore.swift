import Postgres

/// The SQL of the audit.
struct AuditStore: Sendable {
    let pool: PostgresPool

    /// Reads all figures in one statement each; the heads first.
    func figures(source: String, subscriptions: [AuditFigures.Subscription]) async throws -> AuditFigures {
        let results = try await pool.pipeline([
            "select topic, lane, head from messaging.lane_heads order by topic, lane",
            // What no acknowledged tick has seen; after a clean drain this reads an empty range of the index.
            """
            select count(*) as pending from messaging.outbox o,
                (select snapshot, pg_snapshot_xmin(snapshot) as xmin from messaging.ticks
                 where acknowledged_at is not null order by number desc limit 1) t
            where o.xid >= t.xmin and not pg_visible_in_snapshot(o.xid, t.snapshot)
              and o.position > coalesce((select rebased_position from messaging.relay_cluster), 0)
            """,
            """
            select consumer, source, topic, lane, base, watermark, applied, parked, skipped, duplicates
            from messaging.watermarks order by consumer, source, topic, lane
            """,
            "select count(*) as unreadable from messaging.parked where state = 'parked' and lane is null",
        ])
        return AuditFigures(
            source: source, pending: try results[1].rows.first?.decode("pending") ?? 0,
            produced: try results[0].rows.map {
                AuditFigures.Produced(
                    topic: try $0.decode("topic"), lane: Int(try $0.decode("lane", as: Int32.self)),
                    head: try $0.decode("head"))
            },
            subscriptions: subscriptions,
            read: try results[2].rows.map {
                AuditFigures.Read(
                    consumer: try $0.decode("consumer"), source: try $0.decode("source"),
                    topic: try $0.decode("topic"), lane: Int(try $0.decode("lane", as: Int32.self)),
                    base: try $0.decode("base"), watermark: try $0.decode("watermark"),
                    applied: try $0.decode("applied"), parked: try $0.decode("parked"),
                    skipped: try $0.decode("skipped"), duplicates: try $0.decode("duplicates"))
            },
            unreadable: try results[3].rows.first?.decode("unreadable") ?? 0)
    }
}
