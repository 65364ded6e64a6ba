import Foundation
import Models

/// Spans of time in which incidents were reported, as their ids tell: the search goes back from one to the next, so that a
/// page costs what it shows.
///
/// The wider hold the narrower without rest. Every incident has a word for each of its spans.
package enum IncidentSpan: Int, Sendable, CaseIterable {
    /// 25 days.
    case weeks = 31
    /// 19 hours.
    case hours = 26

    /// How many milliseconds there are in it, as a power of two.
    package var bits: Int { rawValue }

    /// The letter before its number in words.
    package var letter: String {
        switch self {
        case .weeks: "b"
        case .hours: "c"
        }
    }

    /// The number of the span that an incident lies in.
    package func number(of id: IncidentID) -> Int {
        let bytes = id.rawValue.uuid
        let milliseconds = [bytes.0, bytes.1, bytes.2, bytes.3, bytes.4, bytes.5].reduce(0) { $0 << 8 | Int($1) }
        return milliseconds >> bits
    }

    /// How many spans of a narrower kind there are in one, as a power of two.
    package func bits(of narrower: IncidentSpan) -> Int { bits - narrower.bits }

    /// The identifier before all that lie in a span, and behind all that lie in those before it.
    package func first(_ number: Int) -> IncidentID {
        let milliseconds = UInt64(max(0, number)) << UInt64(bits)
        func byte(_ place: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: milliseconds >> (40 - 8 * place)) }
        return IncidentID(
            rawValue: UUID(uuid: (byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
    }
}

extension Incident {
    /// Lengths of codes of places that an incident is found by: county, town, community, area, group.
    package static let placeDigits = [6, 9, 12, 15, 17]

    /// All that the incident is found by: pairs of signs, spans of time, and every place that its grid lies in.
    package var searchWords: [String] {
        let places = Self.placeDigits.filter { $0 <= gridCode.digits.utf8.count }
        return SearchText.pairs(SearchText.folded(report.title + " " + report.description)).sorted()
            + IncidentSpan.allCases.map { "\($0.letter):\($0.number(of: id))" }
            + places.map { "g:\(gridCode.digits.prefix($0))" }
    }
}
