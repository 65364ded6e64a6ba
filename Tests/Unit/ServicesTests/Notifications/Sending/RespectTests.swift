import Foundation
import NotificationsService
import Testing

@Suite struct RespectTests {
    /// 2023-11-15 at the county's time.
    private static func time(_ hour: Int, _ minute: Int = 0, day: Int = 15) -> Date {
        // Midnight of 2023-11-15 in Asia/Shanghai.
        let seconds = (day - 15) * 86_400 + hour * 3600 + minute * 60
        return Date(timeIntervalSince1970: 1_699_977_600 + Double(seconds))
    }

    private static func facts(
        _ lane: SendingLane = .transactional, reachable: Bool = true, optedOut: Bool = false, muted: Bool = false,
        today: Int = 0, takesPlace: Bool = true, ordered: Date = Self.time(12)
    ) -> Respect.Facts {
        Respect.Facts(
            lane: lane, orderedAt: ordered, isReachable: reachable, hasOptedOut: optedOut, isMuted: muted,
            sentToday: today, takesPlace: takesPlace)
    }

    @Test(arguments: [(7, 59, 8), (0, 0, 8), (3, 30, 8)])
    func `before eight it waits until eight`(_ hour: Int, _ minute: Int, _ end: Int) {
        #expect(QuietHours.end(for: .transactional, at: Self.time(hour, minute), jitter: 0) == Self.time(end))
    }

    @Test(arguments: [(21, 0), (23, 59)]) func `from nine on it waits until the morning`(_ hour: Int, _ minute: Int) {
        #expect(QuietHours.end(for: .campaign, at: Self.time(hour, minute), jitter: 0) == Self.time(8, day: 16))
    }

    @Test func `what waits goes out over twenty minutes`() throws {
        let end = try #require(QuietHours.end(for: .campaign, at: Self.time(22), jitter: 0.999))
        #expect(end > Self.time(8, 19, day: 16) && end < Self.time(8, 20, day: 16))
    }

    @Test(arguments: [(8, 0), (20, 59)]) func `by day it may go`(_ hour: Int, _ minute: Int) {
        #expect(QuietHours.end(for: .campaign, at: Self.time(hour, minute), jitter: 0.5) == nil)
    }

    @Test func `an emergency goes at any hour and beyond the day's limit`() {
        let facts = Self.facts(.emergency, muted: true, today: 50, ordered: Self.time(3))
        #expect(Respect.verdict(facts, at: Self.time(3), jitter: 0) == .go)
    }

    @Test func `the fourth message of a day is skipped`() {
        #expect(Respect.verdict(Self.facts(today: 2), at: Self.time(12), jitter: 0) == .go)
        #expect(Respect.verdict(Self.facts(today: 3), at: Self.time(12), jitter: 0) == .skip(.dailyCap))
    }

    @Test func `a second attempt takes no second place of the day`() {
        #expect(Respect.verdict(Self.facts(today: 3, takesPlace: false), at: Self.time(12), jitter: 0) == .go)
    }

    @Test func `who opted out is left alone in an emergency too`() {
        #expect(
            Respect.verdict(Self.facts(.emergency, optedOut: true), at: Self.time(12), jitter: 0) == .skip(.optedOut))
    }

    @Test func `the will of the person goes before what is missing, and allows no other channel`() {
        #expect(
            Respect.verdict(Self.facts(reachable: false, muted: true), at: Self.time(12), jitter: 0) == .skip(.muted))
        #expect(Respect.verdict(Self.facts(reachable: false), at: Self.time(12), jitter: 0) == .skip(.noContact))
        #expect(!SendingReason.muted.allowsFallback && !SendingReason.optedOut.allowsFallback)
        #expect(SendingReason.noContact.allowsFallback)
    }

    @Test func `what is of no use any more is not sent`() {
        let late = Self.facts(ordered: Self.time(11, day: 13))
        #expect(Respect.verdict(late, at: Self.time(12), jitter: 0) == .skip(.expired))
    }
}
