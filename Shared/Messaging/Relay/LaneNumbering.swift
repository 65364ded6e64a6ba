/// A lane of a topic, the topic by its name without prefix.
package struct TopicLane: Hashable, Sendable {
    /// The topic's name without prefix.
    package let topic: String
    /// The lane, from 0.
    package let lane: Int

    /// Names a lane.
    package init(topic: String, lane: Int) {
        self.topic = topic
        self.lane = lane
    }
}

/// Gives out the numbers of lanes: 1, 2, 3 … in the order of the batch, from the heads that the tick before left.
///
/// The same batch from the same heads always gets the same numbers, whoever sends it and however often.
package struct LaneNumbering: Sendable {
    /// What one tick took from a lane.
    package struct Run: Equatable, Sendable {
        /// The first number given out.
        package var firstNumber: Int64
        /// How many were given out, without holes.
        package var records: Int64
    }

    /// The greatest number given out, by lane.
    package private(set) var heads: [TopicLane: Int64]
    /// What was given out since the start.
    package private(set) var runs: [TopicLane: Run] = [:]

    /// Starts at the heads before a batch.
    package init(heads: [TopicLane: Int64]) { self.heads = heads }

    /// The next number of a lane.
    package mutating func next(_ lane: TopicLane) -> Int64 {
        let number = heads[lane, default: 0] + 1
        heads[lane] = number
        runs[lane, default: Run(firstNumber: number, records: 0)].records += 1
        return number
    }
}
