import Foundation
import GridOperationsService
import Models
import Testing

@Suite struct HistoricalIntakeTests {
    @Test func `a row in a grid is new and a row outside names the nearest`() {
        let nearest = GridPlace.outside(nearest: NearestGrid(code: GridSamples.group, metres: 1234))
        let intake = HistoricalIntake([row(2, "E1"), row(3, "E2", place: nearest)], known: [:])
        #expect(intake.outcomes.acceptedRows == [2])
        #expect(intake.created.map(\.report.externalNumber) == ["E1"])
        #expect(intake.created.map(\.grid) == [GridSamples.group])
        guard case .rejected(let faults) = intake.outcomes.last?.content else {
            Issue.record("the row outside was not rejected")
            return
        }
        #expect(faults.map(\.code) == [.incidentOutsideGrids])
        #expect(faults.allSatisfy { $0.chinese.contains(GridSamples.group.digits) && $0.english.contains("1234 m") })
    }

    @Test func `the same again is unchanged and a correction keeps the number`() throws {
        let known = incident("E1")
        #expect(HistoricalIntake([row(2, "E1")], known: ["E1": known]).outcomes.unchangedRows == [2])
        let intake = HistoricalIntake(
            [row(2, "E1", title: "垃圾堆放", place: .inside(GridSamples.area))], known: ["E1": known])
        let corrected = try #require(intake.corrected.first)
        #expect(intake.outcomes.acceptedRows == [2] && intake.created.isEmpty)
        #expect(corrected.report.title == "垃圾堆放" && corrected.number == known.number)
        #expect(corrected.gridCode == GridSamples.area && corrected.version == 2)
    }

    @Test func `an incident that is being handled is no longer corrected`() throws {
        let handled = try incident("E1").carryingOut(.file(.emergencyManagement), by: .new(), at: Date()).incident
        let intake = HistoricalIntake([row(2, "E1", title: "垃圾堆放"), row(3, "E1")], known: ["E1": handled])
        #expect(intake.outcomes.faults(ofRow: 2) == ["externalNumber:already-in-handling"])
        #expect(intake.outcomes.unchangedRows == [3])
    }

    private func row(
        _ number: Int, _ externalNumber: String, title: String = "消防通道堵塞",
        place: GridPlace = .inside(GridSamples.group)
    ) -> Numbered<PlacedReport> {
        Numbered(row: number, PlacedReport(report: GridSamples.report(externalNumber, title: title), place: place))
    }

    private func incident(_ externalNumber: String) -> Incident {
        Incident(
            id: .new(), number: "532923100001202105070001", gridCode: GridSamples.group, isHistorical: true,
            report: GridSamples.report(externalNumber))
    }
}
