import CRdkafka
import Logging

/// Creates, lists, describes, grows and deletes topics.
///
/// Each call uses a client of its own for its duration.
///
/// The emulation has no administration: there these calls (but not `topics`) throw `unsupported`; use
/// `EmulatedBroker.createTopic`. Safe to use from any task; no call blocks the cooperative pool.
package struct KafkaAdmin: Sendable {
    private let configuration: KafkaConfiguration
    private let logger: Logger
    private let timeout: Duration

    /// Creates an administration.
    ///
    /// - Parameters:
    ///   - configuration: Brokers and security.
    ///   - logger: For what librdkafka logs.
    ///   - timeout: Longest time of a call. Default 15 s.
    package init(_ configuration: KafkaConfiguration, logger: Logger, timeout: Duration = .seconds(15)) {
        self.configuration = configuration
        self.logger = logger
        self.timeout = timeout
    }

    /// Creates topics; those that exist are reported as `alreadyExists` and left as they are.
    ///
    /// - Returns: An outcome for each topic, in the order of the answer.
    /// - Throws: `KafkaError`: `unsupported`, `timeout`, `connection`, `authorization`, `configuration`.
    package func createTopics(_ definitions: [KafkaTopicDefinition]) async throws -> [KafkaTopicOutcome] {
        guard !definitions.isEmpty else { return [] }
        return try await perform("create topics") { call in
            var topics: [OpaquePointer?] = []
            defer { topics.forEach { rd_kafka_NewTopic_destroy($0) } }
            for definition in definitions {
                topics.append(try call.newTopic(definition))
            }
            return try call.outcomes(of: RD_KAFKA_ADMIN_OP_CREATETOPICS) { options in
                rd_kafka_CreateTopics(call.handle.client, &topics, topics.count, options, call.handle.queue)
            }
        }
    }

    /// Deletes topics and all records in them.
    ///
    /// - Returns: An outcome for each topic.
    /// - Throws: As `createTopics`.
    package func deleteTopics(_ names: [String]) async throws -> [KafkaTopicOutcome] {
        guard !names.isEmpty else { return [] }
        return try await perform("delete topics") { call in
            var topics: [OpaquePointer?] = names.map { rd_kafka_DeleteTopic_new($0) }
            defer { topics.forEach { rd_kafka_DeleteTopic_destroy($0) } }
            return try call.outcomes(of: RD_KAFKA_ADMIN_OP_DELETETOPICS) { options in
                rd_kafka_DeleteTopics(call.handle.client, &topics, topics.count, options, call.handle.queue)
            }
        }
    }

    /// Gives a topic more partitions; there is no way back.
    ///
    /// - Parameters:
    ///   - topic: The topic.
    ///   - partitions: The new total.
    /// - Returns: The outcome.
    /// - Throws: As `createTopics`.
    package func growTopic(_ topic: String, to partitions: Int) async throws -> [KafkaTopicOutcome] {
        try await perform("grow topic") { call in
            let request = try call.newPartitions(topic, total: partitions)
            var requests: [OpaquePointer?] = [request]
            defer { rd_kafka_NewPartitions_destroy(request) }
            return try call.outcomes(of: RD_KAFKA_ADMIN_OP_CREATEPARTITIONS) { options in
                rd_kafka_CreatePartitions(call.handle.client, &requests, 1, options, call.handle.queue)
            }
        }
    }

    /// Returns the settings of a topic that differ from the broker's, by name.
    ///
    /// Secret ones are left out.
    ///
    /// - Throws: As `createTopics`, and `unknownTopic`.
    package func settings(of topic: String) async throws -> [String: String] {
        try await perform("describe topic") { call in try call.topicSettings(topic) }
    }

    /// Returns all topics, by name; those of Kafka itself (`__consumer_offsets` …) are left out.
    ///
    /// - Throws: `KafkaError`: `timeout`, `connection`, `authorization`.
    package func topics() async throws -> [KafkaTopicDescription] {
        try await perform("list topics") { call in try call.allTopics() }
    }

    private func perform<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (AdminCall) throws -> Value
    ) async throws -> Value {
        let result: Result<Value, any Error> = await ClientThread.run(name: "kafka-admin") { [self] in
            Result {
                let call = try AdminCall(
                    configuration: configuration, logger: logger, timeout: timeout, operation: operation)
                defer { call.handle.destroy() }
                return try body(call)
            }
        }
        return try result.get()
    }
}
