import CommunityPairingService
import Foundation
import GridOperationsService
import Models
import NotificationsService
import Postgres
import ServiceKit
import TalentRegistryService
import Testing

/// What the services' stores leave in the audit trail beside their events: reads of personal data, and changes that they
/// tell nobody.
struct ServiceAuditTests {
    private static let clerk = Actor(kind: .person, subject: "u-3", operation: "GET /v1/x")

    /// The entries of a pool as words, in the order of positions, without those of events.
    private func entries(_ pool: PostgresPool) async throws -> [String] {
        try await pool.query(
            """
            select concat_ws(' ', actor, action, object_type, division_code, details) as line from audit_trail.entries
            where details not like '%"event"%' order by position
            """
        ).rows.map { try $0.decode("line") }
    }

    @Test func `talents shown are one entry a request, and another number of a person is one`() async throws {
        try await RegistryDatabase.with { registry in
            _ = try await registry.list(RegistryFixture.talents(0..<3))
            #expect(try await entries(registry.pool) == [])
            var moved = RegistryFixture.talent(1)
            moved.mobile = RegistryFixture.mobile(99)
            _ = try await registry.list([Numbered(row: 2, moved)])
            _ = try await registry.list([Numbered(row: 2, moved)])
            try await Actor.$current.withValue(Self.clerk) {
                _ = try await registry.talents.talents(within: "532923100", after: nil, limit: 2)
            }
            #expect(
                try await entries(registry.pool) == [
                    #"talent-registry changed talent 532923100001 {"entry":"false","person":"true"}"#,
                    #"u-3 read talent 532923100 {"shown":2}"#,
                ])
        }
    }

    @Test func `another name of a Party organisation is an entry`() async throws {
        try await RegistryDatabase.with { registry in
            var organisation = RegistryFixture.organisation("W", "乡镇党委", in: "532923100")
            let first = try await registry.register([Numbered(row: 2, organisation)])
            #expect(first.tally == ["accepted": 1])
            let events = try await registry.events()
            organisation.name = "又名"
            _ = try await registry.register([Numbered(row: 2, organisation)])
            #expect(try await registry.events() == events)
            #expect(
                try await entries(registry.pool)
                    == ["talent-registry changed party-organisation 532923100 {}"])
        }
    }

    @Test func `contacts of units shown are one entry, and another contact is one`() async throws {
        try await PairingDatabase.with { pairing in
            _ = try await pairing.enrol(PairingFixture.units(0..<4))
            _ = try await pairing.enrol([Numbered(row: 2, PairingFixture.unit(1, mobile: "15492203140"))])
            _ = try await pairing.units.units(after: nil, limit: 100)
            #expect(
                try await entries(pairing.pool) == [
                    "community-pairing changed unit {}", #"community-pairing read unit-contact {"shown":4}"#,
                ])
        }
    }

    @Test func `the staff of a grid shown is one entry, and so is each person whose details were kept`() async throws {
        try await GridDatabase.withGrids { database in
            let group = "53292310000100101"
            let sent = try await database.staff([
                GridRows.holder(2, group, .communityCadre, person: 1), GridRows.holder(3, group, .volunteer, person: 2),
            ])
            #expect(sent.tally == ["accepted": 2])
            _ = try await database.assignments.list(in: try #require(GridCode(group)))
            #expect(
                try await entries(database.pool) == [
                    "grid-operations changed person {}", "grid-operations changed person {}",
                    #"grid-operations read grid-staff 53292310000100101 {"shown":2}"#,
                ])
        }
    }

    @Test func `a report that is sent again is an entry, and a reporter shown is one`() async throws {
        try await GridDatabase.withGrids { database in
            var draft = GridRows.report()
            let key = try GridRows.key("k1")
            _ = try await database.report()(draft, key: key)
            let again = try await database.report()(draft, key: key)
            _ = try await database.incidents.find(again.id)
            #expect(try await entries(database.pool) == ["grid-operations repeated incident {}"])
            draft.reporterID = PersonID.new().description
            let known = try await database.report()(draft, key: GridRows.key("k2"))
            _ = try await database.incidents.find(known.id)
            _ = try await database.incidents.list(
                IncidentFilter(gridPrefix: "532923100001"), before: nil, limit: 10)
            #expect(
                try await entries(database.pool).dropFirst() == [
                    #"grid-operations read incident-reporter \#(known.gridCode) {"shown":1}"#,
                    #"grid-operations read incident-reporter 532923100001 {"shown":1}"#,
                ])
        }
    }

    @Test func `a message marked as read is an entry once`() async throws {
        try await NotificationsDatabase.with { notify in
            let person = PersonID.new()
            try await notify.apply([IncidentClosed(incident: try GridNewsFixture.incident("1", reporter: person))])
            for _ in 0..<2 {
                #expect(try await notify.store.markRead(1, of: person, at: NotificationsDatabase.moment))
            }
            #expect(try await notify.store.markRead(9, of: person, at: NotificationsDatabase.moment) == false)
            #expect(try await entries(notify.pool) == [#"notifications changed inbox {"read":1}"#])
        }
    }
}
