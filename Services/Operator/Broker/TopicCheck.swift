import Kafka
import Logging
import Models

/// Creates the topics of an installation where a cluster allows it, and says how each one stands.
package struct TopicCheck: Sendable {
    /// How a topic stands.
    package enum State: String, Sendable, Codable {
        /// It was made just now.
        case created
        /// It is as it should be.
        case present
        /// It does not exist.
        case missing
        /// It has another number of partitions than planned, but works.
        case differs
        /// It could not be made.
        case failed
    }

    /// One topic.
    package struct Line: Sendable, Codable, Equatable {
        /// The name as the broker knows it.
        package var topic: String
        /// Partitions that it should have.
        package var planned: Int
        /// Partitions that it has; nil when it does not exist.
        package var partitions: Int?
        /// Copies of its first partition.
        package var replicationFactor: Int?
        /// How it stands.
        package var state: State
        /// Why it could not be made.
        package var reason: String?
    }

    /// All topics.
    package struct Report: Sendable, Codable, Equatable {
        /// One line a topic.
        package var topics: [Line]
        /// Whether the brokers are the emulation, which has no administration: topics were only looked at.
        ///
        /// Nil when it was not tried.
        package var isEmulation: Bool?
        /// Gathers the lines.
        package init(topics: [Line], isEmulation: Bool?) {
            self.topics = topics
            self.isEmulation = isEmulation
        }

        /// Whether every topic can be used.
        package var isSound: Bool { topics.allSatisfy { $0.state != .missing && $0.state != .failed } }
    }

    private let admin: KafkaAdmin

    /// Prepares a check.
    package init(_ configuration: KafkaConfiguration, logger: Logger) {
        admin = KafkaAdmin(configuration, logger: logger)
    }

    /// Creates what is missing, unless only a look is wanted, and reports.
    ///
    /// - Throws: `KafkaError` when the brokers do not answer.
    package func run(naming: TopicNaming, replicationFactor: Int?, checkOnly: Bool) async throws -> Report {
        let plans = TopicPlan.all(naming: naming)
        var outcomes: [String: KafkaTopicOutcome] = [:]
        var isEmulation: Bool?
        if !checkOnly {
            do {
                let definitions = plans.map {
                    KafkaTopicDefinition(
                        name: $0.name, partitions: $0.partitions, replicationFactor: replicationFactor,
                        settings: $0.settings)
                }
                for outcome in try await admin.createTopics(definitions) { outcomes[outcome.topic] = outcome }
                isEmulation = false
            } catch let error as KafkaError where error.code == .unsupported {
                isEmulation = true
            }
        }
        let found = Dictionary(try await admin.topics().map { ($0.name, $0) }) { first, _ in first }
        return Report(
            topics: plans.map { Self.line($0, found: found[$0.name], outcome: outcomes[$0.name]) },
            isEmulation: isEmulation)
    }

    /// How one topic stands, from the plan, what the brokers know and what became of its creation.
    package static func line(_ plan: TopicPlan, found: KafkaTopicDescription?, outcome: KafkaTopicOutcome?) -> Line {
        var line = Line(
            topic: plan.name, planned: plan.partitions, partitions: found?.partitions,
            replicationFactor: found?.replicationFactor, state: .missing)
        if let error = outcome?.error, error.code != .alreadyExists {
            line.state = .failed
            line.reason = error.description
        } else if outcome != nil, outcome?.error == nil {
            // Metadata may lag behind the creation by a moment; the controller's word is enough.
            line.state = .created
        } else if let found {
            line.state = found.partitions == plan.partitions ? .present : .differs
        }
        return line
    }
}
