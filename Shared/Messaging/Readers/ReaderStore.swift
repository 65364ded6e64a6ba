import Foundation
import Postgres

/// The watermark of a lane with the counts that go with it.
struct LaneProgress: Sendable, Equatable {
    var watermark: Int64
    var applied: Int64 = 0
    var parked: Int64 = 0
    var skipped: Int64 = 0
    var duplicates: Int64 = 0
}

/// The SQL of reading: watermarks and parked events, always in the transaction of the batch.
struct ReaderStore: Sendable {
    let consumer: String

    /// Locks the watermarks of lanes, making those that are new.
    ///
    /// A batch of the same lanes elsewhere waits here, which is what fences a zombie: when it goes on, it finds its
    /// numbers already seen.
    func lockWatermarks(
        _ lanes: [ReaderLane], in transaction: PostgresTransaction
    ) async throws -> [ReaderLane: Int64] {
        // Always in the same order, or two replicas could each hold what the other wants.
        let ordered = lanes.sorted()
        let parameters = Self.parameters(ordered, after: [.text(consumer)])
        let results = try await transaction.pipeline([
            PostgresStatement(
                """
                insert into messaging.watermarks (consumer, source, topic, lane)
                select $1, source, topic, lane from unnest($2::text[], $3::text[], $4::int4[]) as l (source, topic, lane)
                order by source, topic, lane
                on conflict do nothing
                """, parameters),
            PostgresStatement(
                """
                select w.source, w.topic, w.lane, w.watermark from messaging.watermarks w
                join unnest($2::text[], $3::text[], $4::int4[]) as l (source, topic, lane)
                  on w.source = l.source and w.topic = l.topic and w.lane = l.lane
                where w.consumer = $1
                order by w.source, w.topic, w.lane
                for update of w
                """, parameters),
        ])
        return try Self.watermarks(results[1])
    }

    /// Reads watermarks without locking them.
    func watermarks(
        _ lanes: [ReaderLane], with executor: any PostgresExecutor
    ) async throws -> [ReaderLane: Int64] {
        try Self.watermarks(
            await executor.query(
                PostgresStatement(
                    """
                    select w.source, w.topic, w.lane, w.watermark from messaging.watermarks w
                    join unnest($2::text[], $3::text[], $4::int4[]) as l (source, topic, lane)
                      on w.source = l.source and w.topic = l.topic and w.lane = l.lane
                    where w.consumer = $1
                    """, Self.parameters(lanes, after: [.text(consumer)]))))
    }

    /// Writes how far lanes have come, adding to their counts.
    func advance(_ progress: [ReaderLane: LaneProgress], in transaction: PostgresTransaction) {
        guard !progress.isEmpty else { return }
        let lanes = progress.sorted { $0.key < $1.key }
        let counts = [\LaneProgress.watermark, \.applied, \.parked, \.skipped, \.duplicates]
            .map { path in PostgresValue.int8Array(lanes.map { $0.value[keyPath: path] }) }
        transaction.enqueue(
            PostgresStatement(
                """
                update messaging.watermarks w
                set watermark = p.watermark, applied = w.applied + p.applied, parked = w.parked + p.parked,
                    skipped = w.skipped + p.skipped, duplicates = w.duplicates + p.duplicates, updated_at = now()
                from unnest($2::text[], $3::text[], $4::int4[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], $9::int8[])
                     as p (source, topic, lane, watermark, applied, parked, skipped, duplicates)
                where w.consumer = $1 and w.source = p.source and w.topic = p.topic and w.lane = p.lane
                """, Self.parameters(lanes.map(\.key), after: [.text(consumer)]) + counts))
    }

    /// Moves the base of a lane to where the source can no longer say what came before.
    func rebase(_ lane: ReaderLane, through number: Int64, with executor: any PostgresExecutor) async throws {
        _ = try await executor.query(
            """
            insert into messaging.watermarks as w (consumer, source, topic, lane, base, watermark)
            values (\(consumer), \(lane.source), \(lane.topic), \(Int32(lane.lane)), \(number), \(number))
            on conflict (consumer, source, topic, lane) do update
            set base = w.base + (excluded.watermark - w.watermark), watermark = excluded.watermark, updated_at = now()
            where w.watermark < excluded.watermark
            """)
    }

    private static func parameters(_ lanes: [ReaderLane], after first: [PostgresValue]) -> [PostgresValue] {
        first + [
            .textArray(lanes.map(\.source)), .textArray(lanes.map(\.topic)),
            .int4Array(lanes.map { Int32($0.lane) }),
        ]
    }

    private static func watermarks(_ result: PostgresResult) throws -> [ReaderLane: Int64] {
        var watermarks: [ReaderLane: Int64] = [:]
        for row in result.rows {
            let lane = ReaderLane(
                source: try row.decode("source"), topic: try row.decode("topic"),
                lane: Int(try row.decode("lane", as: Int32.self)))
            watermarks[lane] = try row.decode("watermark")
        }
        return watermarks
    }
}
