import Foundation
import Models
import NotificationsService
import Postgres
import Support
import Testing

@Suite(.timeLimit(.minutes(2))) struct RespectfulSendingTests {
    private typealias Town = SendingDatabase

    @Test func `three messages a day, also when two replicas send at once`() async throws {
        try await Town.with { town in
            let person = PersonID.new()
            try await town.order((0..<20).map { _ in Town.message(to: person) })
            try await town.order([Town.message(to: person, lane: .emergency)])
            let channel = FakeChannel()
            let pumps = (0..<6).map { _ in town.pump(channel, width: .init(batch: 2)) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for pump in pumps {
                    group.addTask { while try await pump.step() > 0 {} }
                }
                try await group.waitForAll()
            }
            #expect(try await town.states() == ["SENT": 4, "SKIPPED daily-cap": 17])
            town.wait(86_400)
            try await town.order([Town.message(to: person)])
            _ = try await pumps[0].step()
            #expect(channel.messages.count == 5)
        }
    }

    @Test func `what a provider refuses takes no place of the day`() async throws {
        try await Town.with { town in
            let person = PersonID.new()
            try await town.order((0..<4).map { _ in Town.message(to: person) })
            let channel = FakeChannel { _, count in count == 1 ? .refused(code: "no") : .accepted(receipt: nil) }
            let pump = town.pump(channel, width: .init(batch: 1))
            while try await pump.step() > 0 {}
            #expect(try await town.states() == ["FAILED refused": 1, "SENT": 3])
        }
    }

    @Test func `quiet hours hold back until the morning, emergencies go`() async throws {
        try await Town.with { town in
            town.wait(10 * 3600)
            try await town.order([Town.message(), Town.message(lane: .emergency)])
            let channel = FakeChannel()
            let pump = town.pump(channel)
            _ = try await pump.step()
            #expect(channel.messages.count == 1)
            town.wait(9 * 3600 + 3600)
            #expect(try await town.states() == ["SENT": 1, "QUEUED": 1])
            _ = try await pump.step()
            #expect(try await town.states() == ["SENT": 1, "QUEUED": 1])
            town.wait(1200)
            _ = try await pump.step()
            #expect(try await town.states() == ["SENT": 2])
        }
    }

    @Test func `a message that is tried again in the evening is held back too`() async throws {
        try await Town.with { town in
            town.wait(9 * 3600 - 1)
            try await town.order([Town.message()])
            let channel = FakeChannel { _, count in
                count == 1 ? .failed(code: "500", after: nil) : .accepted(receipt: nil)
            }
            let pump = town.pump(channel)
            _ = try await pump.step()
            town.wait(600)
            _ = try await pump.step()
            #expect(channel.messages.count == 1)
            town.wait(11 * 3600 + 1200)
            _ = try await pump.step()
            #expect(try await town.states() == ["SENT": 1])
        }
    }

    @Test func `a digest stays one message, whoever orders at once`() async throws {
        try await Town.with { town in
            let person = PersonID.new()
            let rule = DigestRule(key: "incident", window: 600)
            let plans = (0..<40).map { number in
                Town.message(to: person, digest: rule, title: number < 20 ? "网格内有新事件" : "事件重新办理")
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for plan in plans { group.addTask { try await town.order([plan]) } }
                try await group.waitForAll()
            }
            try await town.order(Array(plans.prefix(10)))
            let channel = FakeChannel()
            let pump = town.pump(channel)
            _ = try await pump.step()
            #expect(channel.messages.isEmpty)
            town.wait(600)
            // What comes when its window's message has left joins the next.
            _ = try await pump.step()
            #expect(channel.messages.map(\.title) == ["40条新消息 40 new messages"])
            let body = try #require(channel.messages.first?.body)
            #expect(body.contains("网格内有新事件 ×20") && body.contains("事件重新办理 ×20"))
        }
    }

    @Test func `the limits of a provider hold for all replicas together`() async throws {
        try await Town.with { town in
            try await town.order((0..<60).map { _ in Town.message(by: [.weComRobot], lane: .campaign) })
            let limits = ChannelLimits(
                perAddress: [], overall: [ChannelLimits.Rate(messages: 20, span: .seconds(60))], longestBody: 500)
            let channel = FakeChannel(.weComRobot, limits: limits)
            let pumps = (0..<4).map { _ in town.pump(channel) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for pump in pumps { group.addTask { while try await pump.step() > 0 {} } }
                try await group.waitForAll()
            }
            // A campaign leaves three tenths for what is more pressing.
            #expect(channel.messages.count == 14)
            try await town.order([Town.message(by: [.weComRobot], lane: .emergency)])
            _ = try await pumps[0].step()
            #expect(channel.messages.count == 15)
            town.wait(67)
            while try await pumps[0].step() > 0 {}
            #expect(channel.messages.count == 29)
        }
    }

    @Test func `the limits of one address hold that address back alone`() async throws {
        try await Town.with { town in
            let (first, second) = (PersonID.new(), PersonID.new())
            try await town.keepAddress(of: [first, second])
            let limits = ChannelLimits(
                perAddress: [ChannelLimits.Rate(messages: 1, span: .seconds(60))], overall: [], longestBody: 500)
            try await town.order([
                Town.message(to: first, by: [.sms]), Town.message(to: first, by: [.sms]),
                Town.message(to: second, by: [.sms]),
            ])
            let channel = FakeChannel(.sms, limits: limits)
            let pump = town.pump(channel)
            while try await pump.step() > 0 {}
            #expect(Set(channel.messages.map(\.address)) == ["address-\(first)", "address-\(second)"])
            town.wait(70)
            while try await pump.step() > 0 {}
            #expect(channel.messages.count == 3)
        }
    }
}
