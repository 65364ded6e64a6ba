import Foundation

/// The parts that the driver uses of the JSON document that librdkafka writes (its STATISTICS.md).
package struct StatisticsDocument: Decodable {
    /// Times in microseconds over a window.
    package struct Window: Decodable {
        /// The mean, in microseconds.
        package let avg: Double
        /// How many were measured.
        package let cnt: Int64
    }

    /// A broker connection.
    package struct Broker: Decodable {
        /// The broker's number; -1 for one known by its address alone.
        package let nodeid: Int32
        /// What the connection is at.
        package let state: String
        /// Round trips of requests.
        package let rtt: Window?
    }

    /// A partition.
    ///
    /// -1 and -1001 stand for "not known".
    package struct Partition: Decodable {
        /// The partition's number; -1 for what has none.
        package let partition: Int32
        /// The committed offset; -1001 when there is none.
        package let committedOffset: Int64
        /// The offset after the last record.
        package let highOffset: Int64
        /// Records not yet read; -1 when unknown.
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
        /// The topic's name.
        package let topic: String
        /// Its partitions, by number.
        package let partitions: [String: Partition]
    }

    /// Records that wait in the client.
    package let queuedRecords: Int64
    /// Bytes that wait in the client.
    package let queuedBytes: Int64
    /// Brokers, by name.
    package let brokers: [String: Broker]
    /// Topics, by name.
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
