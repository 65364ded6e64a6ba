import Foundation
import Kafka
import Logging
import Models
import Postgres
import Synchronization

/// Answers what is said on the replay topic: sends ranges again for others, and moves this service's own readers on
/// where a source can no longer say what came before.
package final class ReplayResponder: Sendable {
    private let store: ReplayStore
    private let pool: PostgresPool
    private let outbox: Outbox
    private let sink: any RecordSink
    private let requester: ReplayRequester
    private let naming: TopicNaming
    private let source: String
    private let readers: Set<String>
    private let announcers: [any Announcer]
    private let metrics: MessagingMetrics
    private let logger: Logger
    private let kafka: KafkaConsumerConfiguration
    private let running = Mutex<KafkaConsumer?>(nil)
    /// What was answered a moment ago: several readers ask for the same range at the same time.
    private let answered = Mutex<[ReplayMessage: ContinuousClock.Instant]>([:])

    /// How many aggregates are stated in one transaction, and how long the pause after it is: 500 a second at most.
    private static let announcePage = 100
    private static let announcePause: Duration = .milliseconds(200)

    /// Makes a responder.
    package init(
        pool: PostgresPool, outbox: Outbox, sink: any RecordSink, kafka: KafkaConfiguration, naming: TopicNaming,
        service: String, source: String, readers: [String], announcers: [any Announcer],
        metrics: MessagingMetrics = MessagingMetrics(), logger: Logger
    ) {
        store = ReplayStore(pool: pool, source: source)
        self.pool = pool
        self.outbox = outbox
        self.sink = sink
        requester = ReplayRequester(sink: sink, naming: naming)
        self.naming = naming
        self.source = source
        self.readers = Set(readers)
        self.announcers = announcers
        self.metrics = metrics
        self.logger = logger
        var configuration = KafkaConsumerConfiguration(
            client: kafka, group: naming.wireName("\(service).replay"), topics: [naming.wireName(ReplayTopic.name)])
        configuration.startAt = .earliest
        self.kafka = configuration
    }

    /// Answers until `shutdown` or until the task is cancelled.
    package func run() async throws {
        let consumer = try KafkaConsumer(kafka, logger: logger) { [self] batch in
            for record in batch.records { try await answer(record) }
        }
        running.withLock { $0 = consumer }
        try await consumer.run()
    }

    /// Finishes and leaves the group.
    package func shutdown(deadline: Duration) async {
        guard let consumer = running.withLock({ $0 }) else { return }
        await consumer.shutdown(deadline: deadline)
    }

    private func answer(_ record: KafkaIncomingRecord) async throws {
        let message: ReplayMessage
        do {
            message = try EventCoding.decode(ReplayMessage.self, from: record.value ?? [])
        } catch {
            logger.warning("replay: a message that cannot be read is left alone")
            return
        }
        guard abs(Date().timeIntervalSince(message.at)) < ReplayMessage.ageMax else { return }
        switch message.kind {
        case .resend where message.source == source && isNew(message): try await resend(message)
        case .announce where message.source == source && isNew(message): try await announce(message)
        case .gone: try await moveOn(message)
        default: return
        }
    }

    /// Sends a range of this service's own outbox again.
    ///
    /// Also behind the operator's `replay`.
    package func resend(_ message: ReplayMessage) async throws {
        guard let lane = message.lane, let from = message.from, let through = message.through, from <= through,
            let topic = Topic.named(message.topic), (0..<topic.lanes).contains(lane), from >= 1,
            from <= Int64.max - GapTracker.rangeMax
        else { return }
        let last = min(through, from + GapTracker.rangeMax - 1)
        let (events, earliest) = try await store.events(
            TopicLane(topic: message.topic, lane: lane), from: from, through: last)
        if let earliest, earliest > from {
            try await requester.say([
                ReplayMessage(
                    kind: .gone, source: source, topic: message.topic, lane: lane, through: earliest - 1, at: Date())
            ])
        }
        var sender = RelaySender(sink: sink, naming: naming, settings: RelaySettings())
        try await sender.send(events.map { (topic.name, $0) })
        metrics.countReplayed(events.count)
        logger.info(
            "replay: sent again",
            metadata: ["topic": "\(topic.name)", "lane": "\(lane)", "from": "\(from)", "records": "\(events.count)"])
    }

    private func moveOn(_ message: ReplayMessage) async throws {
        guard let lane = message.lane, let through = message.through else { return }
        let topics = EventCatalogue.readers.keys.map(\.name)
        guard topics.contains(message.topic), let topic = Topic.named(message.topic), (0..<topic.lanes).contains(lane)
        else { return }
        var moved = false
        for reader in readers {
            let store = ReaderStore(consumer: reader)
            let lane = ReaderLane(source: message.source, topic: message.topic, lane: lane)
            let known = try await store.watermarks([lane], with: pool)
            guard known[lane] ?? 0 < through else { continue }
            try await store.rebase(lane, through: through, with: pool)
            moved = true
        }
        guard moved else { return }
        logger.warning(
            "replay: the source no longer has the past of a lane; asks it to state the present",
            metadata: ["topic": "\(message.topic)", "lane": "\(lane)"])
        try await requester.say([
            ReplayMessage(kind: .announce, source: message.source, topic: message.topic, at: Date())
        ])
    }

    private func announce(_ message: ReplayMessage) async throws {
        guard let topic = Topic.named(message.topic),
            let announcer = announcers.first(where: { $0.topics.contains(topic) })
        else { return }
        var cursor: String?
        repeat {
            let from = cursor
            cursor = try await outbox.transaction(on: .announcement) { transaction in
                let page = try await announcer.announce(
                    topic, after: from, limit: Self.announcePage, in: transaction)
                return (page.cursor, page.events)
            }
            try await Task.sleep(for: Self.announcePause)
        } while cursor != nil
        logger.info("replay: stated the present", metadata: ["topic": "\(topic.name)"])
    }

    /// Lets the same request through once in a while: every reader of a lost record asks, and one answer serves all.
    private func isNew(_ message: ReplayMessage) -> Bool {
        var asked = message
        asked.consumer = nil
        asked.at = .distantPast
        let now = ContinuousClock.now
        let quiet: Duration = message.kind == .announce ? .seconds(60) : .milliseconds(500)
        return answered.withLock { answered in
            answered = answered.filter { now - $0.value < .seconds(60) }
            if let last = answered[asked], now - last < quiet { return false }
            answered[asked] = now
            return true
        }
    }
}
