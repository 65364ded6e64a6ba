import Foundation
import Kafka
import Logging
import Models
import Postgres

/// Sends a service's outbox to the broker, in ticks (DESIGN 3.2, 3.3).
///
/// Any number of replicas may run one; that which holds the advisory lock is active. The lock lives on the connection
/// that writes the state, so a relay that lost it cannot write; what such a relay still sends has the same numbers as
/// what its successor sends, because a tick is committed before anything of it goes out.
package final class Relay: Sendable {
    private let configuration: PostgresConfiguration
    private let sink: any RecordSink
    private let source: String
    private let naming: TopicNaming
    private let signal: RelaySignal
    private let settings: RelaySettings
    private let failpoints: Failpoints
    private let metrics: MessagingMetrics
    private let logger: Logger

    /// Makes a relay.
    ///
    /// - Parameters:
    ///   - configuration: the service's own database; the relay opens one connection of its own.
    ///   - sink: where records go.
    ///   - source: the CloudEvents source of the service.
    ///   - naming: the prefix of topics.
    ///   - signal: what wakes the relay after a commit of this process.
    ///   - settings: the pace.
    ///   - failpoints: where tests let it die.
    ///   - metrics: where it counts.
    ///   - logger: where it says what it does.
    package init(
        configuration: PostgresConfiguration, sink: any RecordSink, source: String, naming: TopicNaming,
        signal: RelaySignal, settings: RelaySettings = RelaySettings(), failpoints: Failpoints = .none,
        metrics: MessagingMetrics = MessagingMetrics(), logger: Logger
    ) {
        var configuration = configuration
        configuration.applicationName += "-relay"
        // A stopped process keeps its connection and with it the lock; the server ends it, so that a standby takes over.
        configuration.idleSessionTimeout = .seconds(20)
        self.configuration = configuration
        self.sink = sink
        self.source = source
        self.naming = naming
        self.signal = signal
        self.settings = settings
        self.failpoints = failpoints
        self.metrics = metrics
        self.logger = logger
    }

    /// Relays until the task is cancelled.
    ///
    /// Failures of database and broker are logged and tried again with backoff.
    package func run() async throws {
        var backoff = Backoff(settings.backoff)
        while !Task.isCancelled {
            do {
                try await runOnce(onProgress: { backoff.reset() })
            } catch let error where !Task.isCancelled {
                if error is Failpoints.Hit { throw error }
                logger.warning("relay: will start again", metadata: ["error": "\(error)"])
                await signal.wait(atMost: backoff.next())
            }
        }
    }

    /// One life of the relay: a connection, the lock, then ticks until something fails.
    private func runOnce(onProgress: () -> Void) async throws {
        let connection = try await PostgresConnection.connect(configuration, logger: logger)
        do {
            let store = RelayStore(connection: connection, source: source)
            try await relay(with: store, onProgress: onProgress)
            await connection.close()
        } catch {
            metrics.setRelayActive(false)
            await connection.close()
            throw error
        }
    }

    /// Rebases a database that was restored into another cluster; the active relay then goes on by itself.
    func rebase(seen: [TopicLane: Int64]) async throws {
        let connection = try await PostgresConnection.connect(configuration, logger: logger)
        do {
            let store = RelayStore(connection: connection, source: source)
            // A relay that finds the foreign cluster takes the lock for a moment at each of its tries.
            var tries = 0
            while try await !store.acquire() {
                tries += 1
                guard tries < 20 else { throw RebaseRefusal.relayActive }
                try await Task.sleep(for: .milliseconds(100))
            }
            try await RelayRebase(seen: seen).run(with: store)
            await connection.close()
        } catch {
            await connection.close()
            throw error
        }
    }

    private func relay(with store: RelayStore, onProgress: () -> Void) async throws {
        while try await !store.acquire() {
            onProgress()
            await signal.wait(atMost: settings.standbyInterval)
            if Task.isCancelled { return }
        }
        try await store.checkCluster()
        try await store.turnDays(retentionDays: settings.retentionDays)
        var session = RelaySession(
            store: store, sender: RelaySender(sink: sink, naming: naming, settings: settings), settings: settings,
            source: source, failpoints: failpoints, metrics: metrics)
        try await session.recover()
        metrics.setRelayActive(true)
        logger.info("relay: active")
        onProgress()
        var wait = settings.pollMin
        while !Task.isCancelled {
            let sent = try await session.relayNext()
            onProgress()
            if sent {
                wait = settings.pollMin
                continue
            }
            try await session.keepHouse()
            await signal.wait(atMost: wait)
            wait = min(wait * 2, settings.pollMax)
        }
        // What was committed while the last look was under way still goes out before a clean end.
        _ = try await session.relayNext()
    }
}

