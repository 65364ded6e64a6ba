import Foundation

/// The parts that the driver uses of the JSON document that librdkafka writes (its STATISTICS.md).
package struct StatisticsDocument: Decodable {
    /// Times in microseconds over a window.
    package struct Window: Decodable {
        package let avg: Double
        package let cnt: Int64
    }

    /// A broker connection.
    package struct Broker: Decodable {
        package let nodeid: Int32
        package let state: String
        package let rtt: Window?
    }

    /// A partition.
    ///
    /// -1 and -1001 stand for "not known".
    package struct Partition: Decodable {
        package let partition: Int32
        package let committedOffset: Int64
        package let highOffset: Int64
        package let lag: Int64

        private enum CodingKeys: String, CodingKey {
            case partition
            case committedOffset = "committed_offset"
            case highOffset = "hi_offset"
            case lag = "consumer_lag"
        }
    }

    /// A topic.
    package struct Topic: Decodable {
        package let topic: String
        package let partitions: [String: Partition]
    }

    package let queuedRecords: Int64
    package let queuedBytes: Int64
    package let brokers: [String: Broker]
    package let topics: [String: Topic]

    private enum CodingKeys: String, CodingKey {
        case queuedRecords = "msg_cnt"
        case queuedBytes = "msg_size"
        case brokers, topics
    }

    /// Reads a document.
    ///
    /// - Throws: `DecodingError` if it is not what librdkafka writes.
    package init(json: Data) throws {
        self = try JSONDecoder().decode(StatisticsDocument.self, from: json)
    }

    /// Copies what is known into the figures of a client.
    ///
    /// Partitions that are not in `statistics` are left out.
    package func merge(into statistics: inout KafkaClientStatistics) {
        statistics.queuedRecords = queuedRecords
        statistics.queuedBytes = queuedBytes
        // Bootstrap entries have the number -1 and stand for a broker that is also listed under its own.
        let connected = brokers.values.filter { $0.nodeid >= 0 && $0.state == "UP" }
        statistics.brokersConnected = connected.count
        let answers = connected.compactMap(\.rtt).filter { $0.cnt > 0 }
        let count = answers.reduce(0) { $0 + $1.cnt }
        let total = answers.reduce(0) { $0 + $1.avg * Double($1.cnt) }
        statistics.roundTripMilliseconds = count == 0 ? 0 : total / Double(count) / 1_000
        for index in statistics.partitions.indices {
            let known = statistics.partitions[index]
            guard let told = topics[known.topic]?.partitions[String(known.partition)] else { continue }
            statistics.partitions[index].lag = told.lag >= 0 ? told.lag : nil
            statistics.partitions[index].committedOffset = told.committedOffset >= 0 ? told.committedOffset : nil
            statistics.partitions[index].endOffset = told.highOffset >= 0 ? told.highOffset : nil
        }
    }
}
