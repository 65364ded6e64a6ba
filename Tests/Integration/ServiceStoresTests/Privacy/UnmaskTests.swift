import CommunityPairingService
import Foundation
import Logging
import Models
import Postgres
import ServiceKit
import Support
import Synchronization
import TalentRegistryService
import Testing

/// One record in full: who, for what, how often, and what is left behind.
struct UnmaskTests {
    private static let mine = "532923100001"
    private static let name = "欧阳春梅"
    private static let order = #"{"purpose":"P1","reason":"电话核实培训意向"}"#

    /// A registry with a talent here and one in the next community; gives their ids.
    private func withTalents(
        _ body: (ServedService, _ mine: String, _ theirs: String) async throws -> Void
    ) async throws {
        try await ServedService.with(TalentRegistry.self) { service in
            try await service.superuser.run(
                """
                insert into talent.divisions values ('\(Self.mine)', 'community', null), ('532923100002', 'community', null)
                """)
            let rows = [(1, Self.mine), (2, "532923100002")].map { index, division in
                """
                {"identityNumber":"\(RegistryFixture.identityNumber(index))","name":"\(Self.name)","gender":"女",
                 "mobile":"\(RegistryFixture.mobile(index))","divisionCode":"\(division)","category":"专业技术人员"}
                """
            }
            let sent = try await service.send(rows, to: "/v1/talents/bulk", as: .townOfficer, "532923100")
            #expect(sent.body.contains("\"accepted\":2"), "\(sent.body)")
            let connection = try await PostgresConnection.connect(service.superuser.configuration)
            let ids = try await connection.query("select id::text as id from talent.talents order by division_code")
                .rows
            await connection.close()
            try await body(service, try ids[0].decode("id"), try ids[1].decode("id"))
        }
    }

    private func unmask(
        _ service: ServedService, _ id: String, as role: Role, _ scope: String, subject: String = "person-1",
        _ order: String = order
    ) async throws -> ServedService.Answer {
        try await service.ask("POST", "/v1/talents/\(id)/unmask", as: role, scope, subject: subject, body: order)
    }

    private func rows(_ service: ServedService, _ statement: PostgresStatement) async throws -> [PostgresRow] {
        let connection = try await PostgresConnection.connect(service.superuser.configuration)
        let rows = try await connection.query(statement).rows
        await connection.close()
        return Array(rows)
    }

    @Test func `an officer sees one person in full, a secretary the name alone, and both are written down`()
        async throws
    {
        try await withTalents { service, mine, theirs in
            let officer = try await unmask(service, mine, as: .townOfficer, "532923100")
            #expect(officer.status == 200)
            #expect(officer.body.contains(Self.name) && officer.body.contains(RegistryFixture.mobile(1)))
            let secretary = try await unmask(service, mine, as: .communitySecretary, Self.mine, subject: "person-2")
            #expect(secretary.body.contains(Self.name) && secretary.body.contains("154****0001"), "\(secretary.body)")
            #expect(!secretary.body.contains(RegistryFixture.mobile(1)))
            for (id, role, scope) in [
                (theirs, Role.communitySecretary, Self.mine), (UUID().uuidString, .communitySecretary, Self.mine),
                (mine, .townOfficer, "532923101"),
            ] {
                #expect(try await unmask(service, id, as: role, scope).status == 404)
            }
            let entries = try await rows(
                service,
                """
                select actor, purpose, object_id, division_code, details from audit_trail.entries
                where action = 'unmasked' order by position
                """)
            #expect(entries.count == 2)
            #expect(try entries.map { try $0.decode("actor", as: String.self) } == ["person-1", "person-2"])
            let first = try #require(entries.first)
            #expect(try first.decode("purpose", as: String.self) == "P1")
            #expect(try first.decode("object_id", as: String.self) == mine)
            #expect(try first.decode("division_code", as: String.self) == Self.mine)
            #expect(try first.decode("details", as: String.self) == #"{"ofTheDay":1,"purpose":"P1"}"#)
            // The reason is kept, and not in the clear.
            let kept = try await rows(
                service,
                "select position('电话'::text::bytea in reason_encrypted) as found from service_kit.unmaskings")
            #expect(try kept.map { try $0.decode("found", as: Int.self) } == [0, 0])
        }
    }

    @Test func `without a fitting purpose and a reason nothing is shown or counted`() async throws {
        try await withTalents { service, mine, _ in
            let orders = [
                #"{"purpose":"P5","reason":"电话核实"}"#, #"{"purpose":"P13","reason":"电话核实"}"#, #"{"purpose":"P1"}"#,
                #"{"purpose":"P1","reason":" "}"#, #"{"reason":"电话核实"}"#,
            ]
            for order in orders {
                let answer = try await unmask(service, mine, as: .townOfficer, "532923100", order)
                #expect(answer.status == 422 && !answer.body.contains(Self.name), "\(order): \(answer.body)")
            }
            #expect(try await rows(service, "select id from service_kit.unmaskings").isEmpty)
        }
    }

    @Test func `the twenty-first of a day is refused, however many come at once, and raises an alert`() async throws {
        try await withTalents { service, mine, _ in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<30 {
                    group.addTask { try await unmask(service, mine, as: .townOfficer, "532923100").status }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [200: 20, 429: 10])
            let refused = try await rows(
                service, "select details from audit_trail.entries where action = 'refused' and actor = 'person-1'")
            #expect(refused.count == 10)
            // Another person's day is his own.
            let other = try await unmask(service, mine, as: .townOfficer, "532923100", subject: "person-2")
            #expect(other.status == 200)
            let again = try await unmask(service, mine, as: .townOfficer, "532923100")
            #expect(again.status == 429 && again.body.contains("unmask-limit") && !again.body.contains(Self.name))
        }
    }

