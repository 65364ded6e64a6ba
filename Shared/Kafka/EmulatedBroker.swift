import CRdkafka
import Synchronization

/// librdkafka's emulation of a Kafka cluster inside this process: for tests, and for a local stack without Kafka.
///
/// It speaks the real protocol on free ports of 127.0.0.1. Whoever asks for a topic that does not exist makes it exist
/// with four partitions: create topics before clients come. It keeps 5 MB (or 100 000 batches) a partition in memory
/// and drops the oldest beyond that in silence; it answers an empty fetch only after the client's `fetch.wait.max.ms`,
/// even when records arrive meanwhile (set `["fetch.wait.max.ms": "5"]` in `KafkaConfiguration.overrides` for low
/// latency); a group's first join takes 3 s; there is no topic administration. Safe to use from any task.
package final class EmulatedBroker: Sendable {
    /// A kind of request to interfere with.
    package enum Request: Int16, Sendable {
        case produce = 0
        case fetch = 1
        case metadata = 3
        case offsetCommit = 8
        case offsetFetch = 9
        case findCoordinator = 10
        case joinGroup = 11
        case heartbeat = 12
        case syncGroup = 14
        case initProducerID = 22
    }

    /// What a request that is interfered with is answered.
    package enum Fault: Int32, Sendable {
        /// The connection is cut instead of an answer.
        case disconnect = -195
        /// Retriable: the leader has moved.
        case notLeader = 6
        /// Retriable: the broker did not manage in time.
        case requestTimedOut = 7
        /// Retriable: too few replicas.
        case notEnoughReplicas = 19
        /// Final: the topic may not be written or read.
        case topicAuthorizationFailed = 29
        /// Final: the record is too large.
        case recordTooLarge = 10
        /// The end of an idempotent producer: a gap in its numbers.
        case outOfOrderSequence = 45
        /// The end of an idempotent producer: the broker has forgotten it.
        case unknownProducerID = 59
        /// The position does not exist any more: the consumer starts where its settings say.
        case offsetOutOfRange = 1
        /// The group has forgotten the member, which joins again.
        case unknownMember = 25
        /// The end of a consumer: another has taken its place.
        case fencedInstance = 82
    }

    /// The C objects.
    ///
    /// Owned by the broker, freed by `stop`.
    private struct Cluster: @unchecked Sendable {
        // Invariant: used only under the lock, which also makes sure that nothing is used after it was freed.
        let client: OpaquePointer
        let cluster: OpaquePointer
    }

    /// Addresses of the brokers, for `KafkaConfiguration.bootstrapServers`.
    package let bootstrapServers: String

    private let cluster: Mutex<Cluster?>
    private let brokerCount: Int

    /// Starts a cluster.
    ///
    /// - Parameter brokers: How many brokers, 1 to 16. Topics are replicated to at most three of them.
    /// - Throws: `KafkaError` if threads or ports cannot be had.
    package init(brokers: Int = 1) throws {
        precondition((1...16).contains(brokers), "1 to 16 brokers")
        let capacity = 512
        var message = [CChar](repeating: 0, count: capacity)
        let conf: OpaquePointer = rd_kafka_conf_new()
        // The client only lends its thread to the cluster; it has no broker of its own and must not complain of that.
        rd_kafka_conf_set(conf, "log_level", "2", &message, capacity)
        rd_kafka_conf_set(conf, "client.id", "emulated-broker", &message, capacity)
        // Holds for the cluster's side of the connections too: with Nagle's algorithm several answers in a row take
        // 40 ms each (measured: 200 records over 24 partitions 224 ms, without it 3 ms).
        rd_kafka_conf_set(conf, "socket.nagle.disable", "true", &message, capacity)
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, &message, capacity) else {
            rd_kafka_conf_destroy(conf)
            throw KafkaError(code: .broker, operation: "start broker", detail: ClientHandle.text(message))
        }
        guard let mock = rd_kafka_mock_cluster_new(client, Int32(brokers)) else {
            rd_kafka_destroy(client)
            throw KafkaError(code: .broker, operation: "start broker", detail: "the emulation did not start")
        }
        bootstrapServers = String(cString: rd_kafka_mock_cluster_bootstraps(mock))
        brokerCount = brokers
        cluster = Mutex(Cluster(client: client, cluster: mock))
    }

    deinit {
        stop()
    }

    /// Ends the cluster and forgets all it held.
    ///
    /// Blocks for some milliseconds. Further calls do nothing.
    package func stop() {
        guard let ended = take() else { return }
        rd_kafka_mock_cluster_destroy(ended.cluster)
        rd_kafka_destroy(ended.client)
    }

    /// Creates a topic; its leaders are spread over the brokers.
    ///
    /// - Throws: `KafkaError` if it exists with other partitions, or after `stop`.
    package func createTopic(_ name: String, partitions: Int) throws {
        try check("create topic") {
            rd_kafka_mock_topic_create($0, name, Int32(partitions), Int32(min(3, brokerCount)))
        }
    }

    /// Makes the next produce requests fail.
    package func failProduce(times: Int, with fault: Fault) throws {
        try fail(.produce, times: times, with: fault)
    }

    /// Makes the next fetch requests fail.
    package func failFetch(times: Int, with fault: Fault) throws {
        try fail(.fetch, times: times, with: fault)
    }

    /// Makes the next requests of a kind fail, at whichever broker they arrive.
    package func fail(_ request: Request, times: Int, with fault: Fault) throws {
        try check("fail requests") { cluster in
            let errors = Array(repeating: rd_kafka_resp_err_t(fault.rawValue), count: times)
            rd_kafka_mock_push_request_errors_array(cluster, request.rawValue, times, errors)
            return RD_KAFKA_RESP_ERR_NO_ERROR
        }
    }

    /// Takes back all failures of a kind that have not happened yet.
    package func clearFaults(_ request: Request) throws {
        try check("clear faults") { cluster in
            rd_kafka_mock_clear_request_errors(cluster, request.rawValue)
            return RD_KAFKA_RESP_ERR_NO_ERROR
        }
    }

    /// Makes one broker answer the next request of a kind late, with an error or (nil) normally.
    package func delayNext(_ request: Request, broker: Int = 1, by delay: Duration, with fault: Fault? = nil) throws {
        try check("delay request") {
            tiaokuai_kafka_mock_push_error_delay(
                $0, Int32(broker), request.rawValue, rd_kafka_resp_err_t(fault?.rawValue ?? 0),
                delay.cappedMilliseconds(3_600_000))
        }
    }

    /// Cuts all connections of a broker (numbers from 1; nil: all brokers) and refuses new ones.
    package func setDown(broker: Int? = nil) throws {
        try check("set down") { rd_kafka_mock_broker_set_down($0, Int32(broker ?? -1)) }
    }

    /// Lets a broker (nil: all) accept connections again.
    ///
    /// What it held is still there.
    package func setUp(broker: Int? = nil) throws {
        try check("set up") { rd_kafka_mock_broker_set_up($0, Int32(broker ?? -1)) }
    }

    /// Delays every answer of a broker (nil: all).
    package func setRoundTrip(_ delay: Duration, broker: Int? = nil) throws {
        try check("set round trip") {
            rd_kafka_mock_broker_set_rtt($0, Int32(broker ?? -1), delay.cappedMilliseconds(3_600_000))
        }
    }

    /// Makes another broker the leader of a partition.
    package func setLeader(topic: String, partition: Int, broker: Int) throws {
        try check("set leader") {
            rd_kafka_mock_partition_set_leader($0, topic, Int32(partition), Int32(broker))
        }
    }

    private func take() -> Cluster? {
        cluster.withLock { cluster in
            defer { cluster = nil }
            return cluster
        }
    }

    private func check(_ operation: String, _ body: (OpaquePointer) -> rd_kafka_resp_err_t) throws {
        let code = try cluster.withLock { cluster in
            guard let cluster else { throw KafkaError(code: .closed, operation: operation) }
            return body(cluster.cluster)
        }
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(rdKafkaCode: code.rawValue, operation: operation)
        }
    }
}
