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
    package var interval: Duration = .seconds(1)
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
            try await reportTail(of: store, last: store.latest())
            try await Task.sleep(for: settings.interval)
        }
        try await store.checkCluster()
        try await store.ensureMonths()
        metrics.setActive(true)
        logger.info("audit trail: sealing")
        var last = try await store.latest()
        metrics.noteLast(last?.number ?? 0)
        var monthsEnsuredAt = ContinuousClock.now
        while true {
            // One batch, in as many seals as it takes, and what came meanwhile with the next one: a seal is a durable
            // commit, and the disk is the writers'.
            repeat {
                guard let seal = try await next(after: last, in: store) else { break }
                last = seal
            } while last?.isLast == false
            try await reportTail(of: store, last: last)
            if .now - monthsEnsuredAt > .seconds(86_400) {
                try await store.ensureMonths()
                monthsEnsuredAt = .now
            }
            try await Task.sleep(for: settings.interval)
        }
    }

    private func reportTail(of store: AuditSealStore, last: AuditSeal?) async throws {
        metrics.setTail(try await store.tail(after: last?.snapshot ?? AuditSeal.beginning))
    }

    /// Makes the next seal; nil when there is nothing to seal.
    private func next(after last: AuditSeal?, in store: AuditSealStore) async throws -> AuditSeal? {
        if let last, !last.isLast {
            let rest = Place(
                previous: last.previous, snapshot: last.snapshot, after: last.lastPosition, from: last.lastPosition + 1)
            if let seal = try await seal(rest, after: last, in: store) { return seal }
            // The seal before says that there was more. The chain goes on, and will not follow from it: that is found.
            logger.critical(
                "audit trail: entries vanished before they were sealed", metadata: ["seal": "\(last.number)"])
        }
        let previous = last?.snapshot ?? AuditSeal.beginning
        guard let cut = try await store.cut(after: previous) else { return nil }
        try failpoints.pass(.sealerAfterCut)
        let place = Place(previous: previous, snapshot: cut.snapshot, after: 0, from: cut.firstPosition)
        return try await seal(place, after: last, in: store)
    }

    /// Where a seal begins.
    private struct Place {
        var previous: String
        var snapshot: String
        /// The position after which it begins; 0 for the first part of a batch.
        var after: Int64
        /// The first position to look at.
        var from: Int64
    }

    /// Reads, hashes and writes one seal; nil when no entry is there.
    private func seal(_ place: Place, after last: AuditSeal?, in store: AuditSealStore) async throws -> AuditSeal? {
        let limit = settings.entriesMax
        let entries = try await store.entries(
            seenBy: place.snapshot, notBy: place.previous, in: place.from...Int64.max, limit: limit + 1)
        guard let first = entries.first else { return nil }
        let sealed = entries.prefix(limit)
        let digests = try sealed.map { try settings.hash.digest($0.canonicalBytes) }
        var seal = AuditSeal(
            number: (last?.number ?? 0) + 1, previous: place.previous, snapshot: place.snapshot, after: place.after,
            isLast: entries.count <= limit, firstPosition: first.position,
            lastPosition: sealed.last?.position ?? first.position, entries: Int64(sealed.count),
            algorithm: settings.hash, previousHash: last?.hash ?? AuditSeal.noHash, hash: [],
            marks: AuditMark.encode(zip(sealed, digests).map { AuditMark(position: $0.position, digest: $1) }),
            sealedAtMicroseconds: Int64(SystemClock().now.timeIntervalSince1970 * 1_000_000))
        seal.hash = try seal.computedHash(over: digests, of: service)
        try failpoints.pass(.sealerBeforeSeal)
        try await store.insert(seal)
        metrics.countSealed(seal)
        try failpoints.pass(.sealerAfterSeal)
        return seal
    }
}
