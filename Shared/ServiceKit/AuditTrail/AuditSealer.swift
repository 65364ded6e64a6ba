import Foundation
import Logging
import Messaging
import Models
import Postgres

/// How the sealer paces itself.
package struct AuditSealerSettings: Sendable {
    /// The hash of new seals.
    package var hash = AuditHash.sha256
    /// How long entries wait for a seal at most, when nothing fails: the unsealed tail is about this old.
    ///
    /// Not longer than this: a busy second's entries hashed at once were felt by the requests (`Benchmarks.md`).
    package var interval: Duration = .milliseconds(200)
    /// Most entries of a seal; a larger batch is sealed in parts.
    ///
    /// It bounds memory, and how much a verification must read at once.
    package var entriesMax = 5000

    package init() {}
}

/// Chains the entries of the audit trail by hashes, right behind the writers, who never wait for it (DESIGN 6).
///
/// Batches are cut by stored snapshots, as the relay cuts its ticks: neither a slow transaction nor a number that was
/// rolled back is skipped. A seal is one row, so whatever ends the sealer between two steps, the chain is whole. Any number
/// of replicas may run one; that which holds the advisory lock seals.
package final class AuditSealer: Sendable {
    private let service: ServiceName
    private let configuration: PostgresConfiguration
    private let settings: AuditSealerSettings
    private let failpoints: Failpoints
    private let writer: AuditSealWriter
    private let metrics: AuditTrailMetrics
    private let logger: Logger

    /// Makes a sealer.
    ///
    /// - Parameters:
    ///   - service: the service whose trail it is.
    ///   - configuration: its database; the sealer opens one connection of its own.
    ///   - settings: hash and pace.
    ///   - failpoints: where tests let it die.
    ///   - metrics: where it counts.
    ///   - logger: where it says what it does.
    package init(
        service: ServiceName, configuration: PostgresConfiguration, settings: AuditSealerSettings = .init(),
        failpoints: Failpoints = .none, metrics: AuditTrailMetrics = AuditTrailMetrics(), logger: Logger
    ) {
        var configuration = configuration
        configuration.applicationName += "-audit"
        // A stopped process keeps its connection and with it the lock; the server ends it, so that a standby takes over.
        configuration.idleSessionTimeout = .seconds(20)
        self.service = service
        self.configuration = configuration
        self.settings = settings
        self.failpoints = failpoints
        writer = AuditSealWriter(
            service: service, hash: settings.hash, entriesMax: settings.entriesMax, failpoints: failpoints)
        self.metrics = metrics
        self.logger = logger
    }

    /// Seals until the task is cancelled.
    ///
    /// - Throws: when the database fails; begin it again then.
    package func run() async throws {
        let connection = try await PostgresConnection.connect(configuration, logger: logger)
        do {
            try await seal(over: AuditSealStore(executor: connection))
            metrics.setActive(false)
            await connection.close()
        } catch {
            metrics.setActive(false)
            await connection.close()
            throw error
        }
    }

    private func seal(over store: AuditSealStore) async throws {
        while try await !store.acquire() {
            // Another replica may take the trail up in another cluster meanwhile.
            try await reportTail(of: store, last: store.latest(), in: store.ground().present)
            try await Task.sleep(for: settings.interval)
        }
        try await store.checkCluster()
        try await store.ensureMonths()
        metrics.setActive(true)
        logger.info("audit trail: sealing")
        // Nobody else begins an era while this one holds the lock.
        let era = try await store.ground().present
        var last = try await store.latest()
        metrics.noteLast(last?.number ?? 0)
        var monthsEnsuredAt = ContinuousClock.now
        while true {
            // One batch, in as many seals as it takes, and what came meanwhile with the next one: a seal is a durable
            // commit, and the disk is the writers'.
            repeat {
                guard let seal = try await next(after: last, in: era, store) else { break }
                last = seal
            } while last?.isLast == false
            try await reportTail(of: store, last: last, in: era)
            if .now - monthsEnsuredAt > .seconds(86_400) {
                try await store.ensureMonths()
                monthsEnsuredAt = .now
            }
            try await Task.sleep(for: settings.interval)
        }
    }

    private func reportTail(of store: AuditSealStore, last: AuditSeal?, in era: AuditEra) async throws {
        metrics.setTail(try await store.tail(after: era.previous(after: last), in: era))
    }

    /// Makes the next seal; nil when there is nothing to seal.
    private func next(
        after last: AuditSeal?, in era: AuditEra, _ store: AuditSealStore
    ) async throws -> AuditSeal? {
        if let last, !last.isLast {
            if let seal = try await seal(.rest(of: last), after: last, in: store) { return seal }
            // The seal before says that there was more. The chain goes on, and will not follow from it: that is found.
            logger.critical(
                "audit trail: entries vanished before they were sealed", metadata: ["seal": "\(last.number)"])
        }
        let previous = era.previous(after: last)
        guard let cut = try await store.cut(after: previous, in: era) else { return nil }
        try failpoints.pass(.sealerAfterCut)
        let place = AuditSealWriter.Place(
            previous: previous, snapshot: cut.snapshot, after: 0, positions: cut.firstPosition...Int64.max)
        return try await seal(place, after: last, in: store)
    }

    private func seal(
        _ place: AuditSealWriter.Place, after last: AuditSeal?, in store: AuditSealStore
    ) async throws -> AuditSeal? {
        guard let seal = try await writer.seal(place, after: last, in: store) else { return nil }
        metrics.countSealed(seal)
        try failpoints.pass(.sealerAfterSeal)
        return seal
    }
}
