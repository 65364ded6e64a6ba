import Messaging
import Testing

/// When a reader asks for what is missing; time is given, never waited for.
struct GapTrackerTests {
    private let lane = ReaderLane(source: "s", topic: "t", lane: 1)
    private let start = ContinuousClock.now
    private let tracker = GapTracker(grace: .milliseconds(250), intervalMax: .seconds(5))

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test func `a lane without anything beyond its watermark is no gap`() {
        tracker.learn(lane, watermark: 5, head: nil, firstHeld: nil, now: at(0))
        tracker.learn(lane, watermark: 5, head: 5, firstHeld: nil, now: at(0))
        tracker.learn(lane, watermark: 5, head: 3, firstHeld: nil, now: at(0))
        #expect(tracker.count == 0)
        #expect(tracker.due(now: at(100_000)).isEmpty)
    }

    @Test func `a gap is given a moment before it is asked for`() {
        tracker.learn(lane, watermark: 5, head: nil, firstHeld: 8, now: at(0))
        #expect(tracker.due(now: at(249)).isEmpty)
        #expect(tracker.due(now: at(250)).keys.contains(lane))
        #expect(tracker.count == 1)
    }

    @Test func `what is missing ends before the first held number or at the head`() throws {
        tracker.learn(lane, watermark: 5, head: 20, firstHeld: 8, now: at(0))
        #expect(try #require(tracker.due(now: at(250))[lane]).missing == 6...7)
        tracker.learn(lane, watermark: 5, head: 20, firstHeld: nil, now: at(0))
        #expect(try #require(tracker.due(now: at(250))[lane]).missing == 6...20)
    }

    @Test func `no more is asked for at once than the source answers at once`() throws {
        tracker.learn(lane, watermark: 5, head: 1_000_000, firstHeld: nil, now: at(0))
        let missing = try #require(tracker.due(now: at(250))[lane]).missing
        #expect(missing == 6...(5 + GapTracker.rangeMax))
    }

    @Test func `the greatest head of all is asked for without overflow`() throws {
        tracker.learn(lane, watermark: 5, head: .max, firstHeld: nil, now: at(0))
        let missing = try #require(tracker.due(now: at(10_000))[lane]).missing
        #expect(missing == 6...(5 + GapTracker.rangeMax))
    }

    @Test func `the waits between two requests double up to the longest`() {
        tracker.learn(lane, watermark: 5, head: 6, firstHeld: nil, now: at(0))
        var now = at(250)
        for seconds in [1, 2, 4, 5, 5] {
            #expect(tracker.due(now: now).keys.contains(lane))
            tracker.asked(lane, now: now)
            #expect(tracker.due(now: now + .seconds(seconds) - .milliseconds(1)).isEmpty, "\(seconds)")
            now += .seconds(seconds)
        }
    }

    @Test func `a lane that moves is given a moment again and starts with short waits`() {
        tracker.learn(lane, watermark: 5, head: 20, firstHeld: nil, now: at(0))
        tracker.asked(lane, now: at(250))
        tracker.asked(lane, now: at(1250))
        tracker.learn(lane, watermark: 9, head: nil, firstHeld: nil, now: at(1300))
        #expect(tracker.due(now: at(1549)).isEmpty)
        #expect(tracker.due(now: at(1550))[lane]?.missing == 10...20)
        tracker.asked(lane, now: at(1550))
        #expect(tracker.due(now: at(2550)).keys.contains(lane))
    }

    @Test func `a lane that stands still does not put its request off`() {
        tracker.learn(lane, watermark: 5, head: 20, firstHeld: nil, now: at(0))
        for moment in stride(from: 10, through: 240, by: 10) {
            tracker.learn(lane, watermark: 5, head: 20 + Int64(moment), firstHeld: 30, now: at(moment))
        }
        #expect(tracker.due(now: at(250)).keys.contains(lane))
    }

    @Test func `the head that was once known is kept until the watermark has passed it`() {
        tracker.learn(lane, watermark: 5, head: 20, firstHeld: nil, now: at(0))
        tracker.learn(lane, watermark: 19, head: nil, firstHeld: nil, now: at(10))
        #expect(tracker.count == 1)
        tracker.learn(lane, watermark: 20, head: nil, firstHeld: nil, now: at(20))
        #expect(tracker.count == 0)
    }

    @Test func `lanes do not disturb each other and asking for a closed gap does nothing`() {
        let other = ReaderLane(source: "s", topic: "t", lane: 2)
        tracker.learn(lane, watermark: 5, head: 6, firstHeld: nil, now: at(0))
        tracker.learn(other, watermark: 0, head: 1, firstHeld: nil, now: at(100))
        #expect(Array(tracker.due(now: at(250)).keys) == [lane])
        #expect(Set(tracker.due(now: at(350)).keys) == [lane, other])
        tracker.learn(lane, watermark: 6, head: nil, firstHeld: nil, now: at(400))
        tracker.asked(lane, now: at(400))
        #expect(tracker.count == 1)
    }
}
