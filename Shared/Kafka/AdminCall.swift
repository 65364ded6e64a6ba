import CRdkafka
import Logging

/// One administrative call: a client, a request, an event that answers it.
///
/// Lives on one thread.
struct AdminCall {
    let handle: ClientHandle
    let operation: String
    private let logger: Logger
    private let deadline: ContinuousClock.Instant

    init(configuration: KafkaConfiguration, logger: Logger, timeout: Duration, operation: String) throws {
        let properties = try ClientProperties.admin(configuration, uniqueSuffix: ClientHandle.uniqueSuffix())
        handle = try ClientHandle(type: RD_KAFKA_PRODUCER, properties: properties, operation: operation) { conf in
            rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG)
        }
        self.logger = logger
        self.operation = operation
        deadline = .now + timeout
    }

    // MARK: - Requests

    /// The C form of a definition; the caller destroys it.
    func newTopic(_ definition: KafkaTopicDefinition) throws -> OpaquePointer {
        guard definition.partitions >= 1, definition.replicationFactor ?? 1 >= 1 else {
            throw KafkaError(
                code: .configuration, operation: operation, detail: "a topic has at least one partition and one copy")
        }
        return try withErrorText { text, capacity in
            guard
                let topic = rd_kafka_NewTopic_new(
                    definition.name, Int32(clamping: definition.partitions),
                    Int32(clamping: definition.replicationFactor ?? -1), text, capacity)
            else { return nil }
            for (name, value) in definition.settings {
                rd_kafka_NewTopic_set_config(topic, name, value)
            }
            return topic
        }
    }

    /// The C form of a request for more partitions; the caller destroys it.
    func newPartitions(_ topic: String, total: Int) throws -> OpaquePointer {
        try withErrorText { text, capacity in
            rd_kafka_NewPartitions_new(topic, max(0, total), text, capacity)
        }
    }

    private func withErrorText(
        _ body: (UnsafeMutablePointer<CChar>?, Int) -> OpaquePointer?
    ) throws -> OpaquePointer {
        let capacity = 512
        var text = [CChar](repeating: 0, count: capacity)
        let made = text.withUnsafeMutableBufferPointer { body($0.baseAddress, capacity) }
        guard let made else {
            throw KafkaError(code: .configuration, operation: operation, detail: ClientHandle.text(text))
        }
        return made
    }

    // MARK: - Answers

    /// Sends a request about topics and returns what became of each.
    func outcomes(
        of kind: rd_kafka_admin_op_t, send: (_ options: OpaquePointer?) -> Void
    ) throws -> [KafkaTopicOutcome] {
        try answer(of: kind, send: send) { event in
            var count = 0
            let results: UnsafeMutablePointer<OpaquePointer?>? =
                switch kind {
                case RD_KAFKA_ADMIN_OP_CREATETOPICS:
                    rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
                case RD_KAFKA_ADMIN_OP_DELETETOPICS:
                    rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count)
                default:
                    rd_kafka_CreatePartitions_result_topics(rd_kafka_event_CreatePartitions_result(event), &count)
                }
            return (0..<count).compactMap { index in
                guard let result = results?[index] else { return nil }
                let code = rd_kafka_topic_result_error(result)
                let words = rd_kafka_topic_result_error_string(result).map { String(cString: $0) } ?? ""
                return KafkaTopicOutcome(
                    topic: String(cString: rd_kafka_topic_result_name(result)),
                    error: code == RD_KAFKA_RESP_ERR_NO_ERROR
                        ? nil : KafkaError(rdKafkaCode: code.rawValue, operation: operation, detail: words))
            }
        }
    }

    /// Asks for the settings of a topic that are not defaults.
    func topicSettings(_ topic: String) throws -> [String: String] {
        let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)
        defer { rd_kafka_ConfigResource_destroy(resource) }
        var resources = [resource]
        return try answer(
            of: RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS,
            send: { rd_kafka_DescribeConfigs(handle.client, &resources, 1, $0, handle.queue) },
            read: { event in
                var count = 0
                let result = rd_kafka_event_DescribeConfigs_result(event)
                guard let found = rd_kafka_DescribeConfigs_result_resources(result, &count)?.pointee else { return [:] }
                let code = rd_kafka_ConfigResource_error(found)
                guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                    throw KafkaError(rdKafkaCode: code.rawValue, operation: operation)
                }
                var settings: [String: String] = [:]
                let entries = rd_kafka_ConfigResource_configs(found, &count)
                for index in 0..<count {
                    guard let entry = entries?[index], rd_kafka_ConfigEntry_is_default(entry) == 0,
                        let value = rd_kafka_ConfigEntry_value(entry)
                    else { continue }
                    settings[String(cString: rd_kafka_ConfigEntry_name(entry))] = String(cString: value)
                }
                return settings
            })
    }

    /// Asks for the metadata of all topics.
    func allTopics() throws -> [KafkaTopicDescription] {
        try metadata(allTopics: true) { metadata in
            let topics = UnsafeBufferPointer(start: metadata.topics, count: Int(metadata.topic_cnt))
            return topics.compactMap { topic in
                let name = String(cString: topic.topic)
                guard !name.hasPrefix("__") else { return nil }
                let partitions = UnsafeBufferPointer(start: topic.partitions, count: Int(topic.partition_cnt))
                return KafkaTopicDescription(
                    name: name, partitions: partitions.count,
                    replicationFactor: partitions.first.map { Int($0.replica_cnt) } ?? 0,
                    partitionsWithoutLeader: partitions.count { $0.leader < 0 })
            }.sorted { $0.name < $1.name }
        }
    }

    private func answer<Value>(
        of kind: rd_kafka_admin_op_t, send: (_ options: OpaquePointer?) -> Void,
        read: (_ event: OpaquePointer) throws -> Value
    ) throws -> Value {
        try checkController()
        let options = rd_kafka_AdminOptions_new(handle.client, kind)
        defer { rd_kafka_AdminOptions_destroy(options) }
        let patience = (deadline - .now).cappedMilliseconds(600_000)
        rd_kafka_AdminOptions_set_request_timeout(options, patience, nil, 0)
        if kind != RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS {
            // The brokers answer when the change has reached the controller and the topic can be used.
            rd_kafka_AdminOptions_set_operation_timeout(options, patience, nil, 0)
        }
        send(options)
        // librdkafka answers at its own deadline; a second more, in case it does not.
        while ContinuousClock.now < deadline + .seconds(1) {
            guard let event = rd_kafka_queue_poll(handle.queue, 100) else { continue }
            defer { rd_kafka_event_destroy(event) }
            guard isAnswer(event) else { continue }
            let code = rd_kafka_event_error(event)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                let words = rd_kafka_event_error_string(event).map { String(cString: $0) } ?? ""
                throw KafkaError(rdKafkaCode: code.rawValue, operation: operation, detail: words)
            }
            return try read(event)
        }
        throw KafkaError(code: .timeout, isRetriable: true, operation: operation)
    }

    /// Tells a cluster without administration from one that is out of reach: it answers, but the controller that it names
    /// (the emulation: number 0, with brokers from 1 on) is none of its brokers.
    private func checkController() throws {
        let brokers = try metadata(allTopics: false) { metadata in
            Set(UnsafeBufferPointer(start: metadata.brokers, count: Int(metadata.broker_cnt)).map(\.id))
        }
        let patience = min(deadline - .now, .seconds(2)).cappedMilliseconds(2_000)
        guard !brokers.contains(rd_kafka_controllerid(handle.client, patience)) else { return }
        throw KafkaError(
            code: .unsupported, operation: operation, detail: "the brokers have no controller to administer topics")
    }

    private func metadata<Value>(allTopics: Bool, read: (rd_kafka_metadata) throws -> Value) throws -> Value {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let patience = (deadline - .now).cappedMilliseconds(600_000)
        let code = rd_kafka_metadata(handle.client, allTopics ? 1 : 0, nil, &metadata, patience)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
            throw refusal() ?? KafkaError(rdKafkaCode: code.rawValue, operation: operation)
        }
        defer { rd_kafka_metadata_destroy(metadata) }
        return try read(metadata.pointee)
    }

    /// Why no broker could be spoken to, if it was for a certificate or a password: to the request it only shows as
    /// silence.
    private func refusal() -> KafkaError? {
        let telling = [RD_KAFKA_RESP_ERR__SSL, RD_KAFKA_RESP_ERR__AUTHENTICATION]
        while let event = rd_kafka_queue_poll(handle.queue, 0) {
            defer { rd_kafka_event_destroy(event) }
            guard rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR, telling.contains(rd_kafka_event_error(event))
            else { continue }
            let words = rd_kafka_event_error_string(event).map { String(cString: $0) } ?? ""
            return KafkaError(rdKafkaCode: rd_kafka_event_error(event).rawValue, operation: operation, detail: words)
        }
        return nil
    }

    private func isAnswer(_ event: OpaquePointer) -> Bool {
        switch rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_LOG:
            logger.forward(log: event)
            return false
        case RD_KAFKA_EVENT_ERROR:
            return false
        default:
            return true
        }
    }
}
