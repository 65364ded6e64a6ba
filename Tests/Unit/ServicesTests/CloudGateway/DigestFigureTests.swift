import CloudGatewayService
import Foundation
import Models
import Testing

@Suite struct DigestFigureTests {
    @Test(arguments: [
        (2513, "2500余"), (2500, "2500"), (2501, "2500余"), (99, "99"), (100, "100"), (2016, "2000余"), (0, "0"),
    ])
    func `more than is said with the hundreds below, and only where it is true`(_ count: Int, _ text: String) {
        #expect(Quantity(count, .moreThan).chinese == text)
    }

    @Test(arguments: [(492, "近500"), (495, "近500"), (496, "496"), (450, "近500"), (449, "449"), (500, "500"), (0, "0")])
    func `close to is said from one to ten percent below`(_ count: Int, _ text: String) {
        #expect(Quantity(count, .closeTo).chinese == text)
    }

    @Test func `an exact count is said as it is, whatever its size`() {
        #expect(Quantity(1352).chinese == "1352")
        #expect(Quantity(2513, .moreThan).english == "more than 2500")
        #expect(Quantity(492, .closeTo).english == "close to 500")
    }

    @Test(arguments: [(95, "56.55%"), (66, "39.29%"), (7, "4.17%"), (168, "100.00%"), (0, "0.00%")])
    func `the printed percentages of the survey come out of its counts`(_ part: Int, _ text: String) {
        #expect(Percentage(part, of: 168).text == text)
    }

    @Test func `half a hundredth is rounded up, and a share of nothing is not computed`() {
        #expect(Percentage(1, of: 20_000).hundredths == 1)
        #expect(Percentage(1, of: 20_001).hundredths == 0)
        #expect(Percentage(0, of: 0).value == nil)
        #expect(Percentage(0, of: 0).text == "-")
    }

    @Test func `the day of the figures is that of the member counts, or today in Shanghai without any`() {
        var counts = DigestCounts()
        let today = CalendarDay(year: 2026, month: 2, day: 1)
        #expect(Digest(counts, today: today).asOf == today)
        counts.asOf = CalendarDay(year: 2021, month: 7, day: 31)
        #expect(Digest(counts, today: today).asOf == counts.asOf)
    }

    @Test func `every function is named, also where nothing happened`() {
        var counts = DigestCounts()
        counts.incidents = [.disputeMediation: 3]
        let digest = Digest(counts, today: nil)
        #expect(digest.incidents.count == GridFunction.allCases.count)
        #expect(digest.incidentsTotal == 3)
    }
}
