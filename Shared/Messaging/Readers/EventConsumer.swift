import Foundation
import Kafka
import Logging
import Models
import Postgres
import Synchronization

/// How a reader paces itself.
package struct ConsumerSettings: Sendable {
    /// How many records are taken into one transaction.
    package var batchRecordsMax = 2000
    /// How many events of one lane may wait behind a gap in memory.
    package var heldPerLaneMax = 2000
    /// The moment that a new gap waits before the source is asked.
    package var gapGrace: Duration = .milliseconds(250)
    /// How often gaps are looked at.
    package var gapInterval: Duration = .milliseconds(100)
    /// The waits between tries of a batch after a passing failure, doubling.
    package var backoff: ClosedRange<Duration> = .milliseconds(50)...(.seconds(5))
    /// After how long without a heartbeat the broker gives the partitions to another replica.
    package var sessionTimeout: Duration = .seconds(10)

    package init() {}
}

/// Reads topics for one handler, so that every event is applied once, whatever the broker does (DESIGN 3.4).
package final class EventConsumer: Sendable {
    private let handler: any EventHandler
    private let pool: PostgresPool
    private let naming: TopicNaming
    private let applier: BatchApplier
    private let requester: ReplayRequester
    private let settings: ConsumerSettings
    private let failpoints: Failpoints
    private let metrics: MessagingMetrics
    private let logger: Logger
    private let gaps: GapTracker
    /// Events behind gaps.
    ///
    /// A partition's batches come one after another, so that only its own task touches its lanes.
    private let held = Mutex<[ReaderLane: [Int64: ReceivedEvent]]>([:])
    private let kafka: KafkaConsumerConfiguration
    private let running = Mutex<KafkaConsumer?>(nil)

    /// Makes a reader.
    package init(
        handler: any EventHandler, pool: PostgresPool, kafka: KafkaConfiguration, naming: TopicNaming, outbox: Outbox,
        requester: ReplayRequester, settings: ConsumerSettings = ConsumerSettings(), failpoints: Failpoints = .none,
        metrics: MessagingMetrics = MessagingMetrics(), logger: Logger
    ) {
        self.handler = handler
        self.pool = pool
        self.naming = naming
        self.requester = requester
        self.settings = settings
        self.failpoints = failpoints
        self.metrics = metrics
        self.logger = logger
        gaps = GapTracker(grace: settings.gapGrace)
        applier = BatchApplier(
            handler: handler, pool: pool, outbox: outbox, failpoints: failpoints, heldMax: settings.heldPerLaneMax)
        var configuration = KafkaConsumerConfiguration(
            client: kafka, group: naming.wireName(handler.name), topics: handler.topics.map { naming.wireName($0.name) }
        )
        // Earliest, also after a broker has lost its offsets: what was seen before is told by its number.
        configuration.startAt = .earliest
        configuration.batchRecordsMax = settings.batchRecordsMax
        configuration.sessionTimeout = settings.sessionTimeout
        self.kafka = configuration
    }

    /// How many lanes wait for something missing.
    package var openGaps: Int { gaps.count }

    /// Reads until `shutdown` or until the task is cancelled.
    package func run() async throws {
        let consumer = try KafkaConsumer(kafka, logger: logger) { [self] batch in try await handle(batch) }
        running.withLock { $0 = consumer }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await consumer.run() }
            group.addTask { await self.watchGaps() }
            // The consumer ends by shutdown or failure; the watcher only by being cancelled.
            try await group.next()
            group.cancelAll()
        }
    }

    /// Finishes the running batches and leaves the group.
    package func shutdown(deadline: Duration) async {
        guard let consumer = running.withLock({ $0 }) else { return }
        await consumer.shutdown(deadline: deadline)
    }

    /// Applies a batch, again and again while the failure is a passing one.
    private func handle(_ batch: KafkaBatch) async throws {
        guard let topic = naming.name(ofWire: batch.topic).flatMap(Topic.named) else { return }
        try failpoints.pass(.consumerBeforeApply)
        let sorted = PartitionBatch(batch, topic: topic)
        let lanes = sorted.lanes
        let heldBefore = held.withLock { held in held.filter { lanes.contains($0.key) } }
        var backoff = Backoff(settings.backoff)
        while true {
            do {
                let outcome = try await applier.apply(sorted, held: heldBefore)
                learn(outcome, of: lanes, heads: sorted.heads)
                try failpoints.pass(.consumerAfterCommit)
                return
            } catch let error where !Task.isCancelled && !(error is Failpoints.Hit) {
                metrics.count(reader: handler.name) { $0.retries += 1 }
                logger.warning(
                    "reader: batch will be tried again",
                    metadata: ["reader": "\(handler.name)", "topic": "\(topic.name)", "error": "\(error)"])
                try await Task.sleep(for: backoff.next())
            }
        }
    }

    private func learn(_ outcome: BatchOutcome, of lanes: Set<ReaderLane>, heads: [ReaderLane: Int64]) {
        held.withLock { held in
            for lane in lanes { held[lane] = outcome.held[lane] }
        }
        let now = ContinuousClock.now
        for lane in lanes.union(heads.keys) {
            gaps.learn(
                lane, watermark: outcome.watermarks[lane] ?? 0, head: heads[lane],
                firstHeld: outcome.held[lane]?.keys.min(), now: now)
        }
        metrics.count(reader: handler.name) { counts in
            counts.applied += outcome.applied
            counts.duplicates += outcome.duplicates
            counts.parked += outcome.parked
        }
    }

    /// Looks at open gaps and asks the sources for what is missing.
    private func watchGaps() async {
        while !Task.isCancelled {
            // A cancelled sleep ends the loop at its condition.
            try? await Task.sleep(for: settings.gapInterval)
            let now = ContinuousClock.now
            let due = gaps.due(now: now)
            guard !due.isEmpty, !Task.isCancelled else { continue }
            do {
                try await ask(due, now: now)
            } catch {
                logger.debug(
                    "reader: could not ask for a replay", metadata: ["reader": "\(handler.name)", "error": "\(error)"])
            }
        }
    }

    private func ask(_ due: [ReaderLane: GapTracker.Gap], now: ContinuousClock.Instant) async throws {
        // Another replica may have gone on with the lane in the meantime.
        let watermarks = try await ReaderStore(consumer: handler.name).watermarks(Array(due.keys), with: pool)
        var messages: [ReplayMessage] = []
        for (lane, gap) in due {
            let watermark = watermarks[lane] ?? 0
            let firstHeld = held.withLock { $0[lane]?.keys.filter { $0 > watermark }.min() }
            if watermark > gap.watermark {
                gaps.learn(lane, watermark: watermark, head: gap.head, firstHeld: firstHeld, now: now)
                continue
            }
            messages.append(
                ReplayMessage(
                    kind: .resend, source: lane.source, topic: lane.topic, lane: lane.lane,
                    from: gap.missing.lowerBound, through: gap.missing.upperBound, consumer: handler.name, at: Date()))
            gaps.asked(lane, now: now)
        }
        guard !messages.isEmpty else { return }
        let asked = messages.count
        metrics.count(reader: handler.name) { $0.replaysAsked += asked }
        logger.info(
            "reader: asks for missing records again",
            metadata: ["reader": "\(handler.name)", "lanes": "\(messages.count)"])
        try await requester.say(messages)
    }
}
