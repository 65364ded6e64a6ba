import Foundation
import Models

/// Writes calendars as RFC 5545 has them: lines of at most 75 octets, CRLF, texts escaped, times in UTC.
package enum ICalendar {
    /// How sure an entry is.
    package enum Status: String, Sendable {
        case tentative = "TENTATIVE"
        case confirmed = "CONFIRMED"
        case cancelled = "CANCELLED"
    }

    /// An entry.
    package struct Event: Sendable {
        /// The same for ever for the same thing.
        package var uid: String
        /// When the entry was written as it is.
        package var stamp: Date
        /// Grows with every change, from 0.
        package var sequence: Int
        package var status: Status
        package var start: Date
        package var end: Date
        package var summary: String
        package var location: String
        /// Whether the time counts as taken.
        package var isBusy: Bool

        /// Gathers the fields.
        package init(
            uid: String, stamp: Date, sequence: Int, status: Status, start: Date, end: Date, summary: String,
            location: String, isBusy: Bool
        ) {
            self.uid = uid
            self.stamp = stamp
            self.sequence = sequence
            self.status = status
            self.start = start
            self.end = end
            self.summary = summary
            self.location = location
            self.isBusy = isBusy
        }
    }

    /// Most octets of a line, without its end.
    private static let octetsMax = 75

    /// A whole calendar; the same content gives the same bytes.
    package static func document(name: String, _ events: [Event]) -> [UInt8] {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tiaokuai//grid-operations//ZH", "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH", "X-WR-CALNAME:\(escaped(name))", "X-WR-TIMEZONE:Asia/Shanghai",
        ]
        for event in events { lines += self.lines(of: event) }
        lines.append("END:VCALENDAR")
        return lines.flatMap(folded)
    }

    private static func lines(of event: Event) -> [String] {
        [
            "BEGIN:VEVENT", "UID:\(escaped(event.uid))", "DTSTAMP:\(time(event.stamp))",
            "LAST-MODIFIED:\(time(event.stamp))", "DTSTART:\(time(event.start))", "DTEND:\(time(event.end))",
            "SEQUENCE:\(event.sequence)", "STATUS:\(event.status.rawValue)", "SUMMARY:\(escaped(event.summary))",
            "LOCATION:\(escaped(event.location))", "TRANSP:\(event.isBusy ? "OPAQUE" : "TRANSPARENT")", "END:VEVENT",
        ]
    }

    /// A time in UTC, whole seconds, `20210501T075000Z` (RFC 5545 3.3.5, form 2).
    static func time(_ date: Date) -> String {
        let whole = Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
        // `2021-05-01T07:50:00.000Z` up to its seconds.
        return RFC3339.format(whole).prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
    }

    /// A text value (RFC 5545 3.3.11): backslash, semicolon, comma and line breaks escaped, other controls left out.
    static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": escaped.append(contentsOf: ["\\", scalar])
            // A return and a line feed are one line break.
            case "\n" where previous == "\r": break
            case "\n", "\r": escaped.append(contentsOf: ["\\", "n"])
            case "\t": escaped.append(scalar)
            case _ where scalar.properties.generalCategory == .control: break
            default: escaped.append(scalar)
            }
            previous = scalar
        }
        return String(escaped)
    }

    /// A line with its end, folded (RFC 5545 3.1): continuations begin with a space, and no character is torn apart.
    static func folded(_ line: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var room = octetsMax
        for scalar in line.unicodeScalars {
            let character = Array(String(scalar).utf8)
            if character.count > room {
                bytes += [0x0d, 0x0a, 0x20]
                room = octetsMax - 1
            }
            bytes += character
            room -= character.count
        }
        return bytes + [0x0d, 0x0a]
    }
}
