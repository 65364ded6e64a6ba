import Foundation
import Kafka
import Messaging
import Models
import Postgres
import Support
import Testing

/// What the relay reads for a tick is what is new, however much the outbox holds of before.
@Suite struct RelayCostTests {
    @Test func `a tick reads what is new and not the day`() async throws {
        let stage = try await Stage.make("cost", broker: TestBroker.broker())
        let sink = RecordingSink()
        let backlog = 20_000
        let ticks = 20
        try await Self.fill(stage, count: backlog)
        try await supervised([{ try await stage.writerRuntime(sink: sink).run() }]) {
            try await eventually(within: .seconds(30), "the backlog is sent") { sink.events.count == backlog }
            let before = try await Self.entriesRead(stage, afterTicks: 1)
            for index in 0..<ticks {
                try await stage.change(index)
                try await eventually(within: .seconds(10), "it is sent") { sink.events.count == backlog + index + 1 }
            }
            let after = try await Self.entriesRead(stage, afterTicks: 1 + ticks)
            // Each finds its event by the transaction's id, and once more to send it.
            #expect(after - before < 100 * ticks)
        }
        try await stage.remove()
    }

    /// Writes events as one transaction would.
    private static func fill(_ stage: Stage, count: Int) async throws {
        let facts = DivisionFacts(code: Stage.code(999), name: "村", level: .community, households: 1)
        let event = try OutgoingEvent(DivisionChanged(division: facts), occurredAt: Date())
        _ = try await stage.writerPool.query(
            """
            insert into messaging.outbox (event_id, topic, lane, key, type, occurred_at, division_code, data)
            select gen_random_uuid(), \(event.topic.name), \(Int32(event.lane)), \(event.key), \(event.type), now(), null,
                   \(event.data)
            from generate_series(1, \(Int64(count)))
            """)
    }

    /// The entries that were read of the outbox's indexes since the database is there.
    ///
    /// A session publishes its counts all at once and late: those of the ticks tell that the others are there.
    private static func entriesRead(_ stage: Stage, afterTicks ticks: Int) async throws -> Int {
        try await eventually(within: .seconds(15), "the counts are published") {
            // A waiting session publishes when it works again.
            stage.outbox.wakeRelay()
            let count: Int = try await number(
                "select n_tup_upd from pg_stat_user_tables where schemaname = 'messaging' and relname = 'ticks'", stage)
            return count >= ticks
        }
        return try await number(
            """
            select sum(idx_tup_read)::int8 from pg_stat_user_indexes
            where schemaname = 'messaging' and relname like 'outbox%'
            """, stage)
    }

    private static func number(_ query: PostgresStatement, _ stage: Stage) async throws -> Int {
        try #require(try await stage.writerPool.query(query).rows.first).decode(at: 0)
    }
}
