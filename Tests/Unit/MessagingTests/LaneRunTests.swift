import Messaging
import Testing

/// The decision what of a lane can be applied, against the simplest model of it.
struct LaneRunTests {
    /// Runs a lane as a reader does and notes what was applied.
    private struct Reader {
        var watermark: Int64 = 0
        var held: [Int64: ReceivedEvent] = [:]
        var applied: [Int64] = []
        let heldMax: Int

        mutating func take(_ numbers: [Int64]) -> LaneRun {
            let run = LaneRun(
                watermark: watermark, held: held, incoming: numbers.map { .numbered($0) }, heldMax: heldMax)
            applied += run.ready.map(\.number)
            watermark = run.ready.last?.number ?? watermark
            held = run.held
            return run
        }
    }

    @Test func `numbers in order are applied at once`() {
        var reader = Reader(heldMax: 10)
        let run = reader.take([1, 2, 3])
        #expect(run.ready.map(\.number) == [1, 2, 3])
        #expect(run.held.isEmpty && run.duplicates == 0)
    }

    @Test func `a number behind a gap is held back and applied when the gap is filled`() {
        var reader = Reader(heldMax: 10)
        #expect(reader.take([1, 3, 4]).ready.map(\.number) == [1])
        #expect(reader.held.keys.sorted() == [3, 4])
        #expect(reader.take([2]).ready.map(\.number) == [2, 3, 4])
        #expect(reader.held.isEmpty)
    }

    @Test func `what was seen before is counted and not applied`() {
        var reader = Reader(heldMax: 10)
        _ = reader.take([1, 2, 2, 5])
        #expect(reader.applied == [1, 2])
        #expect(reader.take([1, 2, 5]).duplicates == 3)
        #expect(reader.applied == [1, 2])
    }

    @Test func `a watermark that another replica has moved lets go of what it held`() {
        let run = LaneRun(
            watermark: 5, held: [4: .numbered(4), 5: .numbered(5), 7: .numbered(7)], incoming: [.numbered(6)],
            heldMax: 10)
        #expect(run.ready.map(\.number) == [6, 7])
        #expect(run.held.isEmpty)
    }

    @Test func `beyond the bound the greatest numbers are let go of`() {
        var reader = Reader(heldMax: 3)
        _ = reader.take([9, 5, 7, 3, 11])
        #expect(reader.held.keys.sorted() == [3, 5, 7])
        var none = Reader(heldMax: 0)
        #expect(none.take([1, 3]).ready.map(\.number) == [1])
        #expect(none.held.isEmpty)
    }

    @Test func `the greatest number of all is no trouble`() {
        let run = LaneRun(watermark: .max - 1, held: [:], incoming: [.numbered(.max - 1)], heldMax: 1)
        #expect(run.ready.isEmpty && run.duplicates == 1)
    }

    @Test(arguments: 0..<300)
    func `whatever the broker repeats, reorders or loses, each event is applied once and in order`(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        let last = Int64.random(in: 1...120, using: &generator)
        let heldMax = Int.random(in: 0...20, using: &generator)
        var reader = Reader(heldMax: heldMax)
        var deliveries = 0
        // A faithless broker: every number some times, in any order, some not at all.
        for _ in 0..<Int.random(in: 0...30, using: &generator) {
            let numbers = (0..<Int.random(in: 0...15, using: &generator)).map { _ in
                Int64.random(in: 1...last, using: &generator)
            }
            deliveries += numbers.count
            check(reader.take(numbers), reader: reader, heldMax: heldMax)
        }
        // The source answers the reader's requests: from the watermark on, in parts, with the old ones between.
        var rounds = 0
        while reader.watermark < last, rounds < 1000 {
            rounds += 1
            let from = reader.watermark + 1
            let through = min(last, from + Int64.random(in: 0...9, using: &generator))
            check(reader.take(Array(from...through).shuffled(using: &generator)), reader: reader, heldMax: heldMax)
        }
        #expect(reader.applied == Array(1...last), "seed \(seed), \(deliveries) deliveries")
        #expect(reader.held.isEmpty)
    }

    private func check(_ run: LaneRun, reader: Reader, heldMax: Int) {
        #expect(reader.applied == Array(1..<(Int64(reader.applied.count) + 1)))
        #expect(run.held.count <= heldMax)
        #expect(run.held.allSatisfy { $0.key == $0.value.number && $0.key > reader.watermark + 1 })
    }

    @Test(arguments: 0..<100)
    func `every delivery is applied, held, let go of or counted as seen`(seed: Int) {
        var generator = SplitMix(seed: 1000 + UInt64(seed))
        var reader = Reader(heldMax: .max)
        for _ in 0..<10 {
            let before = reader
            let numbers = (0..<10).map { _ in Int64.random(in: 1...30, using: &generator) }
            let run = reader.take(numbers)
            #expect(run.ready.count + run.held.count + run.duplicates == before.held.count + numbers.count)
        }
    }
}
