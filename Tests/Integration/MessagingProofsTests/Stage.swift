import Foundation
import Kafka
import Logging
import Messaging
import Models
import Postgres
import Support

/// Two services without HTTP on a broker of their own: one that writes divisions, one that keeps a ledger of every effect.
///
/// The divisions stand for any aggregate; their households are the version, which grows by one with each event.
struct Stage: Sendable {
    let writer: TestDatabase
    let reader: TestDatabase
    let writerPool: PostgresPool
    let readerPool: PostgresPool
    let outbox: Outbox
    let naming: TopicNaming
    let kafka: KafkaConfiguration
    let logger = TestBroker.logger

    static let source = ServiceName.gridOperations.source(county: "532923")

    /// Makes databases with the messaging migrations, and topics on a broker.
    static func make(_ name: String, broker: EmulatedBroker, kafka: KafkaConfiguration? = nil) async throws -> Stage {
        try await make(name, kafka: kafka ?? TestBroker.configuration(of: broker), createTopics: broker.createTopics)
    }

    static func make(
        _ name: String, kafka: KafkaConfiguration, on server: PrivatePostgres = .shared,
        createTopics: (TopicNaming) throws -> Void
    ) async throws -> Stage {
        let naming = TopicNaming(prefix: TestBroker.uniqueName(name) + ".")
        try createTopics(naming)
        let writer = try await TestDatabase.create(named: name + "_writer", on: server)
        let reader = try await TestDatabase.create(named: name + "_reader", on: server)
        let writerPool = writer.pool(size: 14)
        let readerPool = reader.pool()
        let migrator = Migrator(
            sets: [MigrationSet(name: "messaging", directory: MessagingMigrations.directory)], logger: TestBroker.logger
        )
        _ = try await migrator.migrate(writerPool)
        _ = try await migrator.migrate(readerPool)
        _ = try await writerPool.query("create table divisions (code text primary key, version bigint not null)")
        _ = try await writerPool.query("create table elsewhere (id bigint primary key, n bigint not null)")
        _ = try await readerPool.query(Ledger.table)
        return Stage(
            writer: writer, reader: reader, writerPool: writerPool, readerPool: readerPool,
            outbox: Outbox(pool: writerPool), naming: naming, kafka: kafka)
    }

    /// Drops the databases.
    func remove() async throws {
        await writerPool.shutdown(deadline: .seconds(2))
        await readerPool.shutdown(deadline: .seconds(2))
        try await writer.drop()
        try await reader.drop()
    }

    /// The code of a division by a small number.
    static func code(_ index: Int) -> DivisionCode {
        let digits = String(index)
        return DivisionCode("532923100" + String(repeating: "0", count: 3 - digits.count) + digits)
            ?? .unknown
    }

    /// Writes the next version of a division as a service does: lock the row, change it, say so.
    @discardableResult
    func change(_ index: Int, takingIDEarly: Bool = false) async throws -> Int64 {
        let code = Self.code(index)
        return try await outbox.transaction { transaction in
            if takingIDEarly {
                // Another row first: the transaction has its id long before it holds the division's lock.
                let other = Int64.random(in: 0..<1_000_000)
                _ = try await transaction.query(
                    """
                    insert into elsewhere (id, n) values (\(other), 1)
                    on conflict (id) do update set n = elsewhere.n + 1
                    """)
            }
            let version: Int64 =
                try await transaction.query(
                    """
                    insert into divisions (code, version) values (\(code.digits), 1)
                    on conflict (code) do update set version = divisions.version + 1 returning version
                    """
                ).rows.first?.decode("version") ?? 0
            let facts = DivisionFacts(code: code, name: "村", level: .community, households: Int(version))
            return (version, [try OutgoingEvent(DivisionChanged(division: facts), occurredAt: Date())])
        }
    }

    /// The writing service's messaging.
    func writerRuntime(sink: any RecordSink, failpoints: Failpoints = .none) -> MessagingRuntime {
        var settings = MessagingRuntime.Settings()
        settings.relay.headsInterval = .milliseconds(300)
        settings.relay.headsRepeat = .seconds(1)
        settings.relay.chunkRecordsMax = 500
        settings.relay.sendTimeout = .seconds(5)
        settings.relay.standbyInterval = .milliseconds(100)
        return MessagingRuntime(
            service: .gridOperations, county: "532923", pool: writerPool, database: writer.configuration,
            outbox: outbox, sink: sink, kafka: kafka, naming: naming, handlers: [], announcers: [], settings: settings,
            failpoints: failpoints, logger: logger)
    }

