import Foundation
import Models

/// The serial number that people quote: community code, day, and a number of that community and day.
package enum IncidentNumber {
    /// Writes a number, `532923100001` `20210507` `0012`; the last part grows beyond 9999 when a day needs it.
    package static func text(community: String, day: CalendarDay, sequence: Int) -> String {
        let digits = String(sequence)
        let padding = String(repeating: "0", count: max(0, 4 - digits.count))
        return community + day.description.filter { $0 != "-" } + padding + digits
    }
}

extension CalendarDay {
    /// The day in Asia/Shanghai, which has been UTC+8 all year since 1992; nil outside the years 1 to 9999.
    package init?(inShanghai moment: Date) {
        let days = ((moment.timeIntervalSince1970 + 8 * 3600) / 86_400).rounded(.down)
        guard abs(days) < 4_000_000 else { return nil }
        let (year, month, day) = RFC3339.civil(fromDays: Int64(days))
        self.init(year: Int(year), month: Int(month), day: Int(day))
    }
}
