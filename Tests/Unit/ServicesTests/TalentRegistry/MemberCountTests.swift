import Models
import TalentRegistryService
import Testing

@Suite struct MemberCountTests {
    private func faults(_ draft: MemberCountDraft) -> [String] {
        RegistryRows.faults { () throws(RowFaults) in _ = try draft.checked(today: RegistryRows.today) }
    }

    @Test func `no group is larger than the total`() {
        #expect(faults(RegistryRows.count(retired: 21)) == ["retired:above-total"])
        #expect(
            faults(RegistryRows.count(twoNew: 21, college: 21)) == ["twoNew:above-total", "collegeOrAbove:above-total"])
        #expect(faults(RegistryRows.count(retired: 20, twoNew: 20, college: 20)) == [])
    }

    @Test func `the age bands do not overlap`() {
        #expect(faults(RegistryRows.count(younger: 12, older: 8)) == [])
        #expect(faults(RegistryRows.count(younger: 12, older: 9)) == ["age60OrMore:ages-above-total"])
    }

    @Test func `figures are there and not below nought`() {
        #expect(faults(RegistryRows.count(total: nil)) == ["total:required"])
        #expect(faults(RegistryRows.count(retired: -1)) == ["retired:out-of-range"])
        #expect(faults(RegistryRows.count(asOf: "2021-08-02")) == ["asOf:in-future"])
        #expect(faults(RegistryRows.count(asOf: "2021-02-30")) == ["asOf:not-a-day"])
    }

    @Test func `reports of unknown organisations are refused, repeated ones unchanged, corrections told`() throws {
        let count = try RegistryRows.count().checked(today: RegistryRows.today)
        let corrected = try RegistryRows.count(total: 21).checked(today: RegistryRows.today)
        let division = RegistryRows.division("532923100001")
        let ledger = MemberCountLedger(divisions: ["B1": division], counts: [count])
        #expect(ledger.report([Numbered(row: 2, count)]).outcomes.map(\.content) == [.unchanged])
        let plan = ledger.report([Numbered(row: 2, corrected)])
        #expect(plan.reported == [MemberCountReported(count: corrected.facts(in: division))])
        let unknown = MemberCountLedger(divisions: [:], counts: []).report([Numbered(row: 2, count)])
        #expect(unknown.outcomes.map(\.content) == [.rejected([.organisationUnknown("organisationCode")])])
        #expect(unknown.writes.isEmpty && unknown.reported.isEmpty)
    }
}
