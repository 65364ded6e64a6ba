import Foundation
import Messaging
import Models
import Postgres
import TalentRegistryService
import Testing

@Suite(.timeLimit(.minutes(2))) struct PartyOrganisationStoreTests {
    private static let line: [Numbered<PartyOrganisationDraft>] = [
        Numbered(row: 2, RegistryFixture.organisation("W", "乡镇党委", in: "532923100")),
        Numbered(row: 3, RegistryFixture.organisation("Z", "党总支", under: "W")),
        Numbered(row: 4, RegistryFixture.organisation("B", "党支部", under: "Z")),
    ]

    @Test func `registering the same line again changes nothing and says nothing`() async throws {
        try await RegistryDatabase.with { registry in
            #expect(try await registry.register(Self.line).tally == ["accepted": 3])
            #expect(try await registry.register(Self.line.reversed()).tally == ["unchanged": 3])
            #expect(
                try await registry.events()
                    == ["W", "Z", "B"].map { "PartyOrganisationRegistered \($0)" })
            let views = try await registry.organisations.organisations(within: "532923100001", after: nil, limit: 10)
            #expect(views.map(\.organisation.code) == ["B", "Z"])
        }
    }

    @Test func `a changed parent is told, an unknown one refused`() async throws {
        try await RegistryDatabase.with { registry in
            _ = try await registry.register(Self.line)
            let moved = RegistryFixture.organisation("Z", "党总支", under: "W", in: "532923100002")
            #expect(try await registry.register([Numbered(row: 3, moved)]).tally == ["accepted": 1])
            let orphan = RegistryFixture.organisation("C", "党支部", under: "Z9")
            #expect(
                try await registry.register([Numbered(row: 5, orphan)]).tally == ["parentCode:reference-unknown": 1])
            #expect(try await registry.events().last == "PartyOrganisationChanged Z")
        }
    }

    @Test func `of general branches that come at the same time one is taken`() async throws {
        try await RegistryDatabase.with { registry in
            _ = try await registry.register([Self.line[0]])
            let communities = (100..<130).map { "532923100\($0)" }
            try await registry.learn(communities.map { ($0, .urbanCommunity) })
            let register = registry.register
            // Many rounds, since only some of them would meet in the middle without the queue.
            for community in communities {
                let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            let code = "\(community)-\(number)"
                            let draft = RegistryFixture.organisation(code, "党总支", under: "W", in: community)
                            return try await register([Numbered(row: 2, draft)]).tally["accepted"] ?? 0
                        }
                    }
                    return try await group.reduce(0, +)
                }
                #expect(accepted == 1)
            }
        }
    }

    @Test func `counts are kept by day, corrected, and the latest is shown`() async throws {
        try await RegistryDatabase.with { registry in
            _ = try await registry.register(Self.line)
            let rows = [
                Numbered(row: 2, RegistryFixture.count("B", total: 20)),
                Numbered(row: 3, RegistryFixture.count("B", total: 18, asOf: "2021-06-30")),
                Numbered(row: 4, RegistryFixture.count("X", total: 18)),
            ]
            #expect(
                try await registry.report(rows).tally == ["accepted": 2, "organisationCode:reference-unknown": 1])
            #expect(try await registry.report(Array(rows[..<2])).tally == ["unchanged": 2])
            let corrected = [Numbered(row: 2, RegistryFixture.count("B", total: 21))]
            #expect(try await registry.report(corrected).tally == ["accepted": 1])
            let views = try await registry.organisations.organisations(within: "", after: nil, limit: 10)
            #expect(views.first { $0.organisation.code == "B" }?.latestCount?.total == 21)
            #expect(views.first { $0.organisation.code == "Z" }?.latestCount == nil)
            #expect(try await registry.count("talent.member_counts") == 2)
            #expect(try await registry.events().filter { $0 == "MemberCountReported B" }.count == 3)
        }
    }

    @Test func `a late reader is told of organisations and counts`() async throws {
        try await RegistryDatabase.with { registry in
            _ = try await registry.register(Self.line)
            _ = try await registry.report([Numbered(row: 2, RegistryFixture.count("B", total: 20))])
            let announcer = PartyOrganisationAnnouncer(now: { RegistryDatabase.moment })
            var told: [String] = []
            var cursor: String?
            repeat {
                let present = cursor
                let page = try await registry.pool.withTransaction { transaction in
                    try await announcer.announce(.partyOrganisation, after: present, limit: 2, in: transaction)
                }
                told += page.events.map { "\($0.type.split(separator: ".").dropLast().last ?? "") \($0.key)" }
                cursor = page.cursor
            } while cursor != nil
            #expect(
                told == [
                    "PartyOrganisationStated B", "MemberCountStated B", "PartyOrganisationStated W",
                    "PartyOrganisationStated Z",
                ])
        }
    }

    @Test func `a division that changes its kind is known by the new one`() async throws {
        try await RegistryDatabase.with { registry in
            _ = try await registry.register([Self.line[0]])
            let branch = [
                Numbered(row: 2, RegistryFixture.organisation("B", "党支部", under: "W", in: "532923100003"))
            ]
            try await registry.learn([("532923100003", .convertedFromVillage)])
            #expect(try await registry.register(branch).tally == ["parentCode:general-branch-missing": 1])
            try await registry.learn([("532923100003", .administrativeVillage)])
            #expect(try await registry.register(branch).tally == ["accepted": 1])
        }
    }
}