    /// The reading service's messaging.
    func readerRuntime(
        handler: Ledger = Ledger(), sink: any RecordSink, failpoints: Failpoints = .none,
        kafka: KafkaConfiguration? = nil
    ) -> MessagingRuntime {
        var settings = MessagingRuntime.Settings()
        settings.consumer.batchRecordsMax = 200
        return MessagingRuntime(
            service: .cloudGateway, county: "532923", pool: readerPool, database: reader.configuration,
            outbox: Outbox(pool: readerPool), sink: sink, kafka: kafka ?? self.kafka, naming: naming,
            handlers: [handler], announcers: [], settings: settings, failpoints: failpoints, logger: logger)
    }

    /// The audit over both services.
    func audit(_ writerRuntime: MessagingRuntime, _ readerRuntime: MessagingRuntime) async throws -> Audit {
        let produced = try await writerRuntime.administration.auditFigures()
        return Audit([produced, try await readerRuntime.administration.auditFigures()])
    }

    /// Every effect in the ledger, by division, in the order in which they came about.
    func ledger() async throws -> [String: [Int64]] {
        var versions: [String: [Int64]] = [:]
        for row in try await readerPool.query("select code, version from ledger order by place").rows {
            versions[try row.decode("code"), default: []].append(try row.decode("version"))
        }
        return versions
    }

    /// What the ledger must hold: every version of every division, once, in order.
    func expected() async throws -> [String: [Int64]] {
        var versions: [String: [Int64]] = [:]
        for row in try await writerPool.query("select code, version from divisions").rows {
            versions[try row.decode("code")] = Array(1...(try row.decode("version", as: Int64.self)))
        }
        return versions
    }
}

extension DivisionCode {
    /// A code for tests that ask for an index beyond three digits.
    static let unknown = DivisionCode("000000") ?? county
    private static let county: DivisionCode = { preconditionFailure("six digits are a code") }()
}

extension EmulatedBroker {
    /// Creates the topics that a stage needs.
    func createTopics(_ naming: TopicNaming) throws {
        try createTopic(naming.wireName(Topic.division.name), partitions: 3)
        try createTopic(naming.wireName(ReplayTopic.name), partitions: 1)
    }
}

/// Writes down every effect.
///
/// It has no key, so that an effect twice is two rows.
struct Ledger: EventHandler {
    static let table: PostgresStatement =
        "create table ledger (place bigint generated always as identity, code text not null, version bigint not null)"

    let name = "cloud-gateway"
    let topics = [Topic.division]
    /// Versions of these divisions are refused, as a rule that they break.
    var refused: @Sendable (DivisionFacts) async throws -> Bool = { _ in false }

    func apply(_ events: [ReceivedEvent], in transaction: PostgresTransaction) async throws -> [OutgoingEvent] {
        var codes: [String?] = []
        var versions: [Int64?] = []
        for event in events {
            guard let facts = try event.payload(DivisionChanged.self)?.division else { continue }
            if try await refused(facts) { throw EventRejection(code: "test-rule", reason: "the test refuses it") }
            codes.append(facts.code.digits)
            versions.append(facts.households.map(Int64.init))
        }
        transaction.enqueue(
            PostgresStatement(
                "insert into ledger (code, version) select * from unnest($1::text[], $2::int8[])",
                [.textArray(codes), .int8Array(versions)]))
        return []
    }
}

/// Runs something until the closure ends, starting it again when it fails, as a supervisor does with a process.
func supervised<R>(
    _ parts: [@Sendable () async throws -> Void], _ body: () async throws -> R
) async throws -> R {
    let tasks = parts.map { part in
        Task {
            while !Task.isCancelled {
                // A failure here is the crash under test; what it leaves behind is looked at in the end.
                try? await part()
                await Task.yield()
            }
        }
    }
    defer { for task in tasks { task.cancel() } }
    let result = try await body()
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
    return result
}
