import Foundation

/// What a message may be joined with: all of one key within one window become one message at the window's end.
package struct DigestRule: Sendable, Equatable {
    /// What is joined, such as `incident`.
    package var key: String
    /// The length of the window in seconds; windows follow each other from midnight UTC of 1970 on.
    package var window: TimeInterval

    /// Makes a rule.
    package init(key: String, window: TimeInterval) {
        self.key = key
        self.window = max(1, window)
    }

    /// The number of the window that a moment lies in.
    package func number(at moment: Date) -> Int64 {
        Int64((moment.timeIntervalSince1970 / window).rounded(.down))
    }

    /// When a window is over and its message goes out.
    package func end(of number: Int64) -> Date { Date(timeIntervalSince1970: Double(number + 1) * window) }
}
