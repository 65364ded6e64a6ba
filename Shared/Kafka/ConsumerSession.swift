import CRdkafka
import Foundation
import Logging
import Synchronization

/// One client of a consumer, from joining the group to leaving it.
///
/// Lives on the poll thread.
final class ConsumerSession {
    let worker: ConsumerWorker
    let handle: ClientHandle
    /// The feed of each assigned partition.
    var feeds: [TopicPartition: PartitionFeed] = [:]
    /// Records taken in this round, not yet given to their feed.
    var collected: [TopicPartition: [KafkaIncomingRecord]] = [:]
    var topicNames: [OpaquePointer: String] = [:]
    var nextMembershipCheck = ContinuousClock.now
    // Since when an assignment is awaited; nil while there is one, be it empty.
    var waitingSince: ContinuousClock.Instant? = .now
    var leavesGroup = true
    // Records between two looks at sleeping fetchers; so many in a row mean that there is a backlog.
    private static let queueIsFullAfter = 5_000
    private var takenSinceWake = 0
    // Records taken in a row before handlers are fed and the flow is looked at.
    private static let roundRecordsMax = 1_000

    /// A partition of a topic.
    struct TopicPartition: Hashable {
        let topic: String
        let partition: Int32
    }

    init(worker: ConsumerWorker, handle: ClientHandle) {
        self.worker = worker
        self.handle = handle
    }

    static func makeHandle(_ worker: ConsumerWorker) throws -> ClientHandle {
        let properties = try ClientProperties.consumer(
            worker.configuration, uniqueSuffix: ClientHandle.uniqueSuffix())
        return try ClientHandle(type: RD_KAFKA_CONSUMER, properties: properties, operation: "create consumer") { conf in
            // The callbacks run inside the poll, on the poll thread. The session is found through `current`, since the
            // client exists before the session does.
            rd_kafka_conf_set_rebalance_cb(conf) { _, code, partitions, _ in
                ConsumerSession.current?.rebalance(code: code, partitions: partitions)
            }
            rd_kafka_conf_set_error_cb(conf) { _, code, reason, _ in
                ConsumerSession.current?.note(code: code, reason: reason.map { String(cString: $0) } ?? "")
            }
            rd_kafka_conf_set_offset_commit_cb(conf) { _, code, _, _ in
                // That there was nothing to commit is told as an error too.
                guard code != RD_KAFKA_RESP_ERR_NO_ERROR, code != RD_KAFKA_RESP_ERR__NO_OFFSET else { return }
                ConsumerSession.current?.note(code: code.rawValue, reason: "offsets not committed")
            }
            rd_kafka_conf_set_log_cb(conf) { _, level, _, text in
                guard let text else { return }
                ConsumerSession.current?.worker.logger.forward(syslog: level, text: String(cString: text))
            }
            rd_kafka_conf_set_stats_cb(conf) { _, json, length, _ in
                guard let json else { return 0 }
                ConsumerSession.current?.mergeStatistics(Data(bytes: json, count: length))
                return 0
            }
        }
    }

    /// The session of the calling thread; set while it runs.
    private static var current: ConsumerSession? {
        get { Thread.current.threadDictionary["kafka-consumer-session"] as? ConsumerSession }
        set { Thread.current.threadDictionary["kafka-consumer-session"] = newValue }
    }

    // MARK: - Life

    /// Subscribes and polls until the consumer is stopped; leaves the group and frees the client in any case.
    ///
    /// - Throws: `KafkaError` if the client is beyond use.
    func run() throws {
        Self.current = self
        worker.lease.offer(handle)
        defer {
            close()
            Self.current = nil
        }
        try subscribe()
        while worker.stopDeadline == nil {
            try round()
        }
    }

