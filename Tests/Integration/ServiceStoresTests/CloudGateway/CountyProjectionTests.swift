import CloudGatewayService
import Foundation
import Models
import Postgres
import Support
import Testing

@Suite(.timeLimit(.minutes(2))) struct CountyProjectionTests {
    @Test func `organisations and members are counted by their definitions`() async throws {
        try await GatewayDatabase.with { gateway in
            try await gateway.apply([
                try CountyFixture.community(1, .urbanCommunity), try CountyFixture.community(2, .convertedFromVillage),
                try CountyFixture.community(3, .ruralCommunity), try CountyFixture.community(4, .urbanCommunity),
                try CountyFixture.organisation("W", .townCommittee, in: "532923100"),
                try CountyFixture.organisation("Z1", .generalBranch, in: "532923100001"),
                try CountyFixture.organisation("Z2", .generalBranch, in: "532923100002"),
                try CountyFixture.organisation("Z3", .generalBranch, in: "532923100003"),
                try CountyFixture.organisation("B1", .branch, in: "532923100001"),
                try CountyFixture.organisation("B2", .branch, in: "532923100001"),
                try CountyFixture.memberCount("B1", total: 20), try CountyFixture.memberCount("B2", total: 22),
                // A body above the branches reports the same members again.
                try CountyFixture.memberCount("Z1", total: 42),
            ])
            let counts = try await gateway.counts()
            #expect(counts.urbanGeneralBranches == 2)
            #expect(counts.branches == 2)
            #expect(counts.townCommittees == 1)
            #expect(counts.members == 42)
            #expect((counts.retired, counts.twoNew) == (2, 4))
            #expect((counts.age35OrLess, counts.age60OrMore, counts.collegeOrAbove) == (6, 8, 10))
            #expect(counts.urbanCommunities == 3)
            #expect(counts.urbanCommunitiesWithOrganisation == 2)
            #expect(counts.communities == 4)
            #expect(counts.asOf?.description == "2021-07-31")
        }
    }

    @Test func `member counts of the newest day stay, whatever comes late`() async throws {
        try await GatewayDatabase.with { gateway in
            try await gateway.apply([try CountyFixture.organisation("B1", .branch, in: "532923100001")])
            try await gateway.apply([try CountyFixture.memberCount("B1", day: "2021-07-31", total: 20)])
            try await gateway.apply([try CountyFixture.memberCount("B1", day: "2021-06-30", total: 18)])
            #expect(try await gateway.counts().members == 20)
            try await gateway.apply([try CountyFixture.memberCount("B1", day: "2021-07-31", total: 21)])
            #expect(try await gateway.counts().members == 21)
        }
    }

    @Test func `a later event of the same aggregate wins, in one batch and over batches`() async throws {
        try await GatewayDatabase.with { gateway in
            let id = IncidentID.new()
            try await gateway.apply([
                IncidentReported(incident: try CountyFixture.incident(id, .policyPublicity)),
                IncidentFiled(incident: try CountyFixture.incident(id, .disputeMediation, state: .filed)),
            ])
            #expect(try await gateway.counts().incidents == [.disputeMediation: 1])
            try await gateway.apply([
                IncidentClosed(incident: try CountyFixture.incident(id, .emergencyManagement, state: .closed))
            ])
            #expect(try await gateway.counts().incidents == [.emergencyManagement: 1])
            let states = try await gateway.pool.query("select state from gateway.incidents").rows
            #expect(try states.map { try $0.decode("state", as: String.self) } == ["closed"])
        }
    }

    @Test func `talents and surveyed communities follow the ledger`() async throws {
        try await GatewayDatabase.with { gateway in
            let first = try CountyFixture.talent(in: "532923100001")
            let second = try CountyFixture.talent(in: "532923100001")
            let third = try CountyFixture.talent(in: "532923100002")
            let ofTown = try CountyFixture.talent(in: "532923100")
            try await gateway.apply([first, second, third, ofTown].map { TalentListed(talent: $0) })
            #expect(try await gateway.counts().talents == 4)
            #expect(try await gateway.counts().surveyedCommunities == 2)
            try await gateway.apply([TalentRemoved(talent: third), TalentRemoved(talent: third)])
            #expect(try await gateway.counts().talents == 3)
            #expect(try await gateway.counts().surveyedCommunities == 1)
        }
    }

    @Test func `pairings are counted by their targets until they end`() async throws {
        try await GatewayDatabase.with { gateway in
            let units = try [CountyFixture.unit(0, members: 40), CountyFixture.unit(1, members: 7)]
            let urban = try CountyFixture.pairing(units[0].unitCode, "532923100001")
            let urbanAgain = try CountyFixture.pairing(units[1].unitCode, "532923100001")
            let village = try CountyFixture.pairing(units[1].unitCode, "532923100005")
            // The pairings come before the divisions: there is no order between topics.
            try await gateway.apply([urban, urbanAgain, village].map { PairingActivated(pairing: $0) })
            try await gateway.apply(units.map { UnitEnrolled(unit: $0) })
            try await gateway.apply([
                try CountyFixture.community(1, .urbanCommunity), try CountyFixture.community(5, .administrativeVillage),
            ])
            var counts = try await gateway.counts()
            #expect((counts.units, counts.unitMembers) == (2, 47))
            #expect((counts.urbanTargets, counts.otherTargets) == (1, 1))
            try await gateway.apply([PairingEnded(pairing: village)])
            counts = try await gateway.counts()
            #expect((counts.urbanTargets, counts.otherTargets) == (1, 0))
        }
    }

    @Test func `a grid is complete with all its roles and not without one of them`() async throws {
        try await GatewayDatabase.with { gateway in
            let area = "532923100001001"
            let group = "53292310000100101"
            let cadre = try CountyFixture.staffed(group, .communityCadre)
            let police = try CountyFixture.staffed(area, .gridPolice)
            try await gateway.apply([
                GridActivated(grid: GridFacts(code: try CountyFixture.grid(area), level: .area)),
                GridActivated(grid: GridFacts(code: try CountyFixture.grid(group), level: .group, households: 258)),
                GridStaffed(assignment: cadre),
                GridStaffed(assignment: try CountyFixture.staffed(group, .partyGroupLeader)),
                GridStaffed(assignment: try CountyFixture.staffed(area, .gridWorker)),
                GridStaffed(assignment: try CountyFixture.staffed(area, .volunteerTeam)),
            ])
            var counts = try await gateway.counts()
            #expect((counts.areas, counts.groups) == (1, 1))
            #expect((counts.areasWithThreeStaff, counts.groupsWithOnePlusOnePlusN) == (0, 0))
            try await gateway.apply([
                GridStaffed(assignment: try CountyFixture.staffed(group, .volunteer)),
                GridStaffed(assignment: police), GridAssignmentEnded(assignment: police),
                GridStaffed(assignment: police),
            ])
            counts = try await gateway.counts()
            #expect((counts.areasWithThreeStaff, counts.groupsWithOnePlusOnePlusN) == (1, 1))
            try await gateway.apply([GridAssignmentEnded(assignment: cadre), GridAssignmentEnded(assignment: police)])
            counts = try await gateway.counts()
            #expect((counts.areasWithThreeStaff, counts.groupsWithOnePlusOnePlusN) == (0, 0))
            // A grid that was split is counted no more, nor when it is stated again; its parts are.
            let part = try CountyFixture.grid("53292310000100102")
            let ended = GridFacts(
                code: try CountyFixture.grid(group), level: .group,
                validTo: CalendarDay("2026-07-01"), successors: [part])
            try await gateway.apply([
                GridSplit(grid: ended), GridActivated(grid: GridFacts(code: part, level: .group)),
                GridStated(grid: ended),
            ])
            counts = try await gateway.counts()
            #expect((counts.areas, counts.groups) == (1, 1))
            try await gateway.apply([
                GridMerged(grid: GridFacts(code: part, level: .group, validTo: ended.validTo, successors: []))
            ])
            counts = try await gateway.counts()
            #expect((counts.areas, counts.groups) == (1, 0))
        }
    }

    @Test func `an empty county has a digest of noughts`() async throws {
        try await GatewayDatabase.with { gateway in
            let counts = try await gateway.counts()
            #expect(counts == DigestCounts())
        }
    }

    @Test func `batches of several partitions at once neither block each other nor lose anything`() async throws {
        try await GatewayDatabase.with { gateway in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        for _ in 0..<5 {
                            try await gateway.apply(
                                (0..<50).map { _ in IncidentReported(incident: try CountyFixture.incident()) })
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await gateway.counts().incidents == [.policyPublicity: 1500])
        }
    }

    @Test func `a figure that does not fit is the event's fault, so that the event is parked`() async throws {
        try await GatewayDatabase.with { gateway in
            await #expect {
                try await gateway.apply([try CountyFixture.memberCount("B1", total: 1 << 40)])
            } throws: { error in
                (error as? PostgresError)?.sqlState == "22003"
            }
        }
    }
}
