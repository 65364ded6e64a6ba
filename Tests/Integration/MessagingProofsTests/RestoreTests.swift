import Foundation
import Kafka
import Logging
import Messaging
import Models
import Postgres
import Support
import Testing

/// A database restored into another cluster: the relay refuses, is rebased, and loses and repeats nothing.
@Suite struct RestoreTests {
    @Test func `a restored outbox is refused, rebased, and goes on with the numbers where they were`() async throws {
        let stage = try await Stage.make("restore", broker: TestBroker.broker())
        let sink = RecordingSink()
        try await supervised([{ try await stage.writerRuntime(sink: sink).run() }]) {
            for round in 0..<30 { try await stage.change(round % 6) }
            try await eventually(within: .seconds(10), "the first are sent") { sink.events.count == 30 }
        }
        // Written, and never cut into a tick before the backup is taken.
        for round in 0..<30 { try await stage.change(round % 6) }
        let elsewhere = PrivatePostgres()
        try await elsewhere.ready()
        let restored = try await restore(stage, on: elsewhere)
        let relay = restored.writerRuntime(sink: sink)
        try await supervised([{ try await relay.run() }]) {
            for round in 0..<10 { try await restored.change(round % 6) }
            await #expect(throws: RebaseRefusal.readersAhead(topic: Topic.division.name, lane: 0)) {
                try await relay.administration.rebaseRelay(
                    seen: [TopicLane(topic: Topic.division.name, lane: 0): 1_000_000])
            }
            #expect(Set(sink.events.map { $0.text("ce_id") }).count == 30, "nothing goes out before the rebase")
            try await relay.administration.rebaseRelay(seen: [:])
            for round in 0..<10 { try await restored.change(round % 6) }
            // The tick of before may go out again, under the same numbers: its acknowledgement need not have been in the
            // backup.
            try await eventually(within: .seconds(20), "the rest is sent") {
                Set(sink.events.map { $0.text("ce_id") }).count == 80
            }
            try await eventually(within: .seconds(10), "nothing is left to send") {
                try await relay.administration.auditFigures().pending == 0
            }
            await #expect(throws: (any Error).self) { try await relay.administration.rebaseRelay(seen: [:]) }
        }
        #expect(Set(sink.events.map { $0.text("ce_id") }).count == 80)
        var lanes: [String: [Int64]] = [:]
        var seen: Set<String> = []
        for record in sink.events where seen.insert(try #require(record.text("ce_id"))).inserted {
            lanes[try #require(record.text("ce_lane")), default: []].append(
                try #require(record.text("ce_sequence").flatMap { Int64($0) }))
        }
        for (lane, numbers) in lanes { #expect(numbers == Array(1...Int64(numbers.count)), "lane \(lane)") }
        await elsewhere.remove()
        try await stage.remove()
    }

    @Test func `a closed and sent day is dropped with its ticks, an open one stays`() async throws {
        let stage = try await Stage.make("days", broker: TestBroker.broker())
        let sink = RecordingSink()
        let runtime = stage.writerRuntime(sink: sink)
        try await supervised([{ try await runtime.run() }]) {
            _ = try await stage.writerPool.query(
                """
                create table messaging.outbox_20200101 partition of messaging.outbox
                for values from ('2020-01-01') to ('2020-01-02')
                """)
            for round in 0..<20 { try await stage.change(round) }
            try await eventually(within: .seconds(10), "all are sent") { sink.events.count == 20 }
        }
        let drop: PostgresStatement = "select messaging.drop_outbox_days('2020-02-01') as dropped"
        #expect(try await stage.writerPool.query(drop).rows.first?.decode("dropped", as: Int32.self) == 0)
        let january = CalendarDay("2020-01-31")
        #expect(try await runtime.administration.closeDays(through: january) == january)
        #expect(try await stage.writerPool.query(drop).rows.first?.decode("dropped", as: Int32.self) == 1)
        #expect(
            try await stage.writerPool.query("select count(*) as n from messaging.outbox").rows.first?
                .decode("n", as: Int64.self) == 20)
        try await stage.remove()
    }

    @Test func `a day is closed once it is over, and by default all that are`() async throws {
        let stage = try await Stage.make("closing", broker: TestBroker.broker())
        let administration = stage.writerRuntime(sink: RecordingSink()).administration
        let today = try #require(
            CalendarDay(
                try await stage.writerPool.query("select ((now() at time zone 'UTC')::date)::text as day").rows[0]
                    .decode("day", as: String.self)))
        await #expect(throws: DayNotOver.self) { _ = try await administration.closeDays(through: today) }
        let closed = try await administration.closeDays(through: nil)
        #expect(closed < today)
        #expect(try await administration.closeDays(through: nil) == closed, "again changes nothing")
        try await stage.remove()
    }

    @Test func `of a lane whose past has wholly gone the source says so, and its readers hear the present`()
        async throws
    {
        let stage = try await Stage.make("gone", broker: TestBroker.broker())
        let sink = RecordingSink()
        let runtime = stage.writerRuntime(sink: sink)
        try await supervised([{ try await runtime.run() }]) {
            for round in 0..<10 { try await stage.change(round) }
            try await eventually(within: .seconds(10), "all are sent") { sink.events.count == 10 }
        }
        // As if every day had been closed and dropped with its ticks.
        for table in ["outbox", "tick_lanes"] {
            _ = try await stage.writerPool.query("delete from messaging.\(unescaped: table)")
        }
        let lane = try #require(sink.events.first?.text("ce_lane").flatMap(Int.init))
        try await runtime.administration.replay(topic: Topic.division.name, lane: lane, from: 1, through: 1)
        let told = sink.records.filter { $0.topic == stage.naming.wireName(ReplayTopic.name) }
            .compactMap { try? EventCoding.decode(ReplayMessage.self, from: $0.value ?? []) }
        let head = sink.events.count { $0.text("ce_lane") == String(lane) }
        #expect(told.contains { $0.kind == .gone && $0.lane == lane && $0.through == Int64(head) }, "\(told)")
        try await stage.remove()
    }

    /// Dumps the writer's database and restores it on another server.
    private func restore(_ stage: Stage, on server: PrivatePostgres) async throws -> Stage {
        let from = stage.writer.configuration
        let restored = try await TestDatabase.create(named: "restored", on: server)
        let to = restored.configuration
        try await ChildProcess.run([
            "sh", "-c",
            "pg_dump -h '\(from.host)' -p \(from.port) -U \(from.user) '\(from.database)' | "
                + "psql -q -v ON_ERROR_STOP=1 -h '\(to.host)' -p \(to.port) -U \(to.user) '\(to.database)'",
        ])
        let pool = restored.pool(size: 8)
        return Stage(
            writer: restored, reader: stage.reader, writerPool: pool, readerPool: stage.readerPool,
            outbox: Outbox(pool: pool), naming: stage.naming, kafka: stage.kafka)
    }
}
