import CRdkafka
import Foundation
import Logging

/// A librdkafka client and the queue on which it talks to the application.
///
/// `@unchecked Sendable`: both C objects are documented as safe to use from any thread. They are freed by `destroy`,
/// which the owner calls exactly once and after every other use (see `HandleLease`).
final class ClientHandle: @unchecked Sendable {
    /// The `rd_kafka_t`.
    let client: OpaquePointer

    /// The `rd_kafka_queue_t` that the owning thread polls: the main queue, or the consumer queue of a consumer.
    let queue: OpaquePointer

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - type: Producer or consumer.
    ///   - properties: Names and values; an unknown name or a value out of range is an error.
    ///   - operation: For the error.
    ///   - prepare: Sets callbacks and event kinds on the `rd_kafka_conf_t`.
    /// - Throws: `KafkaError` (`configuration`).
    init(
        type: rd_kafka_type_t, properties: ClientProperties, operation: String, prepare: (OpaquePointer) -> Void
    ) throws {
        let conf = try Self.makeConfiguration(properties, operation: operation)
        prepare(conf)
        let capacity = 512
        var message = [CChar](repeating: 0, count: capacity)
        guard let client = rd_kafka_new(type, conf, &message, capacity) else {
            // On failure the configuration stays with the caller.
            rd_kafka_conf_destroy(conf)
            throw KafkaError(code: .configuration, operation: operation, detail: Self.text(message))
        }
        // With log.queue=true logs are held back until they are given a queue; nil is the main queue.
        rd_kafka_set_log_queue(client, nil)
        if type == RD_KAFKA_CONSUMER {
            // Errors, logs and statistics arrive between the records, on the same thread.
            rd_kafka_poll_set_consumer(client)
        }
        let queue = type == RD_KAFKA_CONSUMER ? rd_kafka_queue_get_consumer(client) : rd_kafka_queue_get_main(client)
        guard let queue else {
            rd_kafka_destroy(client)
            throw KafkaError(code: .configuration, operation: operation, detail: "the client has no queue")
        }
        self.client = client
        self.queue = queue
    }

    /// Makes an `rd_kafka_conf_t` of properties; the caller frees it or gives it to a client.
    ///
    /// - Throws: `KafkaError` (`configuration`) if librdkafka does not know a name or does not allow a value.
    static func makeConfiguration(_ properties: ClientProperties, operation: String) throws -> OpaquePointer {
        let conf: OpaquePointer = rd_kafka_conf_new()
        let capacity = 512
        var message = [CChar](repeating: 0, count: capacity)
        for (name, value) in properties.pairs {
            guard rd_kafka_conf_set(conf, name, value, &message, capacity) == RD_KAFKA_CONF_OK else {
                rd_kafka_conf_destroy(conf)
                // librdkafka's words may repeat the value, and the value may be a password: only the name is told.
                throw KafkaError(
                    code: .configuration, rdKafkaCode: RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue, operation: operation,
                    detail: "property \(name) is unknown or its value is not allowed")
            }
        }
        return conf
    }

    /// Makes the thread that polls return at once, now or at its next poll.
    func wake() {
        rd_kafka_queue_yield(queue)
    }

    /// Frees the client; blocks until its threads have ended.
    ///
    /// All its topics and messages must be freed before, and a consumer must have left its group: after a fatal error
    /// librdkafka would otherwise wait for that for ever.
    func destroy() {
        rd_kafka_queue_destroy(queue)
        rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
    }

    /// The client's fatal error, or nil if it has none.
    func fatalError(operation: String) -> KafkaError? {
        let capacity = 512
        var message = [CChar](repeating: 0, count: capacity)
        let code = rd_kafka_fatal_error(client, &message, capacity)
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return KafkaError(
            rdKafkaCode: code.rawValue, operation: operation, isFatal: true, detail: Self.text(message))
    }

    /// Asks a broker for metadata; blocks up to the timeout.
    ///
    /// - Parameters:
    ///   - topic: The topic to ask for, or nil to ask only for brokers.
    ///   - timeout: Longest wait.
    ///   - operation: For the error.
    /// - Returns: The number of the topic's partitions; 0 if no topic was named.
    /// - Throws: `KafkaError` (`connection`, `timeout`, `unknownTopic`, `authorization`).
    func partitionCount(topic: String?, timeout: Duration, operation: String) throws -> Int {
        let handle: OpaquePointer? = topic.flatMap { rd_kafka_topic_new(client, $0, nil) }
        defer { handle.map { rd_kafka_topic_destroy($0) } }
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(client, 0, handle, &metadata, timeout.cappedMilliseconds(60_000))
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
            throw KafkaError(rdKafkaCode: code.rawValue, operation: operation)
        }
        defer { rd_kafka_metadata_destroy(metadata) }
        guard topic != nil else { return 0 }
        guard metadata.pointee.topic_cnt == 1, let found = metadata.pointee.topics?.pointee else {
            throw KafkaError(rdKafkaCode: RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC.rawValue, operation: operation)
        }
        guard found.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(rdKafkaCode: found.err.rawValue, operation: operation)
        }
        return Int(found.partition_cnt)
    }

    /// Eight hexadecimal digits that tell this client from all others of the same name.
    static func uniqueSuffix() -> String {
        let digits = String(UInt32.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The text of a buffer that C has filled.
    static func text(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
