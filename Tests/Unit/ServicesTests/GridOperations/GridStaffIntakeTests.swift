import GridOperationsService
import Models
import Testing

@Suite struct GridStaffIntakeTests {
    // A number of no real region with a right check character, as the county pack uses them.
    private let number = "990003197503234600"

    @Test func `a row of a person and a row of a team are read`() throws {
        let person = try draft(role: "gridWorker", number: number, name: "曾芳海", mobile: "１５４２３３４４６８２").checked()
        #expect(
            person.holder
                == .person(
                    StatedPerson(
                        identityNumber: Personal(number), details: details("曾芳海", mobile: "15423344682"))))
        let team = try AssignmentDraft(
            gridCode: "532923100001001", role: "volunteerTeam", teamCode: "532923100001-T"
        ).checked()
        #expect(team.holder == .team("532923100001-T"))
    }

    @Test(
        arguments: [
            (nil, "曾芳海", "15423344682", "identityNumber:required"),
            ("990003197503", "曾芳海", nil, "identityNumber:length"),
            ("990003197503234601", "曾芳海", nil, "identityNumber:check-character"),
            ("990003197502304600", "曾芳海", nil, "identityNumber:birth-date"),
            ("990003197503234600", " ", nil, "name:required"),
            ("990003197503234600", "曾芳海", "15423344682号", "mobile:malformed"),
            ("990003197503234600", "曾芳海", "15423", "mobile:malformed"),
        ] as [(String?, String?, String?, String)])
    func `a fault names the field and never the value`(
        number: String?, name: String?, mobile: String?, fault: String
    ) {
        let draft = draft(role: "gridWorker", number: number, name: name, mobile: mobile)
        let faults = #expect(throws: RowFaults.self) { try draft.checked() }
        #expect(faults?.words == [fault])
        let texts = (faults?.faults ?? []).flatMap { [$0.chinese, $0.english] }.joined()
        for value in [number, mobile].compactMap(\.self) { #expect(!texts.contains(value)) }
    }

    @Test func `roles belong to their level and teams are no people`() {
        let cadre = draft(role: "communityCadre", number: number, name: "曾芳海", mobile: nil)
        #expect(#expect(throws: RowFaults.self) { try cadre.checked() }?.words == ["role:role-level"])
        let team = draft(role: "volunteerTeam", number: nil, name: "曾芳海", mobile: nil)
        #expect(
            #expect(throws: RowFaults.self) { try team.checked() }?.words == [
                "name:not-applicable", "teamCode:required",
            ])
    }

    @Test func `one person holds several roles and is written once`() {
        let intake = intake([
            row(2, GridSamples.area, .gridWorker, person: 1), row(3, GridSamples.group, .partyGroupLeader, person: 1),
        ])
        #expect(intake.outcomes.acceptedRows == [2, 3])
        #expect(intake.started.count == 2 && intake.written.count == 1)
    }

    @Test func `the same again is unchanged and a new number of a person is a change without an event`() {
        let key = AssignmentKey(gridCode: GridSamples.area, role: .gridWorker, holder: .person([1]))
        let people = [[UInt8(1)]: details("甲")]
        let same = intake([row(2, GridSamples.area, .gridWorker, person: 1)], active: [key], people: people)
        #expect(same.outcomes.unchangedRows == [2] && same.written.isEmpty)
        let other = intake([row(2, GridSamples.area, .gridWorker, person: 1, name: "乙")], active: [key], people: people)
        #expect(other.outcomes.acceptedRows == [2] && other.started.isEmpty && other.written.count == 1)
    }

    @Test func `a group has one cadre at a time`() {
        let taken = AssignmentKey(gridCode: GridSamples.group, role: .communityCadre, holder: .person([9]))
        let stored = intake([row(2, GridSamples.group, .communityCadre, person: 1)], active: [taken])
        #expect(stored.outcomes.faults(ofRow: 2) == ["role:role-taken"])
        let sent = intake([
            row(2, GridSamples.group, .communityCadre, person: 1),
            row(3, GridSamples.group, .communityCadre, person: 2),
            row(4, GridSamples.group, .volunteer, person: 2), row(5, GridSamples.group, .volunteer, person: 3),
        ])
        #expect(sent.outcomes.acceptedRows == [2, 4, 5])
        #expect(sent.outcomes.faults(ofRow: 3) == ["role:role-taken"])
    }

    @Test func `a row of an unknown grid or of a contradicted person is rejected`() {
        let outcomes = intake([
            row(2, GridSamples.code("532923100001009"), .gridWorker, person: 1),
            row(3, GridSamples.area, .gridWorker, person: 1),
            row(4, GridSamples.area, .gridPolice, person: 1, name: "乙"),
        ]).outcomes
        #expect(outcomes.faults(ofRow: 2) == ["gridCode:reference-unknown"])
        #expect(outcomes.acceptedRows == [3])
        #expect(outcomes.faults(ofRow: 4) == ["name:person-differs"])
    }

    private func details(_ name: String, mobile: String? = nil) -> PersonDetails {
        PersonDetails(name: Personal(PersonName(checked: name)), mobile: mobile.map { Personal($0) })
    }

    private func draft(role: String, number: String?, name: String?, mobile: String?) -> AssignmentDraft {
        AssignmentDraft(
            gridCode: "532923100001001", role: role, identityNumber: number, name: name, mobile: mobile)
    }

    private func row(
        _ number: Int, _ grid: GridCode, _ role: GridRole, person: UInt8, name: String = "甲"
    ) -> KeyedAssignment {
        KeyedAssignment(
            row: number, key: AssignmentKey(gridCode: grid, role: role, holder: .person([person])),
            details: details(name))
    }

    private func intake(
        _ rows: [KeyedAssignment], active: Set<AssignmentKey> = [], people: [[UInt8]: PersonDetails] = [:]
    ) -> StaffIntake {
        StaffIntake(rows, grids: [GridSamples.area, GridSamples.group], active: active, people: people)
    }
}
