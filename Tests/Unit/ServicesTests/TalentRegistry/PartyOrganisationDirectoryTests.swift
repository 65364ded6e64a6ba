import Models
import TalentRegistryService
import Testing

@Suite struct PartyOrganisationDirectoryTests {
    private let divisions = [
        KnownDivision(code: RegistryRows.division("532923100"), kind: nil),
        KnownDivision(code: RegistryRows.division("532923100001"), kind: .urbanCommunity),
        KnownDivision(code: RegistryRows.division("532923100002"), kind: .administrativeVillage),
    ]
    private let town = ("W", "townCommittee", String?.none, "532923100")
    private let general = ("Z", "generalBranch", String?.some("W"), "532923100001")

    private func organisation(_ row: (String, String, String?, String)) throws -> PartyOrganisation {
        try RegistryRows.organisation(row.0, row.1, under: row.2, in: row.3).checked()
    }

    private func codes(
        _ rows: [(String, String, String?, String)], over known: [(String, String, String?, String)] = []
    ) throws -> [String] {
        var directory = PartyOrganisationDirectory(divisions: divisions, organisations: try known.map(organisation))
        let plan = directory.register(
            try rows.enumerated().map { Numbered(row: $0.offset, try organisation($0.element)) })
        return plan.outcomes.sorted { $0.row < $1.row }.map { outcome in
            switch outcome.content {
            case .accepted: "accepted"
            case .unchanged: "unchanged"
            case .rejected(let faults): faults.map(\.code.rawValue).joined(separator: ",")
            }
        }
    }

    @Test func `parents may come after their children in a sheet`() throws {
        let branch = ("B", "branch", String?.some("Z"), "532923100001")
        #expect(try codes([branch, general, town]) == ["accepted", "accepted", "accepted"])
    }

    @Test func `what is unknown is named by its field`() throws {
        #expect(try codes([general]) == ["reference-unknown"])
        #expect(try codes([("W", "townCommittee", nil, "532923999")]) == ["reference-unknown"])
    }

    @Test func `an urban community has one general branch, and every branch belongs to it`() throws {
        let known = [town, general]
        #expect(try codes([("Z2", "generalBranch", "W", "532923100001")], over: known) == ["general-branch-taken"])
        #expect(try codes([("B", "branch", "W", "532923100001")], over: known) == ["general-branch-missing"])
        #expect(try codes([("B", "branch", nil, "532923100001")], over: known) == ["general-branch-missing"])
        #expect(try codes([("B", "branch", "W", "532923100002")], over: known) == ["accepted"])
        let two = [
            ("Z3", "generalBranch", String?.some("W"), "532923100002"), ("Z4", "generalBranch", "W", "532923100002"),
        ]
        #expect(try codes(two, over: known) == ["accepted", "accepted"])
    }

    @Test func `a parent stands above, so lines never close to a circle`() throws {
        let known = [town, general, ("B", "branch", "Z", "532923100001")]
        #expect(try codes([("Z", "generalBranch", "B", "532923100001")], over: known) == ["parent-not-higher"])
        #expect(try codes([("W", "branch", nil, "532923100")], over: known) == ["unfit-for-children"])
        #expect(try codes([("Z", "townCommittee", nil, "532923100001")], over: known) == ["unfit-for-children"])
    }

    @Test func `the same again is unchanged, and a new name is no news to readers`() throws {
        var directory = PartyOrganisationDirectory(divisions: divisions, organisations: [try organisation(town)])
        #expect(try codes([town], over: [town]) == ["unchanged"])
        let renamed = PartyOrganisation(
            code: "W", name: "新名称", kind: .townCommittee, parentCode: nil,
            divisionCode: RegistryRows.division("532923100"))
        let plan = directory.register([Numbered(row: 1, renamed)])
        #expect(plan.outcomes.map(\.content) == [.accepted])
        #expect(plan.writes == [renamed])
        #expect(plan.registered.isEmpty && plan.changed.isEmpty)
    }
}
