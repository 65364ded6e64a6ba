import Foundation

/// Which reports are asked for over Open311.
package struct Open311Query: Sendable, Hashable {
    /// The longest span by the standard: 90 days.
    package static let spanMax: TimeInterval = 90 * 86_400
    /// The most reports or updates of an answer, by the standard.
    package static let rowsMax = 1000

    /// Numbers of incidents; where there are any, nothing else counts but the place.
    package var numbers: [String]
    /// Codes of categories; empty for all.
    package var categories: [String]
    /// From when to when, both with it.
    package var span: ClosedRange<Date>
    /// Whether open or closed ones alone; nil for both.
    package var isOpen: Bool?
    /// What the code of the grid begins with.
    package var gridPrefix: String

    /// Gathers the conditions.
    package init(
        numbers: [String] = [], categories: [String] = [], span: ClosedRange<Date>, isOpen: Bool? = nil,
        gridPrefix: String
    ) {
        self.numbers = numbers
        self.categories = categories
        self.span = span
        self.isOpen = isOpen
        self.gridPrefix = gridPrefix
    }

    /// The span that a start and an end mean, one of which or both may be left out.
    ///
    /// - Returns: nil when the end lies before the start, or when both lie further apart than the standard allows.
    package static func span(from start: Date?, to end: Date?, now: Date) -> ClosedRange<Date>? {
        let last = end ?? start.map { min(max(now, $0), $0 + spanMax) } ?? now
        let first = start ?? last - spanMax
        guard first <= last, last.timeIntervalSince(first) <= spanMax else { return nil }
        return first...last
    }
}