/// The state of one life of an active relay.
private struct RelaySession {
    let store: RelayStore
    var sender: RelaySender
    let settings: RelaySettings
    let source: String
    let failpoints: Failpoints
    let metrics: MessagingMetrics
    private var last = Tick(
        number: 0, previous: "1:1:", snapshot: "1:1:", firstPosition: 0, lastPosition: 0, records: 0)
    private var heads: [TopicLane: Int64] = [:]
    private var headsSent: [TopicLane: Int64] = [:]
    private var headsSentAt: ContinuousClock.Instant?
    private var daysEnsuredAt = ContinuousClock.now

    init(
        store: RelayStore, sender: RelaySender, settings: RelaySettings, source: String, failpoints: Failpoints,
        metrics: MessagingMetrics
    ) {
        self.store = store
        self.sender = sender
        self.settings = settings
        self.source = source
        self.failpoints = failpoints
        self.metrics = metrics
    }

    /// Finishes the batch that a relay before this one may have begun.
    mutating func recover() async throws {
        heads = try await store.heads()
        last = try await store.latestTick().tick
        for tick in try await store.unacknowledgedTicks() { try await send(tick) }
    }

    /// Cuts a tick and sends its batch.
    ///
    /// False when there was nothing to send.
    mutating func relayNext() async throws -> Bool {
        guard let tick = try await store.cut(after: last) else { return false }
        last = tick
        try failpoints.pass(.relayAfterCut)
        try await send(tick)
        return true
    }

    /// What is done while there is nothing to send: heads of lanes, partitions of days to come.
    mutating func keepHouse() async throws {
        let now = ContinuousClock.now
        if let sentAt = headsSentAt {
            let interval = heads == headsSent ? settings.headsRepeat : settings.headsInterval
            guard now - sentAt >= interval else { return }
        }
        try await sender.sendHeads(heads, source: source)
        headsSent = heads
        headsSentAt = now
        if now - daysEnsuredAt > .seconds(3600) {
            try await store.turnDays(retentionDays: settings.retentionDays)
            daysEnsuredAt = now
        }
    }

    private mutating func send(_ tick: Tick) async throws {
        var numbering = LaneNumbering(heads: heads)
        let store = store
        let limit = settings.chunkRecordsMax
        var rows = try await store.rows(of: tick, after: tick.firstPosition - 1, limit: limit)
        while let position = rows.last?.position {
            for index in rows.indices {
                rows[index].envelope.number = numbering.next(rows[index].lane)
            }
            // The next part is read while this one is on its way.
            let isLast = rows.count < limit
            async let next = isLast ? [] : store.rows(of: tick, after: position, limit: limit)
            try await sender.send(rows.map { ($0.lane.topic, $0.envelope) })
            metrics.countSent(rows.count)
            try failpoints.pass(.relayMidBatch)
            rows = try await next
        }
        try failpoints.pass(.relayAfterSend)
        try await store.acknowledge(tick, runs: numbering.runs)
        heads = numbering.heads
        metrics.setLastTick(tick.number)
        try failpoints.pass(.relayAfterState)
    }
}
