import Foundation

/// Where a service takes the time from, so that tests can set it.
package protocol SuiteClock: Sendable {
    /// The present time.
    var now: Date { get }
}

/// The clock of the machine.
package struct SystemClock: SuiteClock {
    package init() {}
    package var now: Date { Date() }
}
