import CRdkafka
import Logging
import Synchronization

/// Partitions that come and go, and the clusters they are in.
extension ConsumerSession {
    /// Called by librdkafka inside the poll when the group hands partitions out or wants them back.
    func rebalance(
        code: rd_kafka_resp_err_t, partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    ) {
        worker.statistics.withLock { $0.rebalances += 1 }
        if code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            waitingSince = nil
            if startsOver() { setToBeginning(partitions) }
            startFeeds(partitions)
            rd_kafka_assign(handle.client, partitions)
        } else {
            waitingSince = .now
            // When the assignment is lost others may already be at work: nothing may be committed any more.
            endFeeds(storesOffsets: rd_kafka_assignment_lost(handle.client) == 0)
            rd_kafka_assign(handle.client, nil)
        }
    }

    /// Looks about once a second whether this client still makes sense.
    ///
    /// - Throws: `KafkaError` if another client should take over, which then joins the group afresh.
    func checkMembership() throws {
        guard ContinuousClock.now >= nextMembershipCheck else { return }
        nextMembershipCheck = .now + .seconds(1)
        if !feeds.isEmpty, isNewCluster() {
            worker.startsOver.withLock { $0 = true }
            try abandon("the cluster was replaced by another")
        }
        if let waitingSince, ContinuousClock.now - waitingSince > membershipPatience {
            try abandon("the group has assigned nothing for \(membershipPatience)")
        }
    }

    /// Ends the session without leaving the group: whom it would tell is not there, or does not know of it.
    private func abandon(_ reason: String) throws {
        leavesGroup = false
        throw KafkaError(code: .clientReset, isRetriable: true, operation: "consume", detail: reason)
    }

    /// How long an assignment may be awaited: members may take their poll interval to let go, twice over.
    ///
    /// librdkafka 2.0 looks for a coordinator that has kept its number at its old address for ever.
    private var membershipPatience: Duration {
        max(.seconds(120), worker.configuration.revokeTimeout * 4)
    }

    /// Returns whether committed offsets are to be ignored this once, since they may be those of another cluster.
    ///
    /// librdkafka commits what it has stored to whichever broker it finds, and a broker that does not know the group yet
    /// may accept that.
    private func startsOver() -> Bool {
        let isNew = isNewCluster()
        return worker.startsOver.withLock { startsOver in
            defer { startsOver = false }
            return startsOver || isNew
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
    func endFeeds(storesOffsets: Bool) {
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
}
