import Foundation
import Kafka
import Models

/// What readers and sources say to each other on the replay topic.
package struct ReplayMessage: Codable, Sendable, Hashable {
    /// What is said.
    package enum Kind: String, Codable, Sendable {
        /// A reader asks a source to send numbers of a lane again.
        case resend
        /// A source answers that numbers up to `through` are no longer in its outbox.
        case gone
        /// A reader asks a source to state the present of all aggregates of a topic.
        case announce
    }

    /// What is said.
    package var kind: Kind
    /// The source that is asked, or that answers.
    package var source: String
    /// The topic's name without prefix.
    package var topic: String
    /// The lane, for `resend` and `gone`.
    package var lane: Int?
    /// The first number asked for.
    package var from: Int64?
    /// The last number asked for, or the last that is gone.
    package var through: Int64?
    /// The reader that asks.
    package var consumer: String?
    /// When it was said; what is older than half a minute is not acted on, as it is said again while it matters.
    package var at: Date

    /// Gathers what is said.
    package init(
        kind: Kind, source: String, topic: String, lane: Int? = nil, from: Int64? = nil, through: Int64? = nil,
        consumer: String? = nil, at: Date
    ) {
        self.kind = kind
        self.source = source
        self.topic = topic
        self.lane = lane
        self.from = from
        self.through = through
        self.consumer = consumer
        self.at = at
    }

    /// How old a message may be to be acted on.
    static let ageMax: TimeInterval = 30

    func record(naming: TopicNaming) throws -> KafkaOutgoingRecord {
        KafkaOutgoingRecord(
            topic: naming.wireName(ReplayTopic.name), partition: nil, key: Array(source.utf8),
            value: try EventCoding.encode(self),
            headers: [KafkaHeader(name: "content-type", value: Array("application/json".utf8))])
    }
}

/// Says things on the replay topic.
///
/// Not through the outbox: a request that is lost is made again while it matters.
package struct ReplayRequester: Sendable {
    let sink: any RecordSink
    let naming: TopicNaming

    /// Makes a requester.
    package init(sink: any RecordSink, naming: TopicNaming) {
        self.sink = sink
        self.naming = naming
    }

    /// Says something, and returns when the broker has it.
    package func say(_ messages: [ReplayMessage]) async throws {
        guard !messages.isEmpty else { return }
        let reports = try await sink.send(try messages.map { try $0.record(naming: naming) }, timeout: .seconds(5))
        if let error = reports.lazy.compactMap(\.error).first { throw error }
    }
}
