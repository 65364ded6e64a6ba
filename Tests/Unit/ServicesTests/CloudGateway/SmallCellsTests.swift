import CloudGatewayService
import Models
import Testing

struct SmallCellsTests {
    @Test func `small cells are hidden, and never one alone, or the total would tell it`() {
        #expect(SmallCells.hidden(in: []).isEmpty && SmallCells.hidden(in: [0, 5, 90]).isEmpty)
        #expect(SmallCells.hidden(in: [4, 0, 90, 7]) == [0, 3])
        #expect(SmallCells.hidden(in: [4, 1, 90, 7]) == [0, 1])
        #expect(SmallCells.hidden(in: [3]) == [0] && SmallCells.hidden(in: [3, 0, 0]) == [0])
    }

    @Test func `a line shows no share of so few that a person would be recognised`() {
        var counts = IncidentCounts()
        (counts.total, counts.toAnswer, counts.responded, counts.answered, counts.satisfied) = (40, 40, 39, 4, 3)
        (counts.measured, counts.medianSeconds) = (4, 3600)
        var figures = IncidentFigures()
        figures.total = counts
        figures.byFunction = [.policyPublicity: counts]
        let report = IncidentSummary(figures, asOf: nil)
        let line = report.total
        #expect(line.shown(counts.response)?.text == "97.50%" && line.shown(counts.satisfaction) == nil)
        #expect(line.medianHundredths == nil && report.n == 40)
        #expect(
            report.byFunction.map(\.line.n) == [40, 0, 0, 0, 0] && report.byState.count == IncidentState.allCases.count)
        counts.measured = 5
        counts.medianSeconds = 5418
        #expect(counts.medianHundredths == 151 && Percentage.decimals(105) == "1.05")
    }
}
