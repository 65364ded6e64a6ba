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
    private var topicNames: [OpaquePointer: String] = [:]
    private var nextClusterCheck = ContinuousClock.now
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
        startOverOnNewCluster()
        if let error = handle.fatalError(operation: "consume") { throw error }
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

    private func store(_ offset: Int64, of partition: TopicPartition) {
        withList([partition]) { list in
            list?.pointee.elems.pointee.offset = offset
            let code = rd_kafka_offsets_store(handle.client, list)
            if code != RD_KAFKA_RESP_ERR_NO_ERROR {
                note(code: code.rawValue, reason: "offset not stored")
            }
            return code
        }
    }

    private func withList(
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

    // MARK: - Rebalance

    /// Called by librdkafka inside the poll when the group hands partitions out or wants them back.
    private func rebalance(
        code: rd_kafka_resp_err_t, partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    ) {
        worker.statistics.withLock { $0.rebalances += 1 }
        if code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            if isNewCluster() { setToBeginning(partitions) }
            startFeeds(partitions)
            rd_kafka_assign(handle.client, partitions)
        } else {
            // When the assignment is lost others may already be at work: nothing may be committed any more.
            endFeeds(storesOffsets: rd_kafka_assignment_lost(handle.client) == 0)
            rd_kafka_assign(handle.client, nil)
        }
    }

    /// Looks about once a second whether another cluster has taken the place of the one that was read, and then reads
    /// the present partitions from their beginning.
    ///
    /// Old positions mean nothing there, and the group's offsets may be old ones too: librdkafka commits what it has
    /// stored to whichever broker it finds, and a broker that does not know the group yet may accept it.
    private func startOverOnNewCluster() {
        guard ContinuousClock.now >= nextClusterCheck else { return }
        nextClusterCheck = .now + .seconds(1)
        guard !feeds.isEmpty, isNewCluster() else { return }
        let partitions = Array(feeds.keys)
        endFeeds(storesOffsets: false)
        withList(partitions) { list in
            setToBeginning(list)
            startFeeds(list)
            return rd_kafka_assign(handle.client, list)
        }
    }

    /// Returns whether the cluster is another than when this was last asked, and makes a note of it.
    private func isNewCluster() -> Bool {
        // Known from the last metadata; does not wait.
        guard let text = rd_kafka_clusterid(handle.client, 0) else { return false }
        defer { rd_kafka_mem_free(handle.client, text) }
        let current = String(cString: text)
        let previous = worker.clusterID.withLock { known in
            defer { known = current }
            return known
        }
        guard let previous, previous != current else { return false }
        worker.logger.warning(
            "Kafka cluster was replaced by another", metadata: ["previous": "\(previous)", "current": "\(current)"])
        return true
    }

    private func setToBeginning(_ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) {
        guard worker.configuration.startAt == .earliest, let list = partitions?.pointee else { return }
        for index in 0..<Int(list.cnt) {
            // RD_KAFKA_OFFSET_BEGINNING, whose macro Swift does not see.
            list.elems[index].offset = -2
        }
    }

    private func startFeeds(_ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) {
        guard let list = partitions?.pointee else { return }
        let configuration = worker.configuration
        let limits = PartitionBuffer.Limits(
            batchRecordsMax: configuration.batchRecordsMax, recordsMax: configuration.bufferedRecordsMax,
            bytesMax: configuration.bufferedBytesMax)
        let retry = PartitionFeed.Retry(
            delayMin: configuration.retryDelayMin, delayMax: configuration.retryDelayMax)
        for index in 0..<Int(list.cnt) {
            let partition = TopicPartition(
                topic: String(cString: list.elems[index].topic), partition: list.elems[index].partition)
            let feed = PartitionFeed(
                topic: partition.topic, partition: partition.partition, limits: limits, retry: retry,
                signals: signals(partition))
            feeds[partition] = feed
            feed.start(handler: worker.handler)
        }
        publishFeeds()
        worker.logger.info("Kafka partitions assigned", metadata: ["partitions": "\(feeds.count)"])
    }

    private func signals(_ partition: TopicPartition) -> PartitionFeed.Signals {
        PartitionFeed.Signals(
            progressed: { [worker] _ in
                worker.statistics.withLock { $0.batches += 1 }
                worker.lease.wake()
            },
            failed: { [worker] error, attempt in
                worker.statistics.withLock { $0.failures += 1 }
                worker.logger.warning(
                    "Kafka batch failed, is delivered again",
                    metadata: [
                        "topic": "\(partition.topic)", "partition": "\(partition.partition)",
                        "attempt": "\(attempt)", "error": "\(error)",
                    ])
            })
    }

    /// Stops all feeds, waits for their handlers within the limits, and stores what they have finished.
    private func endFeeds(storesOffsets: Bool) {
        collected.removeAll()
        guard !feeds.isEmpty else { return }
        for feed in feeds.values { feed.stop() }
        let patience = ContinuousClock.now + worker.configuration.revokeTimeout
        for (partition, feed) in feeds {
            let deadline = min(patience, worker.stopDeadline ?? patience)
            if !feed.waitUntilEnded(deadline: deadline) {
                worker.logger.warning(
                    "Kafka handler did not finish before its partition moved",
                    metadata: ["topic": "\(partition.topic)", "partition": "\(partition.partition)"])
            }
            if storesOffsets, let offset = feed.takeCompletedOffset() { store(offset, of: partition) }
        }
        feeds = [:]
        topicNames = [:]
        publishFeeds()
    }

    private func publishFeeds() {
        let sorted = feeds.values.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
        worker.feeds.withLock { $0 = sorted }
        worker.statistics.withLock { statistics in
            statistics.partitions = sorted.map { KafkaPartitionStatistics(topic: $0.topic, partition: $0.partition) }
        }
    }

    // MARK: - News of the client

    private func note(code: Int32, reason: String) {
        let error = KafkaError(rdKafkaCode: code, operation: "consume", detail: reason)
        worker.statistics.withLock {
            $0.clientErrors += 1
            $0.lastError = error.description
        }
        // Connections come and go and librdkafka mends them; what needs a person is refused rights and bad settings.
        let level: Logger.Level = error.code == .authorization || error.code == .configuration ? .error : .info
        worker.logger.log(level: level, "Kafka client error", metadata: ["error": "\(error)"])
    }

    private func mergeStatistics(_ json: Data) {
        do {
            let document = try StatisticsDocument(json: json)
            worker.statistics.withLock { document.merge(into: &$0) }
        } catch {
            worker.logger.debug("Kafka statistics not understood", metadata: ["error": "\(error)"])
        }
    }
}
