import CloudGatewayService
import Foundation
import Models
import Testing

@Suite struct DigestBodyTests {
    /// The county's published figures.
    private static var counts: DigestCounts {
        var counts = DigestCounts()
        counts.asOf = CalendarDay(year: 2021, month: 7, day: 31)
        counts.urbanGeneralBranches = 7
        counts.branches = 68
        counts.townCommittees = 1
        counts.members = 1352
        counts.retired = 462
        counts.twoNew = 73
        counts.age35OrLess = 169
        counts.age60OrMore = 509
        counts.collegeOrAbove = 402
        counts.urbanCommunities = 7
        counts.urbanCommunitiesWithOrganisation = 7
        counts.communities = 139
        counts.surveyedCommunities = 139
        counts.talents = 1570
        counts.units = 81
        counts.unitMembers = 2513
        counts.urbanTargets = 7
        counts.otherTargets = 5
        counts.stations = 26
        counts.neighbourPoints = 10
        counts.stationsSince = 2019
        counts.incidents = [.policyPublicity: 473, .assistanceAndRelief: 764]
        counts.areas = 35
        counts.areasWithThreeStaff = 29
        counts.groups = 118
        counts.groupsWithOnePlusOnePlusN = 113
        return counts
    }

    private func document() throws -> [String: Any] {
        let readAt = try #require(RFC3339.parse("2026-01-02T03:04:05Z"))
        let bytes = try EventCoding.encode(
            DigestBody(Digest(Self.counts, today: nil), county: "532923", readAt: readAt))
        return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func `the digest carries the published figures under the names of the master table`() throws {
        let document = try document()
        #expect(document["county"] as? String == "532923")
        #expect(document["asOf"] as? String == "2021-07-31")
        #expect(document["formulaVersion"] as? String == Digest.formulaVersion)
        let figures = try #require(document["figures"] as? [String: Any])
        let wanted: [String: Double] = [
            "N01": 7, "N03": 68, "N04": 1, "N05": 1352, "N06": 462, "N07": 73, "N08": 169, "N09": 509, "N10": 402,
            "N11": 100, "N12": 139, "N13": 1570, "N19": 81, "N20": 2513, "N21": 12,
            "N23": 26, "N24": 2019,
        ]
        for (name, value) in wanted {
            let figure = try #require(figures[name] as? [String: Any], "\(name) is missing")
            #expect(figure["value"] as? Double == value, "\(name)")
            #expect((figure["label"] as? String)?.isEmpty == false)
            #expect((figure["labelEn"] as? String)?.isEmpty == false)
        }
        #expect(Set(figures.keys) == Set(wanted.keys).union(["incidents", "grids"]))
    }

    @Test func `figures keep the exact count and say it with the word of the report`() throws {
        let figures = try #require(try document()["figures"] as? [String: [String: Any]])
        #expect(figures["N20"]?["qualifier"] as? String == "moreThan")
        #expect(figures["N20"]?["text"] as? String == "2500余")
        #expect(figures["N20"]?["value"] as? Int == 2513)
        #expect(figures["N11"]?["text"] as? String == "100.00%")
        #expect(figures["N11"]?["numerator"] as? Int == 7)
        #expect(figures["N11"]?["denominator"] as? Int == 7)
        #expect(figures["N21"]?["parts"] as? [String: Int] == ["urban": 7, "other": 5])
        #expect(figures["N23"]?["parts"] as? [String: Int] == ["points": 10])
        #expect(figures["N24"]?["unit"] as? String == "year")
        #expect(figures["N24"]?["text"] as? String == "2019")
    }

    @Test func `incidents are told by function and grids by what they have`() throws {
        let figures = try #require(try document()["figures"] as? [String: [String: Any]])
        #expect(figures["incidents"]?["total"] as? Int == 1237)
        let byFunction = try #require(figures["incidents"]?["byFunction"] as? [String: Int])
        #expect(Set(byFunction.keys) == Set(GridFunction.allCases.map(\.rawValue)))
        #expect(byFunction["policyPublicity"] == 473)
        #expect(figures["grids"]?["areas"] as? Int == 35)
        #expect(figures["grids"]?["groups"] as? Int == 118)
        #expect(figures["grids"]?["onePlusOnePlusNComplete"] as? Int == 113)
        #expect(figures["grids"]?["threeStaffComplete"] as? Int == 29)
    }
}
