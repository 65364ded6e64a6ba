import Foundation
import GridOperationsService
import Models
import Testing

@Suite struct DivisionIntakeTests {
    @Test func `a row of the sheet is a division`() throws {
        let division = try DivisionDraft(
            code: "532923101213", name: " 上庄社区 ", level: "community", parentCode: "532923101", kind: "ruralCommunity",
            households: 1140, population: 3762
        ).checked()
        #expect(
            division
                == Division(
                    code: GridSamples.division("532923101213"), name: "上庄社区", kind: .ruralCommunity, households: 1140))
    }

    @Test func `all faults of a row are told at once`() {
        let draft = DivisionDraft(
            code: "53292310121x", name: "", level: "village", parentCode: nil, kind: "city", households: -1,
            population: -5)
        let faults = #expect(throws: RowFaults.self) { try draft.checked() }
        #expect(
            faults?.words == [
                "code:malformed", "name:required", "level:unknown-word", "kind:unknown-word", "households:out-of-range",
                "population:out-of-range",
            ])
    }

    @Test(arguments: [
        (DivisionDraft(code: "532923100", name: "祥城镇", level: "county"), "level:level-mismatch"),
        (DivisionDraft(code: "532923100", name: "祥城镇", level: "town", kind: "urbanCommunity"), "kind:not-applicable"),
        (
            DivisionDraft(code: "532923100", name: "祥城镇", level: "town", parentCode: "532924"),
            "parentCode:parent-mismatch"
        ),
        (DivisionDraft(code: "532923", name: "祥云\u{0}县", level: "county"), "name:character"),
        (DivisionDraft(code: "532923", name: String(repeating: "县", count: 101), level: "county"), "name:too-long"),
    ]) func `fields must agree with each other`(draft: DivisionDraft, fault: String) {
        let faults = #expect(throws: RowFaults.self) { try draft.checked() }
        #expect(faults?.words == [fault])
    }

    @Test func `parents may stand behind their children in a request`() {
        let intake = DivisionIntake(
            [row(2, "532923100001"), row(3, "532923100"), row(4, "532923"), row(5, "532923101001")], known: [:],
            county: nil)
        #expect(intake.outcomes.acceptedRows == [4, 3, 2])
        #expect(intake.outcomes.faults(ofRow: 5) == ["parentCode:reference-unknown"])
        #expect(intake.events.map { type(of: $0).name } == Array(repeating: "DivisionRegistered", count: 3))
    }

    @Test func `the county of the installation needs no row of its own`() {
        let rows = [row(2, "532923100"), row(3, "532923101001")]
        let intake = DivisionIntake(rows, known: [:], county: GridSamples.division("532923"))
        #expect(intake.outcomes.acceptedRows == [2])
        #expect(intake.outcomes.faults(ofRow: 3) == ["parentCode:reference-unknown"])
    }

    @Test func `divisions of another county are refused, with all that lies in them`() {
        let rows = [row(2, "532924"), row(3, "532924100"), row(4, "532923"), row(5, "110101")]
        let intake = DivisionIntake(rows, known: [:], county: GridSamples.division("532923"))
        #expect(intake.outcomes.acceptedRows == [4])
        for number in [2, 3, 5] { #expect(intake.outcomes.faults(ofRow: number) == ["code:outside-county"]) }
    }

    @Test func `the same again is unchanged and other content is a change`() {
        let known = [GridSamples.division("532923"): Division(code: GridSamples.division("532923"), name: "祥云县")]
        #expect(DivisionIntake([row(2, "532923", "祥云县")], known: known, county: nil).outcomes.unchangedRows == [2])
        let intake = DivisionIntake([row(2, "532923", "祥云市")], known: known, county: nil)
        #expect(intake.outcomes.acceptedRows == [2])
        #expect(intake.events.map { type(of: $0).name } == ["DivisionChanged"])
        #expect(intake.written.map(\.name) == ["祥云市"])
    }

    @Test func `a second row of a code may repeat the first but not contradict it`() async throws {
        let register = RegisterDivisions(store: NoDivisions(), county: nil, now: { Date(timeIntervalSince1970: 0) })
        let outcomes = try await register(
            [(2, "祥云县"), (3, "祥云县"), (4, "祥云市")].map { number, name in
                Numbered(row: number, DivisionDraft(code: "532923", name: name, level: "county"))
            })
        #expect(outcomes.acceptedRows == [2])
        #expect(outcomes.unchangedRows == [3])
        #expect(outcomes.faults(ofRow: 4) == ["code:duplicate-row"])
    }

    /// A store that knows nothing and keeps nothing.
    private struct NoDivisions: DivisionStore {
        func register(
            _ rows: [Numbered<Division>], county: DivisionCode?, at moment: Date
        ) async throws -> [Numbered<RowOutcome>] {
            DivisionIntake(rows, known: [:], county: county).outcomes
        }

        func list(prefix: String, scope: ScopeFilter, after: String?, limit: Int) async throws -> [Division] { [] }
    }

    private func row(_ number: Int, _ code: String, _ name: String = "某地") -> Numbered<Division> {
        Numbered(row: number, Division(code: GridSamples.division(code), name: name))
    }
}