    /// A clock that a test sets.
    private final class Clock: Sendable {
        let time = Mutex(Date(timeIntervalSince1970: 1_627_800_000))
        func advance(by seconds: TimeInterval) { time.withLock { $0.addTimeInterval(seconds) } }
    }

    @Test func `the limit holds to the county's midnight, and the next day begins anew`() async throws {
        // 2021-08-01T14:40:00+08:00
        try await RegistryDatabase.with { registry in
            let clock = Clock()
            let cipher = AESFieldCipher(
                keys: try FieldKeys(
                    json: """
                        {"current": "a", "keys": {"a": "\(Data(repeating: 1, count: 32).base64EncodedString())"},
                         "lookup": "\(Data(repeating: 2, count: 32).base64EncodedString())"}
                        """))
            let ledger = UnmaskLedger(
                pool: registry.pool, audit: AuditTrail(service: .talentRegistry), cipher: cipher, limit: 2,
                now: { clock.time.withLock { $0 } }, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
            let order = UnmaskOrder(purpose: .talentListing, reason: Personal("电话核实"))
            func unmask(_ id: Int?) async throws -> Int? {
                try await Actor.$current.withValue(Actor(kind: .person, subject: "person-1", operation: "test")) {
                    try await ledger.unmask(
                        UnmaskLedger.Object("thing", id: "1"), order,
                        reading: "select 7 as value, null::text as division_code where \(id != nil)"
                    ) { try $0.decode("value", as: Int.self) }
                }
            }
            #expect(try await unmask(1) == 7)
            #expect(try await unmask(nil) == nil, "what is not there is not counted")
            #expect(try await unmask(1) == 7)
            let refusal = await #expect(throws: UnmaskLimitReached.self) { _ = try await unmask(1) }
            #expect(refusal?.retryAfter == .seconds(9 * 3600 + 20 * 60))
            clock.advance(by: 9 * 3600 + 20 * 60 - 1)
            await #expect(throws: UnmaskLimitReached.self) { _ = try await unmask(1) }
            clock.advance(by: 1)
            #expect(try await unmask(1) == 7)
            await #expect(throws: (any Error).self, "nobody asks") {
                _ = try await ledger.unmask(
                    UnmaskLedger.Object("thing", id: "1"), order, reading: "select null::text as division_code"
                ) { _ in 1 }
            }
        }
    }

    @Test func `a person is found by the whole identity number, masked, within the scope alone`() async throws {
        try await withTalents { service, mine, theirs in
            func find(_ number: String, _ scope: String) async throws -> ServedService.Answer {
                try await service.ask(
                    "POST", "/v1/talents/find", as: .townOfficer, scope, body: "{\"identityNumber\":\"\(number)\"}")
            }
            let found = try await find(RegistryFixture.identityNumber(2), "532923100")
            #expect(found.status == 200 && found.body.contains(theirs) && found.body.contains("欧阳**"), "\(found.body)")
            #expect(!found.body.contains(Self.name) && !found.body.contains(RegistryFixture.identityNumber(2)))
            #expect(try await find(RegistryFixture.identityNumber(2), "532923101").status == 404)
            #expect(try await find(RegistryFixture.identityNumber(9), "532923100").status == 404)
            let wrong = try await find("990000196006091009", "532923100")
            #expect(wrong.status == 422 && !wrong.body.contains("990000196006091009"))
            let reads = try await rows(
                service, "select object_id from audit_trail.entries where operation = 'POST /v1/talents/find'")
            #expect(reads.count == 3)
        }
    }

    @Test func `the desk of a helped community sees a unit's contact, others see no such record`() async throws {
        try await ServedService.with(CommunityPairing.self) { service in
            try await service.superuser.run("insert into pairing.divisions values ('\(Self.mine)', 'community', null)")
            let code = PairingFixture.creditCode(1)
            let unit = """
                {"code":"\(code)","name":"单位","kind":"国有企业","strengths":["养老"],"memberCount":30,"contactName":"贾柏",
                 "contactMobile":"15492203139"}
                """
            _ = try await service.send([unit], to: "/v1/units/bulk", as: .countyAdmin, "532923")
            let pairing = """
                {"unitCode":"\(code)","targetCode":"\(Self.mine)","from":"2021-04-16","to":"2022-04-15"}
                """
            _ = try await service.send([pairing], to: "/v1/pairings/bulk", as: .countyAdmin, "532923")
            let order = #"{"purpose":"P7","reason":"联系结对活动"}"#
            let path = "/v1/units/\(code)/contact/unmask"
            for (role, scope) in [(Role.communityDesk, Self.mine), (.unitLiaison, "unit:\(code)")] {
                let answer = try await service.ask("POST", path, as: role, scope, body: order)
                #expect(answer.status == 200 && answer.body.contains("贾柏") && answer.body.contains("15492203139"))
            }
            let neighbour = try await service.ask("POST", path, as: .communityDesk, "532923100002", body: order)
            #expect(neighbour.status == 404 && !neighbour.body.contains("贾柏"))
            let county = try await service.ask("POST", path, as: .countyAdmin, "532923", body: order)
            #expect(county.status == 403)
        }
    }
}
