import Foundation
import Models
import NotificationsService
import Testing

@Suite struct ServiceDaysTests {
    @Test func `Fridays and Sundays are service days, but for the exceptions`() throws {
        let days = try (13...19).map { try #require(CalendarDay(year: 2023, month: 11, day: $0)) }
        #expect(days.filter(ServiceDays().contains).map(\.day) == [17, 19])
        let changed = ServiceDays(exceptions: [days[4]: false, days[0]: true])
        #expect(days.filter(changed.contains).map(\.day) == [13, 19])
    }

    @Test func `reminders are at half past eight at the county's time`() {
        // 23:30 UTC of Thursday is Friday in the county.
        let thursdayNight = Date(timeIntervalSince1970: 1_700_177_400)
        let times = ServiceDays().reminders(from: thursdayNight, days: 3)
        #expect(times.map { $0.timeIntervalSince1970 } == [1_700_181_000, 1_700_353_800])
    }
}
