/// Settings of a consumer: which topics, as which group, and how much may wait in memory.
package struct KafkaConsumerConfiguration: Sendable {
    /// Where a group starts in a partition for which it has committed no offset (or one that no longer exists).
    package enum Start: String, Sendable {
        /// With the oldest record that the broker still has. The default: nothing is skipped.
        case earliest
        /// With the next record to arrive. What was there before is skipped in silence.
        case latest
    }

    /// Brokers, security, overrides.
    package var client: KafkaConfiguration

    /// The consumer group; its members share the partitions among them.
    package var group: String

    /// The topics to read.
    ///
    /// A topic may be created later; it is found within `metadataRefresh`.
    package var topics: [String]

    /// Where to start without a committed offset.
    ///
    /// Default: `.earliest`.
    package var startAt: Start

    /// The most records that a handler is given at once.
    ///
    /// Default 2 000, at least 1.
    package var batchRecordsMax: Int

    /// Records of one partition in memory at which fetching of it pauses; it resumes at half.
    ///
    /// Up to 1 000 more may be in memory, since the flow is looked at after so many. Default 8 000, at least 2.
    package var bufferedRecordsMax: Int

    /// Bytes (keys, values, headers) of one partition in memory at which fetching pauses.
    ///
    /// Default 4 MiB.
    package var bufferedBytesMax: Int

    /// Silence after which the group gives a member's partitions to others.
    ///
    /// Default 10 s, brokers allow 6 s to 30 min.
    package var sessionTimeout: Duration

    /// How long a partition that moves away waits for its running handler.
    ///
    /// Default 20 s. The group waits with it.
    package var revokeTimeout: Duration

    /// First pause after a handler has thrown; doubles up to `retryDelayMax`.
    ///
    /// Default 100 ms.
    package var retryDelayMin: Duration

    /// Longest pause after a handler has thrown.
    ///
    /// Default 5 s.
    package var retryDelayMax: Duration

    /// How often topics and leaders are looked up afresh.
    ///
    /// Default 5 s.
    package var metadataRefresh: Duration

    /// Creates a consumer's settings.
    package init(
        client: KafkaConfiguration, group: String, topics: [String], startAt: Start = .earliest,
        batchRecordsMax: Int = 2_000, bufferedRecordsMax: Int = 8_000, bufferedBytesMax: Int = 4 << 20,
        sessionTimeout: Duration = .seconds(10), revokeTimeout: Duration = .seconds(20),
        retryDelayMin: Duration = .milliseconds(100), retryDelayMax: Duration = .seconds(5),
        metadataRefresh: Duration = .seconds(5)
    ) {
        self.client = client
        self.group = group
        self.topics = topics
        self.startAt = startAt
        self.batchRecordsMax = batchRecordsMax
        self.bufferedRecordsMax = bufferedRecordsMax
        self.bufferedBytesMax = bufferedBytesMax
        self.sessionTimeout = sessionTimeout
        self.revokeTimeout = revokeTimeout
        self.retryDelayMin = retryDelayMin
        self.retryDelayMax = retryDelayMax
        self.metadataRefresh = metadataRefresh
    }
}
