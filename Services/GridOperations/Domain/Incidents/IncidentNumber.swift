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
