import Messaging
import Testing

/// Places where a test lets the process die, and the waits after a failure.
struct FailpointTests {
    @Test func `a place throws once, at its passing`() throws {
        let points = try #require(Failpoints(list: "relay.afterSend=throw@3,consumer.afterApply=throw"))
        try points.pass(.relayAfterSend)
        try points.pass(.relayAfterSend)
        let hit = #expect(throws: Failpoints.Hit.self) { try points.pass(.relayAfterSend) }
        #expect(hit?.place == .relayAfterSend)
        try points.pass(.relayAfterSend)
        #expect(throws: Failpoints.Hit.self) { try points.pass(.consumerAfterApply) }
        try points.pass(.consumerAfterApply)
        try points.pass(.relayAfterCut)
    }

    @Test func `every place can be named`() throws {
        for place in Failpoints.Place.allCases {
            let points = try #require(Failpoints(list: "\(place.rawValue)=throw"))
            #expect(throws: Failpoints.Hit.self) { try points.pass(place) }
            for other in Failpoints.Place.allCases where other != place { try points.pass(other) }
        }
    }

    @Test func `an empty list does nothing anywhere`() throws {
        let points = try #require(Failpoints(list: ""))
        for place in Failpoints.Place.allCases {
            try points.pass(place)
            try Failpoints.none.pass(place)
        }
    }

    @Test(arguments: [
        "relay.afterSend", "relay.afterSend=", "=kill", "relay.afterSend=explode", "relay.nowhere=kill",
        "relay.afterSend=kill@0", "relay.afterSend=kill@-1", "relay.afterSend=kill@x", "relay.afterSend=kill@1@2",
        "relay.afterSend=kill=1", "relay.afterSend=@2", "relay.afterSend=throw,nonsense", "relay.afterSend = kill",
    ])
    func `a list with a mistake is refused as a whole`(list: String) {
        #expect(Failpoints(list: list) == nil)
    }

    @Test func `waits double from the least to the greatest, each shortened by a half at most`() {
        var backoff = Backoff(.milliseconds(50)...(.seconds(1)))
        for full in [50, 100, 200, 400, 800, 1000, 1000] {
            let wait = backoff.next()
            #expect(wait <= .milliseconds(full) && wait >= .milliseconds(full) / 2, "\(full): \(wait)")
        }
        backoff.reset()
        #expect(backoff.next() <= .milliseconds(50))
    }

    @Test func `two replicas do not wait in step`() {
        var one = Backoff(.seconds(1)...(.seconds(1)))
        let waits = (0..<20).map { _ in one.next() }
        #expect(Set(waits).count > 1)
    }
}
