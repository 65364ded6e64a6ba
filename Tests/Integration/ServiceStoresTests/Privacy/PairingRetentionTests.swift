import CommunityPairingService
import Foundation
import Logging
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// A contact person is kept while the unit helps somebody, and half a year longer.
struct PairingRetentionTests {
    private static let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    private func erased(_ pairing: PairingDatabase, on day: String) async throws -> Int? {
        let time = try #require(RFC3339.parse(day + "T12:00:00+08:00"))
        let job = RetentionJob(
            outbox: Outbox(pool: pairing.pool), audit: AuditTrail(service: .communityPairing),
            rules: PersonalDataInventory.pairing.retention, now: { time }, batchSize: 2, logger: Self.quiet)
        return try await job.runToday()["unit-contacts"]
    }

    private func withUnits(_ body: (PairingDatabase) async throws -> Void) async throws {
        try await PairingDatabase.with { pairing in
            #expect(try await pairing.enrol(PairingFixture.units(0..<6), scope: .everything).tally == ["accepted": 6])
            // The first ends later than the others; the last has no pairing.
            let pairings = (0..<5).map { index in
                Numbered(
                    row: index + 2, PairingFixture.pairing(index, to: index == 0 ? "2023-04-15" : "2022-04-15"))
            }
            #expect(try await pairing.activate(pairings, scope: .everything).tally == ["accepted": 5])
            try await body(pairing)
        }
    }

    @Test func `half a year after the last pairing the contact goes, and the unit stays with its counts`() async throws
    {
        try await withUnits { pairing in
            // The unit without a pairing goes by its last change, in August 2021.
            #expect(try await erased(pairing, on: "2022-01-31") == 0)
            #expect(try await erased(pairing, on: "2022-02-03") == 1)
            #expect(try await erased(pairing, on: "2022-10-15") == 0)
            #expect(try await erased(pairing, on: "2022-10-16") == 4)
            let left = try await pairing.units.units(scope: .everything, after: nil, limit: 10)
            #expect(left.count == 6 && left.map(\.unit.memberCount) == [30, 30, 30, 30, 30, 30])
            #expect(left.compactMap(\.maskedContactName) == ["贾*"])
            let counted = try await pairing.pool.query(
                """
                select (select sum(erased)::bigint from service_kit.retention_runs where rule = 'unit-contacts') as runs,
                       (select count(*) from audit_trail.entries
                        where action = 'erased' and object_type = 'unit-contact') as entries
                """
            ).rows[0]
            #expect(try counted.decode("runs") == 5 && counted.decode("entries") == 5)
        }
    }

    @Test func `a unit that is enrolled again names a contact again, and a hold keeps one`() async throws {
        try await withUnits { pairing in
            let held = PairingFixture.creditCode(1)
            _ = try await pairing.pool.query(
                """
                insert into service_kit.legal_holds values
                    (gen_random_uuid(), 'unit-contact', \(held), '2022-12-31', 'court-17', 'a', now(), 'b', now())
                """)
            #expect(try await erased(pairing, on: "2022-11-01") == 4)
            #expect(try await erased(pairing, on: "2023-01-01") == 1)
            let again = try await pairing.enrol([Numbered(row: 2, PairingFixture.unit(1))], scope: .everything)
            #expect(again.tally == ["accepted": 1])
            let view = try await pairing.units.units(scope: .everything, after: nil, limit: 10).first {
                $0.unit.code.text == held
            }
            #expect(view?.maskedContactMobile == "154****3139")
        }
    }
}
