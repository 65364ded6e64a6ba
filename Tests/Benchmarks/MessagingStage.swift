import Foundation
import Kafka
import Logging
import Messaging
import Models
import Postgres
import Support

/// A writing and a reading database with the messaging tables on a durable server, and a broker in this process.
struct MessagingStage: Sendable {
    let server: PrivatePostgres
    let writer: TestDatabase
    let reader: TestDatabase
    let writerPool: PostgresPool
    let readerPool: PostgresPool
    let outbox: Outbox
    let broker: EmulatedBroker
    let kafka: KafkaConfiguration
    let producer: KafkaProducer
    let naming = TopicNaming(prefix: "bench.")
    let logger = TestBroker.logger

    static func make() async throws -> MessagingStage {
        let server = PrivatePostgres(durable: true)
        let writer = try await TestDatabase.create(named: "bench_writer", on: server)
        let reader = try await TestDatabase.create(named: "bench_reader", on: server)
        let (writerPool, readerPool) = (writer.pool(size: 8), reader.pool(size: 8))
        let migrator = Migrator(
            sets: [MigrationSet(name: "messaging", directory: MessagingMigrations.directory)], logger: TestBroker.logger
        )
        _ = try await migrator.migrate(writerPool)
        _ = try await migrator.migrate(readerPool)
        _ = try await readerPool.query(Projection.table)
        let broker = try EmulatedBroker()
        let kafka = TestBroker.configuration(of: broker)
        let naming = TopicNaming(prefix: "bench.")
        try broker.createTopic(naming.wireName(Topic.division.name), partitions: Topic.division.partitions)
        try broker.createTopic(naming.wireName(ReplayTopic.name), partitions: 1)
        return MessagingStage(
            server: server, writer: writer, reader: reader, writerPool: writerPool, readerPool: readerPool,
            outbox: Outbox(pool: writerPool), broker: broker, kafka: kafka,
            producer: try KafkaProducer(kafka, logger: TestBroker.logger))
    }

    func remove() async {
        await producer.close(deadline: .seconds(2))
        await writerPool.shutdown(deadline: .seconds(2))
        await readerPool.shutdown(deadline: .seconds(2))
        broker.stop()
        await server.remove()
    }

    /// Fills the outbox with events of about 300 bytes of data, 1 000 a transaction, without a relay running.
    func fillOutbox(_ count: Int) async throws {
        for start in stride(from: 0, to: count, by: 1000) {
            let events = try (start..<min(start + 1000, count)).map { try event($0) }
            try await outbox.transaction { _ in ((), events) }
        }
        _ = try await writerPool.query("analyze messaging.outbox")
    }

    /// An event with about 300 bytes of data on one of 10 000 keys.
    func event(_ index: Int) throws -> OutgoingEvent {
        let digits = String(1_000_000 + index % 10_000).suffix(6)
        guard let code = DivisionCode("532923" + digits) else { throw BenchmarkFailure("no such division code") }
        let facts = DivisionFacts(
            code: code, name: String(repeating: "村", count: 75), level: .community, kind: .administrativeVillage,
            households: index)
        return try OutgoingEvent(DivisionChanged(division: facts), occurredAt: Date())
    }

    /// How many transactions have changed the reader's watermarks.
    func batches() async throws -> Double {
        let rows = try await readerPool.query("select count(distinct xmin::text) as n from divisions").rows
        return Double(try rows.first?.decode("n", as: Int64.self) ?? 0)
    }

    func runtime(writing sink: any RecordSink) -> MessagingRuntime {
        MessagingRuntime(
            service: .gridOperations, county: "532923", pool: writerPool, database: writer.configuration,
            outbox: outbox, sink: sink, kafka: kafka, naming: naming, handlers: [], announcers: [], logger: logger)
    }

    func runtimeReading() -> MessagingRuntime {
        MessagingRuntime(
            service: .cloudGateway, county: "532923", pool: readerPool, database: reader.configuration,
            outbox: Outbox(pool: readerPool), sink: producer, kafka: kafka, naming: naming,
            handlers: [Projection()], announcers: [], logger: logger)
    }

    /// Runs something until the body ends.
    func running<R>(_ runtimes: [MessagingRuntime], _ body: () async throws -> R) async throws -> R {
        let tasks = runtimes.map { runtime in Task { try await runtime.run() } }
        defer { for task in tasks { task.cancel() } }
        let result = try await body()
        for runtime in runtimes { await runtime.stopReading(deadline: .seconds(2)) }
        for task in tasks {
            task.cancel()
            // Ended by us: how it ends says nothing.
            _ = await task.result
        }
        return result
    }
}

/// A benchmark that could not be run.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A projection as the gateway keeps them: the last event of a key wins.
struct Projection: EventHandler {
    static let table: PostgresStatement = """
        create table divisions (code text primary key, households bigint not null,
                                applied_at timestamptz not null default clock_timestamp())
        """

    let name = "cloud-gateway"
    let topics = [Topic.division]

    func apply(_ events: [ReceivedEvent], in transaction: PostgresTransaction) async throws -> [OutgoingEvent] {
        var last: [String: Int64] = [:]
        for event in events {
            guard let facts = try event.payload(DivisionChanged.self)?.division else { continue }
            last[facts.code.digits] = Int64(facts.households ?? 0)
        }
        transaction.enqueue(
            PostgresStatement(
                """
                insert into divisions (code, households) select * from unnest($1::text[], $2::int8[])
                on conflict (code) do update set households = excluded.households, applied_at = clock_timestamp()
                """, [.textArray(Array(last.keys)), .int8Array(Array(last.values))]))
        return []
    }
}
