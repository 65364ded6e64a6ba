import Foundation

/// What a server says in `Retry-After` (RFC 9110 10.2.3).
package enum RetryAfter {
    /// A server that asks for more is asked again after a day.
    package static let longest = Duration.seconds(86_400)

    /// Reads seconds or a date; nil where it is neither.
    package static func duration(_ text: String, now: Date) -> Duration? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // More digits than a number holds are more than a day.
            return min(Int(text).map { .seconds($0) } ?? longest, longest)
        }
        let format = Date.VerbatimFormatStyle(
            format: """
                \(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
                \(second: .twoDigits) GMT
                """,
            locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
        // A text that is no date says nothing.
        guard let date = try? Date(text, strategy: format.parseStrategy) else { return nil }
        return min(max(.seconds(date.timeIntervalSince(now)), .zero), longest)
    }
}
