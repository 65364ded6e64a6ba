/// Who is taken in hand, who waits and who is turned away, as a pure state machine over given times.
///
/// A bounded number is in hand, and a bounded number waits. How long somebody may wait depends on how the queue stands
/// (0020): as long as it was empty a moment ago, a burst waits its turn, oldest first. When it has not been empty for a
/// while, more comes than can be done; waiting then only makes every answer late. So whoever has waited for more than a
/// few milliseconds is turned away, and the newest is taken first.
package struct AdmissionQueue: Sendable {
    /// The bounds.
    package struct Bounds: Sendable, Hashable {
        /// Most in hand, 1 and more.
        package var inHand: Int
        /// Most that wait, 0 and more.
        package var waiting: Int
        /// The longest wait in a burst, and the time after which a queue that was never empty is an overload.
        package var patience: Duration
        /// The longest wait in an overload.
        package var patienceInOverload: Duration

        /// Gathers the bounds.
        package init(
            inHand: Int, waiting: Int, patience: Duration = .milliseconds(500),
            patienceInOverload: Duration = .milliseconds(10)
        ) {
            self.inHand = inHand
            self.waiting = waiting
            self.patience = patience
            self.patienceInOverload = patienceInOverload
        }
    }

    /// What becomes of somebody who comes.
    package enum Arrival: Sendable, Hashable {
        /// He is in hand.
        case admitted
        /// He waits; `leave` or `expire` will name him.
        case waits
        /// There is no room.
        case refused
    }

    private struct Waiter {
        let number: UInt64
        let since: ContinuousClock.Instant
    }

    private let bounds: Bounds
    /// Oldest first.
    private var waiters: [Waiter] = []
    /// When somebody last found room at once, or left nobody behind who waited.
    private var lastEmpty: ContinuousClock.Instant
    /// How many are in hand.
    package private(set) var inHand = 0
    /// How many were turned away.
    package private(set) var refused = 0

    /// Makes an empty queue.
    package init(_ bounds: Bounds, now: ContinuousClock.Instant) {
        self.bounds = bounds
        lastEmpty = now
    }

    /// How many wait.
    package var waiting: Int { waiters.count }

    /// Somebody comes, known by a number that nobody else has.
    package mutating func arrive(_ number: UInt64, at now: ContinuousClock.Instant) -> Arrival {
        if let answer = answerAtOnce(at: now) { return answer }
        waiters.append(Waiter(number: number, since: now))
        return .waits
    }

    /// The answer to somebody who comes, when he need not wait for it; nil otherwise, and nothing has changed.
    package mutating func answerAtOnce(at now: ContinuousClock.Instant) -> Arrival? {
        if waiters.isEmpty, inHand < bounds.inHand {
            lastEmpty = now
            inHand += 1
            return .admitted
        }
        guard waiters.count < bounds.waiting else {
            refused += 1
            return .refused
        }
        return nil
    }

    /// Somebody in hand is done; gives the number of the one who takes his place, if anybody waits.
    ///
    /// Call `expire` first, so that nobody is taken who has waited too long.
    package mutating func leave(at now: ContinuousClock.Instant) -> UInt64? {
        guard !waiters.isEmpty else {
            inHand -= 1
            lastEmpty = now
            return nil
        }
        let next = isOverloaded(at: now) ? waiters.removeLast() : waiters.removeFirst()
        if waiters.isEmpty { lastEmpty = now }
        return next.number
    }

    /// Those who have waited too long; they are turned away.
    package mutating func expire(at now: ContinuousClock.Instant) -> [UInt64] {
        guard let oldest = waiters.first, oldest.since + patience(at: now) <= now else { return [] }
        let limit = now - patience(at: now)
        let count = waiters.firstIndex { $0.since > limit } ?? waiters.count
        let expired = waiters.prefix(count).map(\.number)
        waiters.removeFirst(count)
        refused += count
        // A queue that was emptied by turning away has not caught up: `lastEmpty` stays.
        return expired
    }

    /// Somebody who waits gives up; false when he does not wait any more.
    package mutating func abandon(_ number: UInt64) -> Bool {
        guard let index = waiters.firstIndex(where: { $0.number == number }) else { return false }
        waiters.remove(at: index)
        return true
    }

    /// When to look for those who have waited too long; nil when nobody waits.
    package func nextExpiry(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        waiters.first.map { oldest in
            isOverloaded(at: now)
                ? oldest.since + bounds.patienceInOverload
                : min(oldest.since + bounds.patience, max(now, lastEmpty + bounds.patience))
        }
    }

    /// Whether the queue has not been empty for as long as anybody may wait.
    private func isOverloaded(at now: ContinuousClock.Instant) -> Bool { now - lastEmpty > bounds.patience }

    private func patience(at now: ContinuousClock.Instant) -> Duration {
        isOverloaded(at: now) ? bounds.patienceInOverload : bounds.patience
    }
}
