/// Figures of a client since it was made, for metrics and for a person who looks for trouble.
package struct KafkaClientStatistics: Sendable, Hashable {
    /// Records that were acknowledged (producer) or taken from the broker (consumer).
    package var records: Int64 = 0

    /// Bytes of keys, values and headers of those records (consumer), of keys and values (producer).
    package var bytes: Int64 = 0

    /// Records that were refused for good (producer) or handler calls that threw (consumer).
    package var failures: Int64 = 0

    /// Batches whose time passed before all of their records were acknowledged (producer).
    package var timeouts: Int64 = 0

    /// Batches that were handled (consumer) or acknowledged (producer).
    package var batches: Int64 = 0

    /// Errors that librdkafka told of: connections, brokers, coordinators.
    ///
    /// It recovers by itself.
    package var clientErrors: Int64 = 0

    /// The last of these errors, as `KafkaError.description`; nil if there was none.
    package var lastError: String?

    /// How often the client was thrown away and built again.
    package var rebuilds: Int64 = 0

    /// How often partitions were assigned or revoked (consumer).
    package var rebalances: Int64 = 0

    /// Records waiting in librdkafka's producer queue when it last told.
    package var queuedRecords: Int64 = 0

    /// Bytes waiting in librdkafka's producer queue when it last told.
    package var queuedBytes: Int64 = 0

    /// Brokers to which there was a connection when librdkafka last told.
    package var brokersConnected: Int = 0

    /// Mean time in milliseconds from request to answer over all connected brokers, when librdkafka last told.
    package var roundTripMilliseconds: Double = 0

    /// How long the longest running handler has been running, in milliseconds; 0 if none runs (consumer).
    ///
    /// librdkafka 2.0 does not notice a handler that hangs; whoever watches this figure does.
    package var longestHandlerMilliseconds: Int64 = 0

    /// Time since the client's thread last polled, in milliseconds.
    ///
    /// Grows without end if the thread hangs.
    package var sincePollMilliseconds: Int64 = 0

    /// Figures of each partition that is assigned (consumer); empty for a producer.
    package var partitions: [KafkaPartitionStatistics] = []

    /// Creates figures that are all zero.
    package init() {}

    /// Records between the group's position and the end, over all partitions whose lag is known (consumer).
    package var lag: Int64 { partitions.reduce(0) { $0 + ($1.lag ?? 0) } }
}

/// Figures of one partition of a consumer.
package struct KafkaPartitionStatistics: Sendable, Hashable {
    /// The topic.
    package let topic: String

    /// The partition.
    package let partition: Int32

    /// Records between the committed offset and the end of the partition; nil until librdkafka has told.
    package var lag: Int64?

    /// The offset that the group has committed; nil if none or not told yet.
    package var committedOffset: Int64?

    /// The offset after the last record of the partition; nil if not told yet.
    package var endOffset: Int64?

    /// Records that wait in memory for the handler.
    package var bufferedRecords: Int = 0

    /// Whether fetching is paused because too much waits in memory.
    package var isPaused: Bool = false

    /// Creates figures of a partition of which nothing is known yet.
    package init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }
}
