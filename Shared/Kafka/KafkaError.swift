import CRdkafka

/// An error of the Kafka driver or of the broker behind it.
///
/// `description` names the operation, the kind of error and librdkafka's own name for it. It never holds keys,
/// values, headers or credentials.
package struct KafkaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of an error, for a caller that must decide what to do.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the kind, as it appears in `KafkaError.description`.
        package let description: String

        /// The time that the caller allowed has passed.
        package static let timeout = Code(description: "timeout")
        /// The client was closed before or during the operation.
        package static let closed = Code(description: "closed")
        /// A setting is unknown or out of its range; trying again does not help.
        package static let configuration = Code(description: "configuration")
        /// The broker cannot be reached, or the connection broke.
        package static let connection = Code(description: "connection")
        /// The broker refuses the credentials or the right to do this.
        package static let authorization = Code(description: "authorization")
        /// The topic does not exist.
        package static let unknownTopic = Code(description: "unknown topic")
        /// The topic exists, the partition does not.
        package static let unknownPartition = Code(description: "unknown partition")
        /// A record is larger than client, topic or broker allow.
        package static let recordTooLarge = Code(description: "record too large")
        /// The client was rebuilt for the sake of another batch; nothing of this one will be sent any more.
        package static let clientReset = Code(description: "client reset")
        /// The client cannot go on; it has been rebuilt for the next call.
        package static let fatal = Code(description: "fatal")
        /// The broker does not offer this operation (the emulation has no administration, for example).
        package static let unsupported = Code(description: "unsupported")
        /// A topic of that name exists already.
        package static let alreadyExists = Code(description: "already exists")
        /// Any other error of broker or client; `rdKafkaCode` says which.
        package static let broker = Code(description: "broker")
    }

    /// The kind of the error.
    package let code: Code

    /// librdkafka's number (`rd_kafka_resp_err_t`): positive from the broker, negative from the client, 0 if neither.
    package let rdKafkaCode: Int32

    /// Whether the client that raised it was beyond use and has been rebuilt.
    package let isFatal: Bool

    /// Whether the same call may succeed later without any change.
    package let isRetriable: Bool

    /// What was being done, for example `send`.
    package let operation: String

    /// The words that librdkafka or the driver add; never a payload.
    package let detail: String

    /// Creates an error from its parts.
    package init(
        code: Code, rdKafkaCode: Int32 = 0, isFatal: Bool = false, isRetriable: Bool = false, operation: String,
        detail: String = ""
    ) {
        self.code = code
        self.rdKafkaCode = rdKafkaCode
        self.isFatal = isFatal
        self.isRetriable = isRetriable
        self.operation = operation
        self.detail = detail
    }

    /// Creates the error that belongs to a number of librdkafka.
    ///
    /// - Parameters:
    ///   - rdKafkaCode: The raw value of an `rd_kafka_resp_err_t`.
    ///   - operation: What was being done.
    ///   - isFatal: Whether the client was found beyond use.
    ///   - detail: Words to add; librdkafka's own words for the number if empty.
    package init(rdKafkaCode: Int32, operation: String, isFatal: Bool = false, detail: String = "") {
        let code = isFatal ? .fatal : Code(rdKafkaCode: rdKafkaCode)
        let words = detail.isEmpty ? String(cString: rd_kafka_err2str(rd_kafka_resp_err_t(rdKafkaCode))) : detail
        self.init(
            code: code, rdKafkaCode: rdKafkaCode, isFatal: isFatal,
            isRetriable: isFatal || Self.isRetriable(rdKafkaCode: rdKafkaCode), operation: operation, detail: words)
    }

    /// A line for logs: operation, kind, librdkafka's name of the error, words.
    package var description: String {
        var line = "Kafka \(operation): \(code)"
        if rdKafkaCode != 0 {
            line += " (\(String(cString: rd_kafka_err2name(rd_kafka_resp_err_t(rdKafkaCode)))))"
        }
        if !detail.isEmpty {
            line += ": \(detail)"
        }
        return isFatal ? line + " [client rebuilt]" : line
    }

    /// Errors that a later, unchanged attempt can get over: leaders move, brokers restart, networks heal.
    private static func isRetriable(rdKafkaCode: Int32) -> Bool {
        switch rd_kafka_resp_err_t(rdKafkaCode) {
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
            RD_KAFKA_RESP_ERR__QUEUE_FULL, RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT,
            RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__IN_PROGRESS, RD_KAFKA_RESP_ERR__RETRY,
            RD_KAFKA_RESP_ERR__STATE, RD_KAFKA_RESP_ERR__DESTROY, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
            RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_COORDINATOR,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
            RD_KAFKA_RESP_ERR_NOT_CONTROLLER, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR,
            RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
            RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
            RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED:
            true
        default:
            false
        }
    }
}

extension KafkaError.Code {
    /// Sorts librdkafka's numbers into the kinds that a caller can tell apart.
    init(rdKafkaCode: Int32) {
        switch rd_kafka_resp_err_t(rdKafkaCode) {
        case RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
            self = .timeout
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
            self = .connection
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL:
            self = .authorization
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
            self = .unknownTopic
        case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            self = .unknownPartition
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
            self = .recordTooLarge
        case RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, RD_KAFKA_RESP_ERR__DESTROY:
            self = .clientReset
        case RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR__CONFLICT, RD_KAFKA_RESP_ERR_INVALID_CONFIG,
            RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR, RD_KAFKA_RESP_ERR_INVALID_PARTITIONS,
            RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
            self = .configuration
        case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION,
            RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
            self = .unsupported
        case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
            self = .alreadyExists
        case RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
            self = .fatal
        default:
            self = .broker
        }
    }
}
