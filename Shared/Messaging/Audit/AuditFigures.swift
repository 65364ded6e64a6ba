/// What one service can say of its own events and of what it has read of others': one side of the audit (DESIGN 3.5).
package struct AuditFigures: Codable, Sendable, Equatable {
    /// A lane of this service's own.
    package struct Produced: Codable, Sendable, Equatable {
        /// The topic's name without prefix.
        package var topic: String
        /// The lane.
        package var lane: Int
        /// The greatest number that the broker has acknowledged.
        package var head: Int64
    }

    /// A lane of another service as one reader here has it.
    package struct Read: Codable, Sendable, Equatable {
        /// The reader.
        package var consumer: String
        /// Who numbers the lane.
        package var source: String
        /// The topic's name without prefix.
        package var topic: String
        /// The lane.
        package var lane: Int
        /// Numbers up to here were never asked for: the present was stated instead.
        package var base: Int64
        /// The greatest number seen through.
        package var watermark: Int64
        /// Events whose effect is in the database.
        package var applied: Int64
        /// Events that wait for a person.
        package var parked: Int64
        /// Events that a person passed over with a reason.
        package var skipped: Int64
        /// Deliveries of events seen before, which had no effect.
        package var duplicates: Int64
    }

    /// A topic that a reader here should know all of.
    package struct Subscription: Codable, Sendable, Hashable {
        /// The reader.
        package var consumer: String
        /// The topic's name without prefix.
        package var topic: String

        /// Names a reader and a topic.
        package init(consumer: String, topic: String) {
            self.consumer = consumer
            self.topic = topic
        }
    }

    /// The CloudEvents source of the service.
    package var source: String
    /// Events in the outbox that no acknowledged tick has yet.
    package var pending: Int64
    /// The lanes that the service writes.
    package var produced: [Produced]
    /// What its readers read.
    package var subscriptions: [Subscription]
    /// How far they are.
    package var read: [Read]
    /// Records that could not be read as events and wait for a person.
    package var unreadable: Int64
}

/// One line of the audit: a source, a topic and a reader.
package struct AuditLine: Codable, Sendable, Equatable {
    /// The CloudEvents source.
    package var source: String
    /// The topic's name without prefix.
    package var topic: String
    /// The reader.
    package var consumer: String
    /// Events that the source has sent and the broker acknowledged; what is not yet sent is in `Audit.pending`.
    package var produced: Int64
    /// Events whose effect is in the reader's database.
    package var applied: Int64
    /// Events that wait for a person.
    package var parked: Int64
    /// Events passed over with a reason, and those that came before the reader.
    package var skipped: Int64
    /// Events that have not arrived, or that were seen and had no effect.
    ///
    /// Must end at 0.
    package var missing: Int64
    /// Effects beyond one an event.
    ///
    /// Must always be 0.
    package var repeated: Int64
}

/// The audit over all services: a pure joining of their figures.
package struct Audit: Codable, Sendable, Equatable {
    /// One line for each source, topic and reader.
    package var lines: [AuditLine]
    /// Records, by service, that could not be read as events.
    package var unreadable: Int64
    /// Events not yet sent.
    package var pending: Int64

    /// Nothing is missing and nothing was repeated.
    package var isClean: Bool { pending == 0 && lines.allSatisfy { $0.missing == 0 && $0.repeated == 0 } }

    /// Joins what the services say.
    ///
    /// The producers' figures should have been read before the readers', or what was sent in between looks like too
    /// much.
    package init(_ services: [AuditFigures]) {
        let reads = Dictionary(grouping: services.flatMap(\.read)) {
            Key(source: $0.source, topic: $0.topic, consumer: $0.consumer)
        }
        let subscriptions = services.flatMap(\.subscriptions)
        var lines: [AuditLine] = []
        for service in services {
            for (topic, lanes) in Dictionary(grouping: service.produced, by: \.topic) {
                let heads = Dictionary(uniqueKeysWithValues: lanes.map { ($0.lane, $0.head) })
                for subscription in Set(subscriptions) where subscription.topic == topic {
                    let key = Key(source: service.source, topic: topic, consumer: subscription.consumer)
                    lines.append(Self.line(key, heads: heads, reads: reads[key] ?? []))
                }
            }
        }
        self.lines = lines.sorted { ($0.source, $0.topic, $0.consumer) < ($1.source, $1.topic, $1.consumer) }
        unreadable = services.reduce(0) { $0 + $1.unreadable }
        pending = services.reduce(0) { $0 + $1.pending }
    }

    private struct Key: Hashable {
        var source: String
        var topic: String
        var consumer: String
    }

    private static func line(_ key: Key, heads: [Int: Int64], reads: [AuditFigures.Read]) -> AuditLine {
        var line = AuditLine(
            source: key.source, topic: key.topic, consumer: key.consumer, produced: heads.values.reduce(0, +),
            applied: 0, parked: 0, skipped: 0, missing: 0, repeated: 0)
        let byLane = Dictionary(reads.map { ($0.lane, $0) }) { first, _ in first }
        for (lane, head) in heads {
            guard let read = byLane[lane] else {
                line.missing += head
                continue
            }
            line.applied += read.applied
            line.parked += read.parked
            line.skipped += read.skipped + read.base
            // Seen through, but without an effect, a parking or a reason: as bad as not arrived.
            let accounted = read.base + read.applied + read.parked + read.skipped
            line.missing += max(0, head - read.watermark) + max(0, read.watermark - accounted)
            line.repeated += max(0, accounted - read.watermark)
        }
        return line
    }
}
