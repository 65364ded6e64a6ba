import Foundation
import Messaging
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import Testing

/// What an event's routes send outside the inbox.
@Suite(.timeLimit(.minutes(2))) struct RouteSendingTests {
    private typealias Fixture = GridNewsFixture
    private let noon = SendingDatabase.noon
    private let reporter = PersonID.new()

    /// The county tells reporters by these ways.
    private func route(_ notify: NotificationsDatabase, _ channels: [ChannelCode]) async throws {
        let route = MessageRoute(
            event: .incidentClosed, audience: .reporter, template: "incidentHandled", channels: channels)
        _ = try await notify.routes.replace("532923", [route], ifVersion: nil, at: noon)
    }

    private func closed() throws -> ReceivedEvent {
        try NotificationsDatabase.received(
            IncidentClosed(incident: try Fixture.incident("7", reporter: reporter)))
    }

    /// The engine over the tables of the events, with the reporter's addresses.
    private func reach(_ town: SendingDatabase, _ kinds: [ContactKind]) async throws -> NotificationsDatabase {
        for kind in kinds { try await town.keepAddress(of: [reporter], kind: kind) }
        return NotificationsDatabase(
            pool: town.pool, store: PostgresInboxStore(pool: town.pool, audit: AuditTrail(service: .notifications)))
    }

    @Test func `an event's route sends once by its way and puts it into the inbox`() async throws {
        try await SendingDatabase.with { town in
            let notify = try await reach(town, [.mobile])
            try await route(notify, [.inApp, .sms])
            let event = try closed()
            try await notify.apply([event], at: noon)
            // The broker repeats it.
            try await notify.apply([event], at: noon)
            let sms = FakeChannel(.sms)
            _ = try await town.pump(sms).step()
            _ = try await town.pump(sms).step()
            #expect(sms.messages.map(\.address) == ["address-\(reporter)"])
            #expect(sms.messages.first?.slots["content"] == sms.messages.first?.body)
            let states = try await town.states()
            #expect(states == ["SENT": 1])
            let inbox = try await notify.messages(of: reporter)
            #expect(inbox == ["incidentHandled 7"])
        }
    }

    @Test func `what is refused by one way goes by the next of the route`() async throws {
        try await SendingDatabase.with { town in
            let notify = try await reach(town, [.mobile, .email])
            try await route(notify, [.inApp, .sms, .email])
            try await notify.apply([try closed()], at: noon)
            let sms = FakeChannel(.sms) { _, _ in .refused(code: "isv.MOBILE_NUMBER_ILLEGAL") }
            let email = FakeChannel(.email)
            _ = try await town.pump(sms).step()
            _ = try await town.pump(email).step()
            #expect(sms.messages.count == 1)
            #expect(email.messages.count == 1)
            let sent = try await town.states(.email)
            #expect(sent == ["SENT": 1])
            let refused = try await town.states(.sms)
            #expect(refused == ["FAILED refused": 1])
        }
    }

    @Test func `a way of a transaction that is rolled back sends nothing`() async throws {
        struct Fall: Error {}
        try await SendingDatabase.with { town in
            let notify = try await reach(town, [.mobile])
            try await route(notify, [.inApp, .sms])
            let event = try closed()
            let handler = notify.handler(at: noon)
            await #expect(throws: Fall.self) {
                try await town.pool.withTransaction { transaction in
                    _ = try await handler.apply([event], in: transaction)
                    throw Fall()
                }
            }
            let states = try await town.states()
            #expect(states.isEmpty)
        }
    }
}
