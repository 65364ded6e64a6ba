import Foundation

/// Keeps a provider's limit for any window of its span: the span is counted in tenths, and the present tenth with the ten
/// before it never hold more than the limit.
package enum Pace {
    /// The number of the tenth that a moment lies in.
    package static func tenth(at moment: Date, span seconds: Int) -> Int64 {
        Int64((moment.timeIntervalSince1970 * 10 / Double(max(1, seconds))).rounded(.down))
    }

    /// How many more may go now.
    ///
    /// - Parameters:
    ///   - used: how many went in the present tenth and the ten before.
    ///   - share: the part of the limit that may be used up.
    package static func room(_ messages: Int, used: Int, share: Double = 1) -> Int {
        max(0, max(1, Int(Double(messages) * share)) - used)
    }

    /// How many seconds until it is worth looking again.
    package static func wait(span seconds: Int, jitter: Double) -> TimeInterval {
        Double(max(1, seconds)) / 10 * (1 + jitter)
    }
}
