import Foundation
import Messaging
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import Testing

/// What people want to hear, how they are reached, and what is left when they are erased.
@Suite(.timeLimit(.minutes(2))) struct WishesTests {
    private typealias Town = SendingDatabase
    private static let keys = """
        {"current":"w","keys":{"w":"\(Data(repeating: 3, count: 32).base64EncodedString())"},
         "lookup":"\(Data(repeating: 4, count: 32).base64EncodedString())"}
        """

    private static func preferences(_ town: Town) throws -> (store: PostgresPreferences, links: UnsubscribeLinks) {
        let links = UnsubscribeLinks(cipher: AESFieldCipher(keys: try FieldKeys(json: keys)))
        let store = PostgresPreferences(
            pool: town.pool, audit: AuditTrail(service: .notifications), links: links, sealer: town.sealer)
        return (store, links)
    }

    @Test func `who follows the link hears nothing more on the channel, not even in an emergency or by another id`()
        async throws
    {
        try await Town.with { town in
            let (person, again) = (PersonID.new(), PersonID.new())
            try await town.keepAddress(of: [person])
            // The same number under another id.
            _ = try await town.pool.query(
                """
                insert into notify.contacts (person_id, kind, address_encrypted, address_hash, source, stated_at)
                select \(again.rawValue), kind, address_encrypted, address_hash, source, stated_at from notify.contacts
                """)
            let (store, links) = try Self.preferences(town)
            let token = try links.token(for: person, on: .sms)
            #expect(store.channel(ofLink: token) == .sms)
            for _ in 0..<2 {
                let channel = try await store.optOut(byLink: token, at: town.now)
                #expect(channel == .sms)
            }
            try await town.order([
                Town.message(to: person, by: [.sms, .webhook], lane: .emergency), Town.message(to: again, by: [.sms]),
            ])
            let sms = FakeChannel(.sms)
            _ = try await town.pump(sms).step()
            #expect(sms.messages.isEmpty)
            #expect(try await town.states() == ["SKIPPED opted-out": 2])
        }
    }

    @Test func `a link that was changed is nobody's`() async throws {
        try await Town.with { town in
            let (store, links) = try Self.preferences(town)
            let token = try links.token(for: .new(), on: .email)
            let changed = String(token.dropLast(4)) + (token.hasSuffix("AAAA") ? "BBBB" : "AAAA")
            for wrong in ["", "x", changed, token + "A", String(repeating: "A", count: 500)] {
                let channel = try await store.optOut(byLink: wrong, at: town.now)
                #expect(channel == nil)
            }
            #expect(try await town.count("select count(*) from notify.opt_outs") == 0)
        }
    }

    @Test func `a type that is muted is skipped on its channel, and emergencies come nevertheless`() async throws {
        try await Town.with { town in
            let person = PersonID.new()
            let (store, _) = try Self.preferences(town)
            let muted = MutedKind(kind: "IncidentReported", channel: "webhook")
            try await store.replace([muted], of: person, scope: .everything, at: town.now)
            try await town.order([
                Town.message(to: person), Town.message(to: person, by: [.weComRobot]),
                Town.message(to: person, lane: .emergency),
            ])
            _ = try await town.pump(FakeChannel()).step()
            _ = try await town.pump(FakeChannel(.weComRobot)).step()
            #expect(try await town.states(.webhook) == ["SKIPPED muted": 1, "SENT": 1])
            #expect(try await town.states(.weComRobot) == ["SENT": 1])
            let kept = try await store.muted(by: person, scope: .everything)
            #expect(kept == [muted])
            let strangers = try await store.muted(by: person, scope: ScopeFilter([.own], subject: "somebody"))
            #expect(strangers.isEmpty)
        }
    }

    @Test func `addresses come encrypted for one person, are kept encrypted anew, and go when they are erased`()
        async throws
    {
        try await Town.with { town in
            let transport = ContactTransport(cipher: AESFieldCipher(keys: try FieldKeys(json: Self.keys)))
            let person = PersonID.new()
            let community = try #require(DivisionCode("532923100001"))
            let sealed = try transport.seal("13800138000", kind: .mobile, of: person)
            let stated = ContactFacts(personID: person, divisionCode: community, addresses: [sealed])
            let handler = ContactHandler(keepContacts: KeepContacts(now: { town.now })) {
                PostgresContactBook(transaction: $0, transport: transport, sealer: town.sealer)
            }
            func tell(_ payload: some EventPayload) async throws {
                let event = try NotificationsDatabase.received(payload)
                try await town.pool.withTransaction { _ = try await handler.apply([event], in: $0) }
            }
            for _ in 0..<2 { try await tell(ContactStated(contact: stated)) }
            try await town.order([Town.message(to: person, by: [.sms])])
            let sms = FakeChannel(.sms)
            _ = try await town.pump(sms).step()
            #expect(sms.messages.map(\.address) == ["13800138000"])
            // Bound to the person: somebody else's event cannot carry it.
            #expect(throws: FieldCipherError.self) { try transport.open(sealed, of: .new()) }
            try await tell(ContactErased(contact: stated))
            #expect(try await town.count("select count(*) from notify.contacts") == 0)
        }
    }

    @Test func `who is erased leaves counts and the opt-out, nothing else`() async throws {
        try await Town.with { town in
            let person = PersonID.new()
            try await town.keepAddress(of: [person])
            let (store, links) = try Self.preferences(town)
            _ = try await store.optOut(byLink: try links.token(for: person, on: .email), at: town.now)
            try await store.replace(
                [MutedKind(kind: "*", channel: "email")], of: person, scope: .everything, at: town.now)
            try await town.order([Town.message(to: person, by: [.sms])])
            _ = try await town.pump(FakeChannel(.sms)).step()
            try await town.order([
                Town.message(to: person, by: [.sms]),
                Town.message(to: person, by: [.sms], digest: DigestRule(key: "x", window: 600)),
            ])
            let moment = town.now
            try await town.pool.withTransaction { transaction in
                _ = try await InboxSubjects(sealer: town.sealer).erase(person.description, at: moment, in: transaction)
            }
            #expect(try await town.states() == ["SENT": 1, "SKIPPED erased": 2])
            for table in ["contacts", "preferences", "daily_counts"] {
                let left = try await town.count("select count(*) from notify.\(unescaped: table)")
                #expect(left == 0, "\(table)")
            }
            #expect(try await town.count("select count(*) from notify.digest_items") == 0)
            #expect(
                try await town.count(
                    "select count(*) from notify.sendings where num_nonnulls(person_id, title, body) > 0") == 0)
            // The person and the address by e-mail, of which there was none.
            #expect(try await town.count("select count(*) from notify.opt_outs") == 1)
        }
    }

    @Test func `a person has a message sent again with a reason, once for what he saw`() async throws {
        try await Town.with { town in
            try await town.order([Town.message()])
            let channel = FakeChannel { _, count in count == 1 ? .refused(code: "no") : .accepted(receipt: nil) }
            let pump = town.pump(channel)
            _ = try await pump.step()
            let log = PostgresSendingLog(pool: town.pool, audit: AuditTrail(service: .notifications))
            let entry = try #require(
                try await log.list(SendingFilter(state: .failed), scope: .everything, before: nil, limit: 10).first)
            #expect(entry.reason == "refused" && entry.providerCode == "no" && entry.attempts == 1)
            func retry(_ attempts: Int, _ scope: ScopeFilter = .everything) async throws -> ResendOutcome {
                try await log.retry(entry.id, attempts: attempts, cause: .settingsCorrected, scope: scope, at: town.now)
            }
            let elsewhere = ScopeFilter([try #require(Scope("532923101"))])
            #expect(try await retry(1, elsewhere) == .absent)
            #expect(try await retry(0) == .notNow)
            #expect(try await retry(1) == .queued)
            #expect(try await retry(1) == .queued)
            _ = try await pump.step()
            #expect(try await retry(2) == .notNow)
            #expect(try await town.states() == ["SENT": 1])
            #expect(channel.messages.map(\.key) == [channel.messages[0].key, channel.messages[0].key])
        }
    }
}
