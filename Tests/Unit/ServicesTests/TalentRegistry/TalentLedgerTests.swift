import Models
import TalentRegistryService
import Testing

@Suite struct TalentLedgerTests {
    private let home = RegistryRows.division("532923100001")
    private let away = RegistryRows.division("532923100002")
    private let person = PersonID.new()
    private let entry = TalentID.new()

    private func listing(_ change: (inout TalentDraft) -> Void = { _ in }) throws -> TalentListing {
        try RegistryRows.talent(3, change).checked(today: RegistryRows.today)
    }

    private func known(_ listing: TalentListing, hasSameContact: Bool = true) -> KnownPerson {
        KnownPerson(
            personID: person, traits: listing.traits, hasSameContact: hasSameContact,
            entry: .init(talentID: entry, talent: listing.talent))
    }

    private func plan(_ listing: TalentListing, over known: KnownPerson?) -> TalentLedger.Plan {
        TalentLedger(divisions: [home, away], people: known.map { [2: $0] } ?? [:]).list([Numbered(row: 2, listing)])
    }

    @Test func `a new person is listed`() throws {
        let plan = plan(try listing(), over: nil)
        let write = try #require(plan.writes.first)
        #expect(write.isNewPerson && write.isNewEntry && !write.changesPerson && !write.changesEntry)
        #expect(plan.listed == [TalentListed(talent: TalentFacts(talentID: write.talentID, divisionCode: home))])
    }

    @Test func `the same row again changes nothing and says nothing`() throws {
        let plan = plan(try listing(), over: known(try listing()))
        #expect(plan.outcomes.map(\.content) == [.unchanged])
        #expect(plan.writes.isEmpty && plan.listed.isEmpty)
    }

    @Test func `another number or skill is stored, and is no news to readers`() throws {
        let called = plan(try listing(), over: known(try listing(), hasSameContact: false))
        #expect(called.writes.map(\.changesPerson) == [true])
        #expect(called.writes.map(\.changesEntry) == [false])
        let skilled = plan(try listing { $0.skill = "法律" }, over: known(try listing()))
        #expect(skilled.writes.map(\.changesEntry) == [true])
        #expect(skilled.writes.map(\.changesPerson) == [false])
        #expect(called.listed.isEmpty && skilled.listed.isEmpty)
    }

    @Test func `a person whom another village surveys keeps the entry`() throws {
        let plan = plan(try listing { $0.divisionCode = "532923100002" }, over: known(try listing()))
        #expect(plan.listed == [TalentListed(talent: TalentFacts(talentID: entry, divisionCode: away))])
        #expect(plan.writes.map(\.personID) == [person])
    }

    @Test func `a person without an entry gets one`() throws {
        let row = try listing()
        let stranger = KnownPerson(personID: person, traits: row.traits, hasSameContact: true, entry: nil)
        let plan = plan(row, over: stranger)
        #expect(plan.writes.map(\.isNewEntry) == [true])
        #expect(plan.writes.map(\.isNewPerson) == [false])
        #expect(plan.listed.count == 1)
    }

    @Test func `an unknown division is blamed on its field`() throws {
        let ledger = TalentLedger(divisions: [away], people: [:])
        let plan = ledger.list([Numbered(row: 2, try listing())])
        #expect(plan.outcomes.map(\.content) == [.rejected([.divisionUnknown("divisionCode")])])
        #expect(plan.writes.isEmpty && plan.listed.isEmpty)
    }
}
