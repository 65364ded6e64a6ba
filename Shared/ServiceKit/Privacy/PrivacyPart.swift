import Logging
import Messaging
import Metrics
import Models
import Postgres

/// The parts of a running service that guard personal data: rotation of keys, lookup hashes, retention, legal holds.
struct PrivacyPart: Sendable {
    private let rotation: FieldRotation
    private let lookups: LookupRotation
    private let backfill: LookupBackfill
    private let retention: RetentionJob
    private let holds: LegalHolds
    private let unmaskings: UnmaskLedger
    private let clock: any SuiteClock
    private let logger: Logger

    init(
        setup: ServiceSetup, inventory: PersonalDataInventory, pool: PostgresPool, outbox: Outbox,
        audit: AuditTrail, clock: any SuiteClock, logger: Logger
    ) throws {
        let whole = inventory.joined(with: .kit)
        rotation = FieldRotation(
            pool: pool, audit: audit, cipher: setup.cipher, inventory: whole,
            failpoints: try KafkaSetup.failpoints(setup.settings))
        lookups = LookupRotation(
            pool: pool, audit: audit, cipher: setup.cipher, inventory: whole,
            failpoints: try KafkaSetup.failpoints(setup.settings))
        backfill = LookupBackfill(
            pool: pool, audit: audit, cipher: setup.cipher, inventory: whole,
            failpoints: try KafkaSetup.failpoints(setup.settings))
        retention = RetentionJob(
            outbox: outbox, audit: audit, rules: whole.retention, now: { clock.now }, logger: logger)
        holds = LegalHolds(pool: pool, audit: audit, types: whole.holdable.union(whole.retention.map(\.objectType)))
        unmaskings = UnmaskLedger(
            pool: pool, audit: audit, cipher: setup.cipher, limit: try setup.settings.int("privacy.unmaskPerDay"),
            now: { clock.now }, logger: logger)
        self.clock = clock
        self.logger = logger
    }

    func addRoutes(to routes: SuiteRoutes) {
        FieldKeyRoutes(rotation: rotation, lookups: lookups, clock: clock).add(to: routes)
        LegalHoldRoutes(holds: holds, clock: clock).add(to: routes)
        UnmaskingRoutes(ledger: unmaskings).add(to: routes)
    }

    var work: [BackgroundWork] {
        [
            BackgroundWork(name: "field-key-rotation") {
                try await checkKeys()
                while true {
                    while try await rotation.step(at: clock.now) { try Task.checkCancellation() }
                    try await Task.sleep(for: .seconds(2))
                }
            },
            BackgroundWork(name: "lookup-key-rotation") {
                while true {
                    while try await lookups.step(at: clock.now) { try Task.checkCancellation() }
                    try await Task.sleep(for: .seconds(2))
                }
            },
            BackgroundWork(name: "lookup-backfill") {
                while true {
                    // Again now and then: a replica of an earlier release may still write rows without a hash.
                    _ = try await backfill.run()
                    try await Task.sleep(for: .seconds(600))
                }
            },
            BackgroundWork(name: "retention") { try await retention.run() },
        ]
    }

    /// Looks once whether all values can be read.
    ///
    /// The service goes on without those that cannot: what needs no keys still
    /// works, and nothing is lost by it.
    private func checkKeys() async throws {
        let report = try await rotation.report().joined(withLookups: lookups.report())
        Gauge(label: "field_values_unreadable").record(report.unreadable)
        guard report.unreadable > 0 else { return }
        let missing = Set(report.values.filter { !$0.isReadable }.compactMap(\.key)).sorted()
        logger.critical(
            "stored values need a key that is not in crypto.keys; put it back",
            metadata: [
                "values": .stringConvertible(report.unreadable), "keys": .string(missing.joined(separator: ",")),
            ])
    }
}
