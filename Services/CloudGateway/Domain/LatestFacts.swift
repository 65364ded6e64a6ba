/// What a run of events comes to for each aggregate: the last of its facts, or that it is gone.
///
/// Pure and independent of how events are cut into batches: folding two runs one after the other leaves the same as
/// folding them as one.
package struct LatestFacts<Key: Hashable & Sendable, Facts: Sendable>: Sendable {
    private var latest: [Key: Facts?] = [:]

    package init() {}

    /// Notes that the aggregate is as `facts` say.
    package mutating func put(_ facts: Facts, for key: Key) { latest.updateValue(facts, forKey: key) }

    /// Notes that the aggregate is gone.
    package mutating func remove(_ key: Key) { latest.updateValue(nil, forKey: key) }

    /// The facts noted last for an aggregate; nil when none are, or when it is gone.
    package subscript(key: Key) -> Facts? { latest[key] ?? nil }

    /// The facts of every aggregate that is there, in no order.
    package var present: [Facts] { latest.values.compactMap { $0 } }

    /// Every aggregate that is gone, in no order.
    package var gone: [Key] { latest.filter { $0.value == nil }.map(\.key) }

    /// Says that nothing was noted.
    package var isEmpty: Bool { latest.isEmpty }
}
