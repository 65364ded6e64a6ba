import Synchronization

/// Counts the requests in hand and turns away what is too much at once, so that an overload costs next to nothing and ends
/// when the load ends.
package final class RequestAdmission: Sendable {
    private let limit: Int
    private let inFlight = Atomic<Int>(0)

    /// Takes at most `limit` requests in hand.
    package init(limit: Int) { self.limit = limit }

    /// The requests in hand.
    package var current: Int { inFlight.load(ordering: .relaxed) }

    /// Takes a request in hand; false when there are too many.
    ///
    /// Pair each true with `leave`.
    package func enter() -> Bool {
        guard inFlight.add(1, ordering: .relaxed).newValue <= limit else {
            leave()
            return false
        }
        return true
    }

    /// A request is answered.
    package func leave() { inFlight.subtract(1, ordering: .relaxed) }
}
