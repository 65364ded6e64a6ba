import CommunityPairingService
import Models
import Testing

@Suite struct UnitTests {
    private func draft(_ change: (inout UnitDraft) -> Void = { _ in }) -> UnitDraft {
        var draft = UnitDraft(
            code: "11990000QJK3P1GTYC", name: "祥云县银行1单位", kind: "县级机关", strengths: ["教育", "养老"], memberCount: 47,
            contactName: "贾柏", contactMobile: "15492203139")
        change(&draft)
        return draft
    }

    private func faults(_ change: (inout UnitDraft) -> Void) -> [String] {
        do throws(RowFaults) {
            _ = try draft(change).checked()
            return []
        } catch {
            return error.faults.map { "\($0.field):\($0.code)" }
        }
    }

    @Test func `fields are told apart`() {
        #expect(faults { $0.contactMobile = "15492203139号" } == ["contactMobile:malformed"])
        #expect(faults { $0.contactName = "" } == ["contactName:required"])
        #expect(faults { $0.memberCount = -1 } == ["memberCount:out-of-range"])
        #expect(faults { $0.kind = "公司" } == ["kind:unknown-word"])
        #expect(faults { $0.code = "1199OOOOQJK3P1GTYC" } == ["code:character"])
        #expect(faults { $0.strengths = nil } == [])
    }

    @Test func `strengths are kept once and without blanks`() throws {
        let unit = try draft { $0.strengths = [" 教育", "养老", "教育", ""] }.checked().unit
        #expect(unit.strengths == ["教育", "养老"])
        #expect(unit.kind == .government)
    }

    @Test func `readers are told of what they know, and only of that`() throws {
        let row = try draft().checked()
        func plan(_ known: KnownUnit?) -> UnitRegister.Plan {
            UnitRegister(units: known.map { [$0] } ?? []).enrol([Numbered(row: 2, row)])
        }
        let erased = UnitRegister(units: [], erased: [row.unit.code]).enrol([Numbered(row: 2, row)])
        #expect(erased.insertions.isEmpty && erased.enrolled.isEmpty)
        #expect(erased.outcomes.map(\.content) == [.rejected([.erasedAtRequest("contactMobile")])])
        let new = plan(nil)
        #expect(new.enrolled == [UnitEnrolled(unit: row.unit.facts)])
        #expect(new.insertions == [row])
        let same = plan(KnownUnit(unit: row.unit, hasSameContact: true))
        #expect(same.outcomes.map(\.content) == [.unchanged])
        #expect(same.enrolled.isEmpty && same.changed.isEmpty && same.changes.isEmpty)
        let called = plan(KnownUnit(unit: row.unit, hasSameContact: false))
        #expect(called.changes == [row])
        #expect(called.changed.isEmpty)
        let smaller = try draft { $0.memberCount = 46 }.checked().unit
        #expect(plan(KnownUnit(unit: smaller, hasSameContact: true)).changed == [UnitChanged(unit: row.unit.facts)])
    }
}
