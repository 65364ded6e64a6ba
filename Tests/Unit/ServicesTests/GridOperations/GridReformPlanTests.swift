import GridOperationsService
import Models
import Testing

/// What a merge and a split come to, decided without a database.
struct GridReformPlanTests {
    private let leading = GridSamples.code("53292310000100101")
    private let other = GridSamples.code("53292310000100102")
    private let new = GridSamples.code("53292310000100103")

    private func recorded(_ code: GridCode, households: Int? = nil, to day: String? = nil) throws -> RecordedGrid {
        var grid = try GridSamples.grid(code.digits)
        grid.households = households
        return RecordedGrid(grid: grid, validity: GridValidity(to: day.map(GridSamples.day)))
    }

    private func merge() -> GridReform {
        GridReform(
            kind: .merge, code: leading, others: [other],
            successors: [GridReform.Successor(code: new, name: "新组")])
    }

    private func plan(_ grids: [RecordedGrid], used: Set<GridCode> = []) throws -> GridReformPlan {
        try GridReformPlan(
            merge(), grids: grids, groups: [], used: used,
            union: try GridBoundary(wellKnownText: GridSamples.box(0, 0, 20, 10)))
    }

    @Test func `the leading grid's holder of a single role stays, and nobody holds a role twice`() throws {
        // The other grid comes first by its row, the leading one by its rank.
        let plan = try plan([try recorded(other, households: 4), try recorded(leading)])
        let (first, second) = (PersonID.new(), PersonID.new())
        func held(_ grid: GridCode, _ role: GridRole, _ person: PersonID) -> GridAssignmentFacts {
            GridAssignmentFacts(assignmentID: .new(), gridCode: grid, role: role, personID: person)
        }
        let holdings = plan.holdings([
            held(other, .communityCadre, second), held(leading, .communityCadre, first),
            held(other, .volunteer, first), held(leading, .volunteer, first), held(other, .volunteer, second),
        ])
        #expect(holdings.allSatisfy { $0.gridCode == new })
        #expect(holdings.filter { $0.role == .communityCadre }.map(\.personID) == [first])
        #expect(holdings.filter { $0.role == .volunteer }.map(\.personID) == [first, second])
        #expect(plan.successors.map(\.households) == [4])
        let ended = plan.ended(on: GridSamples.day("2026-07-01"))
        #expect(ended.allSatisfy { $0.successors == [new] && $0.version == 2 })
        #expect(ended.first?.facts.validTo == GridSamples.day("2026-07-01"))
    }

    @Test func `what has ended, is unknown or was used is refused`() throws {
        #expect(throws: GridRefusal.notFound) { try plan([try recorded(other)]) }
        #expect(throws: GridRefusal.ended(other, since: GridSamples.day("2026-07-01"))) {
            try plan([try recorded(leading), try recorded(other, to: "2026-07-01")])
        }
        let faults = #expect(throws: RowFaults.self) { try plan([try recorded(leading)], used: [new]) }
        #expect(faults?.words == ["others/0:reference-unknown", "code:code-used"])
    }
}
