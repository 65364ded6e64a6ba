import Foundation
import Models
import Testing

@Suite struct CountyCalendarTests {
    @Test func `a day in Shanghai begins at sixteen hours of the day before in UTC`() throws {
        let before = try #require(RFC3339.parse("2021-07-31T15:59:59Z"))
        #expect(try CountyCalendar.day(of: before).description == "2021-07-31")
        #expect(try CountyCalendar.day(of: before.addingTimeInterval(1)).description == "2021-08-01")
    }

    @Test func `a time before 1970 has a day, but a clock that shows it is broken`() throws {
        let early = try #require(RFC3339.parse("1969-12-31T16:30:00Z"))
        #expect(CalendarDay(inShanghai: early)?.description == "1970-01-01")
        #expect(throws: CountyCalendar.BrokenClock.self) { try CountyCalendar.day(of: early) }
        #expect(throws: CountyCalendar.BrokenClock.self) { try CountyCalendar.day(of: .distantPast) }
    }

    @Test func `a year of five digits has no day`() {
        #expect(CalendarDay(inShanghai: Date(timeIntervalSince1970: 260_000_000_000)) == nil)
        #expect(CalendarDay(inShanghai: Date(timeIntervalSince1970: 1e300)) == nil)
    }
}
