/// A topic to be created.
package struct KafkaTopicDefinition: Sendable, Hashable {
    /// The name.
    package var name: String

    /// Partitions, at least 1.
    package var partitions: Int

    /// Copies, at most the number of brokers; nil for the broker's default (Kafka 2.4 upwards).
    package var replicationFactor: Int?

    /// Topic settings such as `retention.ms`.
    package var settings: [String: String]

    /// Creates a definition.
    package init(name: String, partitions: Int, replicationFactor: Int? = nil, settings: [String: String] = [:]) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.settings = settings
    }
}

/// A topic as the brokers know it.
package struct KafkaTopicDescription: Sendable, Hashable {
    /// The name.
    package let name: String

    /// Partitions.
    package let partitions: Int

    /// Copies of its first partition.
    package let replicationFactor: Int

    /// Partitions that have no leader at present and can be neither written nor read.
    package let partitionsWithoutLeader: Int
}

/// What became of one topic in an administrative call.
package struct KafkaTopicOutcome: Sendable, Hashable {
    /// The topic.
    package let topic: String

    /// Nil when it was done.
    ///
    /// `alreadyExists` and `unknownTopic` tell the usual cases apart.
    package let error: KafkaError?
}
