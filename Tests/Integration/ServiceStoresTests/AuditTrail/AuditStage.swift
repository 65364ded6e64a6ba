import Foundation
import Logging
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// A database with an outbox and its audit trail, and a table of things whose versions are the order of their changes.
struct AuditStage {
    let database: TestDatabase
    let pool: PostgresPool
    let outbox: Outbox
    let trail: AuditTrail
    let metrics = AuditTrailMetrics()

    static let service = ServiceName.gridOperations
    static let clerk = Actor(
        kind: .person, subject: "u-17", roles: ["grid-worker@532923100001"], operation: "POST /v1/things")

    /// Lends a fresh one to `body`.
    ///
    /// - Parameters:
    ///   - name: a word for the database.
    ///   - owner: a role to which the database and all in it belongs; the superuser without it.
    static func with(
        _ name: String, owner: String? = nil, _ body: (AuditStage) async throws -> Void
    ) async throws {
        try await TestDatabase.with(named: "audit_" + name) { created in
            var configuration = created.configuration
            if let owner {
                let administrator = created.pool(size: 1)
                for statement in [
                    "create role \(owner) login", "alter database \(configuration.database) owner to \(owner)",
                ] { _ = try await administrator.query(PostgresStatement(statement)) }
                await administrator.shutdown(deadline: .seconds(5))
                configuration.user = owner
            }
            let database = TestDatabase(server: created.server, configuration: configuration)
            let pool = database.pool(size: 14)
            let sets = [
                MigrationSet(name: "messaging", directory: MessagingMigrations.directory),
                MigrationSet(name: "service-kit", directory: ServiceMigrations.directory),
            ]
            try await Migrator(sets: sets).migrate(pool)
            _ = try await pool.query("create table things (id text primary key, version bigint not null)")
            _ = try await pool.query("create table elsewhere (id bigint primary key, n bigint not null)")
            let trail = AuditTrail(service: service)
            try await body(
                AuditStage(
                    database: database, pool: pool, outbox: Outbox(pool: pool, companion: trail), trail: trail))
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    // MARK: - Writing

    /// An event of a division, which stands for any.
    static func event(_ code: String = "532923100001") throws -> OutgoingEvent {
        let facts = DivisionFacts(code: try #require(DivisionCode(code)), name: "某地", level: .community, households: 1)
        return try OutgoingEvent(
            DivisionChanged(division: facts), occurredAt: Date(timeIntervalSince1970: 1_627_800_000))
    }

    /// Changes a thing, as a service does: lock its row, change it, write it down.
    func change(_ index: Int, takingIDEarly: Bool = false) async throws {
        let trail = trail
        try await pool.withTransaction { transaction in
            if takingIDEarly {
                // Another row first: the transaction has its id long before it holds the thing's lock.
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
                    insert into things (id, version) values (\("t\(index)"), 1)
                    on conflict (id) do update set version = things.version + 1 returning version
                    """
                ).rows.first?.decode("version") ?? 0
            trail.record(
                [AuditEntry(.changed, "thing", id: "t\(index)", details: ["version": .count(Int(version))])],
                in: transaction)
        }
    }

    /// Writes entries one transaction each.
    func write(_ count: Int) async throws {
        for index in 0..<count { try await change(index % 7) }
    }

    // MARK: - Sealing

    func sealer(
        entriesMax: Int = 5000, interval: Duration = .milliseconds(5), hash: AuditHash = .sha256,
        failpoints: Failpoints = .none, configuration: PostgresConfiguration? = nil, metrics: AuditTrailMetrics? = nil
    ) -> AuditSealer {
        var settings = AuditSealerSettings()
        settings.interval = interval
        settings.entriesMax = entriesMax
        settings.hash = hash
        return AuditSealer(
            service: Self.service, configuration: configuration ?? database.configuration, settings: settings,
            failpoints: failpoints, metrics: metrics ?? self.metrics,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs sealers while `body` runs, beginning them again when they fail, as a service does.
    func sealing(_ sealers: [AuditSealer], _ body: () async throws -> Void) async throws {
        let tasks = sealers.map { sealer in
            Task {
                while !Task.isCancelled {
                    // What a failure leaves behind is looked at in the end.
                    try? await sealer.run()
                    await Task.yield()
                }
            }
        }
        defer { for task in tasks { task.cancel() } }
        try await body()
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Seals everything that is there.
    func sealAll(entriesMax: Int = 5000, hash: AuditHash = .sha256) async throws {
        try await sealing([sealer(entriesMax: entriesMax, hash: hash)]) { try await allSealed() }
    }

    /// Waits until no entry is without a seal.
    func allSealed() async throws {
        try await eventually(within: .seconds(20), "all is sealed") {
            let head = try await number("select count(*) from audit_trail.seals where is_last")
            let sealed = try await number("select coalesce(sum(entries), 0)::int8 from audit_trail.seals")
            let written = try await number("select count(*) from audit_trail.entries")
            return head > 0 && sealed == written
        }
    }

    // MARK: - Looking

    /// Verifies the whole trail, part by part.
    func verify() async throws -> (findings: [AuditFinding], entries: Int, seals: Int) {
        let verifier = AuditVerifier(service: Self.service, executor: pool)
        var result: (findings: [AuditFinding], entries: Int, seals: Int) = ([], 0, 0)
        var after: Int64? = 0
        while let number = after {
            let part = try await verifier.verify(after: number)
            result.findings += part.findings
            result.entries += part.entries
            result.seals += part.seals
            after = part.next
        }
        return result
    }

    /// Runs statements as only a superuser can, with the triggers switched off.
    func tamper(_ statements: String...) async throws {
        try await pool.withTransaction { transaction in
            try await transaction.script("set local session_replication_role = replica")
            for statement in statements { _ = try await transaction.query(PostgresStatement(statement)) }
        }
    }

    /// One number of a query.
    func number(_ query: PostgresStatement) async throws -> Int {
        try #require(try await pool.query(query).rows.first).decode(at: 0)
    }

    /// The sealed versions of each thing, in the order of the chain.
    func sealedVersions() async throws -> [String: [Int]] {
        let seals = try await pool.query("select marks from audit_trail.seals order by number").rows
        let positions = try seals.flatMap { AuditMark.decode(try $0.decode("marks")).map(\.position) }
        var things: [Int64: (id: String, version: Int)] = [:]
        let entries = try await pool.query(
            "select position, object_id, (details::json->>'version')::int8 as version from audit_trail.entries")
        for row in entries.rows {
            things[try row.decode("position")] = (try row.decode("object_id"), try row.decode("version"))
        }
        var versions: [String: [Int]] = [:]
        for position in positions {
            let thing = try #require(things[position])
            versions[thing.id, default: []].append(thing.version)
        }
        return versions
    }
}
