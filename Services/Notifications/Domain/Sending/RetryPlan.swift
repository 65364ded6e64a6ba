import Foundation

/// When a message that could not be sent is tried again: waits that double, with full jitter, so that those which failed
/// together do not come back together.
package enum RetryPlan {
    private static let first: TimeInterval = 2
    private static let longest: TimeInterval = 900

    /// How many seconds to wait.
    ///
    /// - Parameters:
    ///   - attempts: how often it was tried, from 1.
    ///   - retryAfter: what the provider asked for; never undercut, and with jitter upon it.
    ///   - jitter: `0..<1`.
    package static func wait(after attempts: Int, retryAfter: TimeInterval?, jitter: Double) -> TimeInterval {
        let ceiling = min(longest, first * pow(2, Double(min(max(attempts, 1), 20) - 1)))
        let wait = ceiling * jitter
        guard let retryAfter else { return wait }
        return max(0, retryAfter) + min(wait, 0.1 * max(10, retryAfter))
    }
}
