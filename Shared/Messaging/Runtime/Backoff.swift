/// Waits that double from a least to a greatest, each shortened by up to a half so that replicas do not move in step.
package struct Backoff: Sendable {
    private let range: ClosedRange<Duration>
    private var present: Duration

    /// Starts at the least wait.
    package init(_ range: ClosedRange<Duration>) {
        self.range = range
        present = range.lowerBound
    }

    /// The next wait.
    package mutating func next() -> Duration {
        defer { present = min(present * 2, range.upperBound) }
        return present * Double.random(in: 0.5...1)
    }

    /// Starts again at the least wait, after a success.
    package mutating func reset() { present = range.lowerBound }
}
