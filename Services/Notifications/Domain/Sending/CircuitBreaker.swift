import Foundation

/// Stops asking a provider that fails again and again, and tries it with one message after a while.
package struct CircuitBreaker: Sendable, Equatable {
    /// What may be asked now.
    package enum Position: String, Sendable, Equatable {
        /// Everything.
        case closed
        /// Nothing until its time.
        case open
        /// One message, as a probe.
        case probing
    }

    private let threshold: Int
    private let pauses: ClosedRange<TimeInterval>
    private var failures = 0
    private var pause: TimeInterval
    private var opensAgainAt: Date?
    private var isProbing = false

    /// A closed breaker.
    ///
    /// - Parameters:
    ///   - threshold: how many failures in a row open it.
    ///   - pauses: how many seconds it stays open; doubles with each probe that fails.
    package init(threshold: Int = 5, pauses: ClosedRange<TimeInterval> = 5...120) {
        self.threshold = threshold
        self.pauses = pauses
        pause = pauses.lowerBound
    }

    /// What it stands at.
    package func position(at moment: Date) -> Position {
        guard let opensAgainAt else { return .closed }
        return moment >= opensAgainAt ? .probing : .open
    }

    /// How many messages may be taken for sending, at most `wanted`; whoever takes the probe must note its outcome.
    package mutating func admit(_ wanted: Int, at moment: Date) -> Int {
        switch position(at: moment) {
        case .closed: return wanted
        case .open: return 0
        case .probing:
            guard !isProbing else { return 0 }
            isProbing = true
            return min(1, wanted)
        }
    }

    /// The probe was not needed: nothing waited.
    package mutating func giveBack() { isProbing = false }

    /// The provider answered, be it with a refusal of this one message.
    package mutating func noteAnswer() {
        failures = 0
        pause = pauses.lowerBound
        opensAgainAt = nil
        isProbing = false
    }

    /// The provider failed, or no answer came.
    ///
    /// - Returns: whether this opened it.
    @discardableResult package mutating func noteFailure(at moment: Date) -> Bool {
        failures += 1
        let wasProbe = isProbing
        isProbing = false
        if wasProbe {
            pause = min(pause * 2, pauses.upperBound)
        } else if opensAgainAt != nil || failures < threshold {
            // What was under way when it opened says nothing new.
            return false
        }
        opensAgainAt = moment.addingTimeInterval(pause)
        return true
    }

    /// The provider asks for a rest, which is no failure: nothing goes until then, at most as long as the breaker's
    /// longest pause, since one message's limit is not always everybody's.
    package mutating func rest(until end: Date, at moment: Date) {
        isProbing = false
        let end = min(end, moment.addingTimeInterval(pauses.upperBound))
        opensAgainAt = max(opensAgainAt ?? end, end)
    }
}
