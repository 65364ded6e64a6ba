import Messaging
import Models
import Testing

/// Numbers of lanes, and what bounds a tick.
struct LaneNumberingTests {
    private func lanes(_ count: Int, seed: UInt64) -> [TopicLane] {
        var generator = SplitMix(seed: seed)
        return (0..<count).map { _ in
            TopicLane(
                topic: ["a", "b"][Int.random(in: 0...1, using: &generator)],
                lane: Int.random(in: 0..<3, using: &generator))
        }
    }

    @Test func `the same batch from the same heads always gets the same numbers`() {
        let heads = [TopicLane(topic: "a", lane: 1): Int64(40), TopicLane(topic: "b", lane: 0): 7]
        let batch = lanes(500, seed: 3)
        var first = LaneNumbering(heads: heads)
        var second = LaneNumbering(heads: heads)
        let numbers = batch.map { first.next($0) }
        #expect(numbers == batch.map { second.next($0) })
        #expect(first.heads == second.heads)
        #expect(first.runs == second.runs)
    }

    @Test func `a lane is numbered from its head on without holes, whatever is between`() {
        let known = TopicLane(topic: "a", lane: 1)
        var numbering = LaneNumbering(heads: [known: 40])
        var given: [TopicLane: [Int64]] = [:]
        for lane in lanes(1000, seed: 4) { given[lane, default: []].append(numbering.next(lane)) }
        for (lane, numbers) in given {
            let first: Int64 = lane == known ? 41 : 1
            #expect(numbers == Array(first..<first + Int64(numbers.count)))
            #expect(numbering.heads[lane] == numbers.last)
            #expect(numbering.runs[lane]?.firstNumber == first)
            #expect(numbering.runs[lane]?.records == Int64(numbers.count))
        }
        #expect(given.count == 6)
    }

    @Test func `a batch in two parts gets the numbers that it gets as one`() {
        let batch = lanes(300, seed: 5)
        var whole = LaneNumbering(heads: [:])
        let numbers = batch.map { whole.next($0) }
        var parts = LaneNumbering(heads: [:])
        #expect(batch.prefix(100).map { parts.next($0) } + batch.dropFirst(100).map { parts.next($0) } == numbers)
        #expect(parts.runs == whole.runs)
    }

    @Test func `the next tick goes on where the last one ended`() {
        let lane = TopicLane(topic: "a", lane: 0)
        var first = LaneNumbering(heads: [:])
        _ = [first.next(lane), first.next(lane)]
        var second = LaneNumbering(heads: first.heads)
        #expect(second.runs.isEmpty)
        #expect(second.next(lane) == 3)
        #expect(second.runs.map { [$0.value.firstNumber, $0.value.records] } == [[3, 1]])
    }

    @Test(arguments: [
        ("1:1:", "1", []), ("10:20:", "20", []), ("10:20:10,14,15", "20", ["10", "14", "15"]),
        (
            "18446744073709551000:18446744073709551610:18446744073709551001", "18446744073709551610",
            ["18446744073709551001"]
        ),
    ])
    func `a snapshot is bounded by its xmax and by what was in progress`(
        text: String, xmax: String, inProgress: [String]
    ) {
        let bounds = SnapshotBounds(text)
        #expect(bounds?.xmax == xmax)
        #expect(bounds?.inProgress == inProgress)
    }

    @Test(arguments: ["", "1", "1:1", "1:1:1:1", ":::"])
    func `what is not a snapshot has no bounds`(text: String) {
        #expect(SnapshotBounds(text) == nil)
    }
}
