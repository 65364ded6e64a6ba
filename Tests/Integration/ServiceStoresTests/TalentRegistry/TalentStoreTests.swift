import Foundation
import Messaging
import Models
import Postgres
import TalentRegistryService
import Testing

@Suite(.timeLimit(.minutes(2))) struct TalentStoreTests {
    @Test func `listing the same people again changes nothing and says nothing`() async throws {
        try await RegistryDatabase.with { registry in
            let rows = RegistryFixture.talents(0..<1570)
            for chunk in [rows[..<1000], rows[1000...]] {
                let outcomes = try await registry.list(Array(chunk))
                #expect(outcomes.tally == ["accepted": chunk.count])
            }
            #expect(try await registry.events().count == 1570)
            for chunk in [rows[..<700], rows[700...]] {
                let outcomes = try await registry.list(Array(chunk))
                #expect(outcomes.tally == ["unchanged": chunk.count])
            }
            #expect(try await registry.events().count == 1570)
            #expect(try await registry.count("talent.persons") == 1570)
            #expect(try await registry.count("talent.talents") == 1570)
        }
    }

    @Test func `nothing that says who a person is lies in the database in the clear`() async throws {
        try await RegistryDatabase.with { registry in
            _ = try await registry.list(RegistryFixture.talents(0..<3))
            let texts = try await registry.pool.query(
                """
                select p::text || t::text as text from talent.persons p join talent.talents t on t.person_id = p.id
                union all select convert_from(data, 'UTF8') || key from messaging.outbox
                """
            ).rows.map { try $0.decode("text", as: String.self) }
            #expect(texts.count == 6)
            for value in ["欧阳春梅", RegistryFixture.mobile(1), RegistryFixture.identityNumber(1)] {
                let hexadecimal = value.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                #expect(!texts.contains { $0.contains(value) || $0.contains(hexadecimal) })
            }
        }
    }

    @Test func `a person keeps the entry when number, skill or division change`() async throws {
        try await RegistryDatabase.with { registry in
            _ = try await registry.list(RegistryFixture.talents(0..<1))
            let first = try await registry.talents.talents(within: "", after: nil, limit: 10)
            var other = RegistryFixture.talent(0, in: "532923100003", skill: "法律")
            other.mobile = "13800000000"
            other.name = "段誉"
            #expect(try await registry.list([Numbered(row: 2, other)]).tally == ["accepted": 1])
            let second = try await registry.talents.talents(within: "", after: nil, limit: 10)
            #expect(second.map(\.talentID) == first.map(\.talentID))
            #expect(second.map(\.maskedName) == ["段*"])
            #expect(second.map(\.maskedMobile) == ["138****0000"])
            #expect(second.first?.talent.skill == "法律")
            #expect(second.first?.talent.divisionCode.digits == "532923100003")
            let id = try #require(first.first?.talentID.description)
            #expect(try await registry.events() == ["TalentListed \(id)", "TalentListed \(id)"])
        }
    }

    @Test func `listings at the same time make each person once`() async throws {
        try await RegistryDatabase.with { registry in
            let list = registry.list
            let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<8 {
                    let rows = RegistryFixture.talents(0..<200)
                    group.addTask {
                        try await list(worker.isMultiple(of: 2) ? rows : rows.reversed()).tally["accepted"] ?? 0
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(accepted == 200)
            #expect(try await registry.count("talent.persons") == 200)
            #expect(try await registry.events().count == 200)
        }
    }

    @Test func `rows of unknown divisions are refused and the others kept`() async throws {
        try await RegistryDatabase.with { registry in
            let rows =
                RegistryFixture.talents(0..<2) + [Numbered(row: 9, RegistryFixture.talent(9, in: "532923100099"))]
            #expect(
                try await registry.list(rows).tally == ["accepted": 2, "divisionCode:reference-unknown": 1])
            try await registry.learn([("532923100099", .administrativeVillage)])
            #expect(try await registry.list(rows).tally == ["unchanged": 2, "accepted": 1])
        }
    }

    @Test func `pages hold every entry once and keep to the division`() async throws {
        try await RegistryDatabase.with { registry in
            _ = try await registry.list(RegistryFixture.talents(0..<25))
            _ = try await registry.list(RegistryFixture.talents(25..<30, in: "532923100003"))
            func pages(within prefix: String) async throws -> [TalentView] {
                var all: [TalentView] = []
                var position: TalentPosition?
                while true {
                    let page = try await registry.talents.talents(within: prefix, after: position, limit: 7)
                    all += page
                    guard page.count == 7, let last = page.last else { return all }
                    position = TalentPosition(divisionCode: last.talent.divisionCode.digits, talentID: last.talentID)
                }
            }
            let all = try await pages(within: "")
            #expect(Set(all.map(\.talentID)).count == 30 && all.count == 30)
            #expect(try await pages(within: "532923100003").count == 5)
            #expect(try await pages(within: "532923").count == 30)
            #expect(try await pages(within: "5329231").count == 30)
            #expect(try await pages(within: "532924").isEmpty)
            #expect(all.first?.maskedName == "欧阳**")
        }
    }

    @Test func `a late reader is told of every entry once`() async throws {
        try await RegistryDatabase.with { registry in
            _ = try await registry.list(RegistryFixture.talents(0..<25))
            let announcer = PageAnnouncer.talents(now: { RegistryDatabase.moment })
            var keys: [String] = []
            var cursor: String?
            repeat {
                let present = cursor
                let page = try await registry.pool.withTransaction { transaction in
                    try await announcer.announce(.talent, after: present, limit: 10, in: transaction)
                }
                #expect(page.events.allSatisfy { $0.type == TalentStated.type })
                keys += page.events.map(\.key)
                cursor = page.cursor
            } while cursor != nil
            let listed = try await registry.events().map { $0.replacing("TalentListed ", with: "") }
            #expect(keys.sorted() == listed.sorted())
        }
    }
}