    private func subscribe() throws {
        let list = rd_kafka_topic_partition_list_new(Int32(worker.configuration.topics.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for topic in worker.configuration.topics {
            rd_kafka_topic_partition_list_add(list, topic, -1)
        }
        let code = rd_kafka_subscribe(handle.client, list)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(rdKafkaCode: code.rawValue, operation: "subscribe")
        }
    }

    /// Leaves the group and frees the client.
    ///
    /// librdkafka 2.0 may never finish leaving when the group's coordinator went away and came back (issue 4486), so it
    /// is given a limited time; a client that does not finish is left behind with its memory.
    private func close() {
        worker.lease.withdraw()
        guard leavesGroup else {
            endFeeds(storesOffsets: false)
            return handle.destroy()
        }
        let patience = worker.stopDeadline ?? .now + worker.configuration.revokeTimeout
        // A queue of its own: librdkafka forwards the consumer's queue to it.
        let queue = rd_kafka_queue_new(handle.client)
        // Answers with an error, and does nothing, after a fatal error: then there is no group to leave.
        let refusal = rd_kafka_consumer_close_queue(handle.client, queue)
        let isLeaving = refusal == nil
        rd_kafka_error_destroy(refusal)
        // Serves the revocation, which waits for running handlers, and commits what they have finished.
        while isLeaving, rd_kafka_consumer_closed(handle.client) == 0, ContinuousClock.now < patience {
            guard let event = rd_kafka_queue_poll(queue, 50) else { continue }
            // On this queue the revocation is an event, whatever callback is set; unanswered, leaving never ends.
            if rd_kafka_event_type(event) == RD_KAFKA_EVENT_REBALANCE {
                rebalance(code: rd_kafka_event_error(event), partitions: rd_kafka_event_topic_partition_list(event))
            }
            rd_kafka_event_destroy(event)
        }
        endFeeds(storesOffsets: false)
        guard !isLeaving || rd_kafka_consumer_closed(handle.client) != 0 else {
            worker.logger.error("Kafka consumer could not leave its group in time; its client is left behind")
            return
        }
        rd_kafka_queue_destroy(queue)
        handle.destroy()
    }

    // MARK: - Polling

    /// Waits for records, takes all that are there, feeds the handlers, stores what they have finished.
    private func round() throws {
        var message = rd_kafka_consumer_poll(handle.client, 100)
        var count = 0
        while let current = message {
            try take(current)
            count += 1
            guard count < Self.roundRecordsMax else { break }
            message = rd_kafka_consumer_poll(handle.client, 0)
        }
        worker.lastPoll.withLock { $0 = .now }
        feedCollected()
        serveProgress()
        wakeFetchers(taken: count, isDrained: message == nil)
        try checkMembership()
        if let error = handle.fatalError(operation: "consume") { throw error }
    }

    /// Makes librdkafka fetch again at once when its queue, which was full, has been emptied.
    ///
    /// Before 2.2 (`fetch.queue.backoff.ms`) a broker's thread that finds the queue full sleeps for up to a second, unless
    /// there is something else to do: a question for an offset is the cheapest. Measured on a backlog of 400 000 records
    /// of 770 bytes on two cores: 36 000 a second without, 160 000 to 340 000 with it.
    private func wakeFetchers(taken: Int, isDrained: Bool) {
        takenSinceWake += taken
        guard isDrained, takenSinceWake >= Self.queueIsFullAfter else { return }
        takenSinceWake = 0
        // Leaders are not known here; three partitions at random reach most of them.
        for partition in feeds.keys.shuffled().prefix(3) {
            var low: Int64 = 0
            var high: Int64 = 0
            _ = rd_kafka_query_watermark_offsets(
                handle.client, partition.topic, partition.partition, &low, &high, 50)
        }
    }

    /// Copies a record and frees librdkafka's memory of it at once: it holds on to a whole fetch answer otherwise.
    private func take(_ message: UnsafeMutablePointer<rd_kafka_message_t>) throws {
        defer { rd_kafka_message_destroy(message) }
        guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let reason = rd_kafka_message_errstr(message).map { String(cString: $0) } ?? ""
            return note(code: message.pointee.err.rawValue, reason: reason)
        }
        guard let topic = message.pointee.rkt.map(topicName) else { return }
        let record = KafkaIncomingRecord(message, topic: topic)
        collected[TopicPartition(topic: topic, partition: record.partition), default: []].append(record)
    }

    private func topicName(_ topic: OpaquePointer) -> String {
        // Looked up by pointer to spare a string per record; an entry is dropped with the assignment it came from.
        if let known = topicNames[topic] { return known }
        let name = String(cString: rd_kafka_topic_name(topic))
        topicNames[topic] = name
        return name
    }

    private func feedCollected() {
        guard !collected.isEmpty else { return }
        var paused: [TopicPartition] = []
        var records = 0
        var bytes = 0
        for (partition, batch) in collected {
            // Without a feed the partition was revoked within this round: another member will read these.
            guard let feed = feeds[partition] else { continue }
            records += batch.count
            bytes += batch.reduce(0) { $0 + $1.byteCount }
            if feed.append(batch) { paused.append(partition) }
        }
        collected.removeAll(keepingCapacity: true)
        worker.statistics.withLock {
            $0.records += Int64(records)
            $0.bytes += Int64(bytes)
        }
        if !paused.isEmpty { withList(paused) { rd_kafka_pause_partitions(handle.client, $0) } }
    }

    private func serveProgress() {
        var resumed: [TopicPartition] = []
        for (partition, feed) in feeds {
            let progress = feed.takeProgress()
            if let offset = progress.completedOffset { store(offset, of: partition) }
            if progress.resumes { resumed.append(partition) }
        }
        if !resumed.isEmpty { withList(resumed) { rd_kafka_resume_partitions(handle.client, $0) } }
    }

    func store(_ offset: Int64, of partition: TopicPartition) {
        withList([partition]) { list in
            list?.pointee.elems.pointee.offset = offset
            let code = rd_kafka_offsets_store(handle.client, list)
            if code != RD_KAFKA_RESP_ERR_NO_ERROR {
                note(code: code.rawValue, reason: "offset not stored")
            }
            return code
        }
    }

    func withList(
        _ partitions: [TopicPartition],
        _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) -> rd_kafka_resp_err_t
    ) {
        let list = rd_kafka_topic_partition_list_new(Int32(partitions.count))
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for partition in partitions {
            rd_kafka_topic_partition_list_add(list, partition.topic, partition.partition)
        }
        _ = body(list)
    }
}
