import Foundation
import Models
import NotificationsService
import Postgres
import Support
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct SendingEngineTests {
    private typealias Town = SendingDatabase

    @Test func `two engines on one database send each of a thousand messages once`() async throws {
        try await Town.with { town in
            let plans = (0..<1000).map { _ in Town.message() }
            try await town.order(plans)
            // Told again: nobody hears twice.
            try await town.order(Array(plans.prefix(500)))
            let channel = FakeChannel()
            let engines = [town.pump(channel), town.pump(channel)]
            try await Self.running(engines) {
                try await eventually(within: .seconds(60), "all are sent") {
                    try await town.states() == ["SENT": 1000]
                }
            }
            #expect(channel.messages.count == 1000)
            #expect(Set(channel.messages.map(\.key)).count == 1000)
        }
    }

    @Test func `an emergency passes a campaign that is under way in less than a second`() async throws {
        try await Town.with { town in
            try await town.order((0..<3000).map { _ in Town.message(lane: .campaign) })
            let arrival = Mutex<ContinuousClock.Instant?>(nil)
            let urgent = Town.message(lane: .emergency, title: "紧急")
            let channel = FakeChannel(pace: .milliseconds(300)) { message, _ in
                if message.title == "紧急" { arrival.withLock { $0 = $0 ?? ContinuousClock().now } }
                return .accepted(receipt: nil)
            }
            try await Self.running([town.pump(channel, width: .init(rest: .milliseconds(250)))]) {
                try await eventually(within: .seconds(20), "the campaign is under way") {
                    channel.messages.count >= 64
                }
                let ordered = ContinuousClock().now
                try await town.order([urgent])
                try await eventually(within: .seconds(20), "it arrives") { arrival.withLock { $0 } != nil }
                let came = try #require(arrival.withLock { $0 })
                // The answer takes 300 ms of it.
                #expect(came - ordered < .seconds(1.3))
                #expect(channel.messages.count < 3000)
            }
        }
    }

    @Test func `what was claimed and never answered is said to be unknown, and not repeated`() async throws {
        try await Town.with { town in
            let person = PersonID.new()
            try await town.keepAddress(of: [person])
            try await town.order([Town.message(to: person, by: [.sms])])
            let sms = FakeChannel(.sms)
            let claim = SendingClaim(channel: .sms, limits: sms.limits, lanes: SendingLane.allCases, limit: 8)
            // The process ends here.
            let lost = try await town.store.claim(claim, at: town.now)
            #expect(lost.sendings.map(\.message.address) == ["address-\(person)"])
            town.wait(100)
            let early = try await town.store.sweep(at: town.now)
            #expect(early == 0)
            town.wait(100)
            let swept = try await town.store.sweep(at: town.now)
            #expect(swept == 1)
            _ = try await town.pump(sms).step()
            #expect(sms.messages.isEmpty)
            #expect(try await town.states() == ["UNKNOWN lost-sender": 1])
        }
    }

    @Test func `a provider that knows the key is asked again with it, and old answers do not count`() async throws {
        try await Town.with { town in
            try await town.order([Town.message()])
            let channel = FakeChannel()
            let claim = SendingClaim(channel: .webhook, limits: channel.limits, lanes: SendingLane.allCases, limit: 8)
            let lost = try #require(try await town.store.claim(claim, at: town.now).sendings.first)
            town.wait(200)
            #expect(try await town.store.sweep(at: town.now) == 1)
            let second = try #require(try await town.store.claim(claim, at: town.now).sendings.first)
            #expect(second.message.key == lost.message.key)
            #expect(second.attempt == 2)
            let late = SettledAttempt(id: lost.id, attempt: lost.attempt, next: .failed(.refused, code: "old"))
            #expect(try await town.store.settle([late], at: town.now) == 0)
            let real = SettledAttempt(id: second.id, attempt: second.attempt, next: .sent(receipt: "x"))
            #expect(try await town.store.settle([real], at: town.now) == 1)
            #expect(try await town.states() == ["SENT": 1])
        }
    }

    @Test func `a lost answer is unknown by SMS and asked again by webhook`() async throws {
        try await Town.with { town in
            let person = PersonID.new()
            try await town.keepAddress(of: [person])
            try await town.order([Town.message(to: person, by: [.sms]), Town.message(to: person, by: [.webhook])])
            let sms = FakeChannel(.sms) { _, _ in .unknown(code: "cut") }
            let webhook = FakeChannel { _, count in count == 1 ? .unknown(code: "cut") : .accepted(receipt: nil) }
            _ = try await town.pump(sms).step()
            _ = try await town.pump(webhook).step()
            town.wait(60)
            _ = try await town.pump(sms).step()
            _ = try await town.pump(webhook).step()
            #expect(sms.messages.count == 1)
            #expect(webhook.messages.map(\.key) == [webhook.messages[0].key, webhook.messages[0].key])
            #expect(try await town.states(.sms) == ["UNKNOWN lost-answer": 1])
            #expect(try await town.states(.webhook) == ["SENT": 1])
        }
    }

    @Test func `a provider that asks to wait is left alone so long`() async throws {
        try await Town.with { town in
            try await town.order([Town.message(), Town.message()])
            let channel = FakeChannel { _, count in
                count == 1 ? .failed(code: "429", after: .seconds(60)) : .accepted(receipt: nil)
            }
            let pump = town.pump(channel, width: .init(batch: 1))
            _ = try await pump.step()
            town.wait(59)
            _ = try await pump.step()
            #expect(channel.messages.count == 1)
            town.wait(8)
            _ = try await pump.step()
            _ = try await pump.step()
            #expect(channel.messages.count == 3)
            #expect(try await town.states() == ["SENT": 2])
        }
    }

    @Test func `a provider that is down is asked no more, and emergencies take the next channel`() async throws {
        try await Town.with { town in
            try await town.order((0..<10).map { _ in Town.message() })
            let channel = FakeChannel { _, _ in .failed(code: "503", after: nil) }
            let pump = town.pump(
                channel, width: .init(batch: 5), breaker: CircuitBreaker(threshold: 5, pauses: 30...60))
            _ = try await pump.step()
            #expect(pump.position == .open)
            try await town.order([Town.message(by: [.webhook, .weComRobot], lane: .emergency)])
            _ = try await pump.step()
            #expect(channel.messages.count == 5)
            #expect(try await town.states(.weComRobot) == ["QUEUED": 1])
            #expect(try await town.states(.webhook) == ["QUEUED": 10, "FAILED channel-down": 1])
        }
    }

    @Test func `without an address, or when it is refused, the next channel is taken, once`() async throws {
        try await Town.with { town in
            let person = PersonID.new()
            let event = UUID()
            try await town.keepAddress(of: [person])
            try await town.order([Town.message(event, to: person, by: [.email, .sms, .weComRobot])])
            _ = try await town.pump(FakeChannel(.email)).step()
            let sms = FakeChannel(.sms) { _, _ in .refused(code: "bad-number") }
            _ = try await town.pump(sms).step()
            let robot = FakeChannel(.weComRobot)
            _ = try await town.pump(robot).step()
            _ = try await town.pump(robot).step()
            #expect(
                try await town.states() == ["SKIPPED no-contact": 1, "FAILED refused": 1, "SENT": 1])
            #expect(robot.messages.count == 1)
        }
    }

    @Test func `a channel that nobody has set up hands on what is due`() async throws {
        try await Town.with { town in
            try await town.order([Town.message(by: [.dingTalkRobot, .webhook])])
            #expect(try await town.store.skipUnserved(except: [.webhook], at: town.now) == 1)
            #expect(try await town.states() == ["SKIPPED no-channel": 1, "QUEUED": 1])
        }
    }

    /// Runs engines beside `body`, and stops them after it.
    private static func running(_ pumps: [ChannelPump], _ body: () async throws -> Void) async throws {
        let tasks = pumps.map { pump in Task { try await pump.run() } }
        do {
            try await body()
        } catch {
            for task in tasks { task.cancel() }
            throw error
        }
        for task in tasks {
            task.cancel()
            // Ends with the cancellation.
            _ = await task.result
        }
    }
}
