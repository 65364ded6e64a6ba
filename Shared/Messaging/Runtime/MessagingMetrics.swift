import Synchronization

/// What the messaging core counts, for `/metrics`.
///
/// Names are without prefix; labels are bounded by topics and readers.
package final class MessagingMetrics: Sendable {
    /// The counts of one reader.
    package struct Reader: Sendable, Equatable {
        /// Events applied.
        package var applied = 0
        /// Events seen before and skipped.
        package var duplicates = 0
        /// Events and records parked.
        package var parked = 0
        /// Gaps for which a range was asked for again.
        package var replaysAsked = 0
        /// Batches tried again because of a passing failure.
        package var retries = 0
    }

    /// All counts at one moment.
    package struct Snapshot: Sendable, Equatable {
        /// Whether this replica's relay is the active one.
        package var isRelayActive = false
        /// The last tick whose records are all acknowledged.
        package var lastTick: Int64 = 0
        /// Records sent by the relay, re-sends among them.
        package var sent = 0
        /// Records sent again because a reader asked.
        package var replayed = 0
        /// By reader.
        package var readers: [String: Reader] = [:]
    }

    private let state = Mutex(Snapshot())

    package init() {}

    /// The counts at this moment.
    package var snapshot: Snapshot { state.withLock { $0 } }

    func setRelayActive(_ isActive: Bool) { state.withLock { $0.isRelayActive = isActive } }
    func setLastTick(_ number: Int64) { state.withLock { $0.lastTick = number } }
    func countSent(_ count: Int) { state.withLock { $0.sent += count } }
    func countReplayed(_ count: Int) { state.withLock { $0.replayed += count } }
    func count(reader: String, _ change: (inout Reader) -> Void) {
        state.withLock { change(&$0.readers[reader, default: Reader()]) }
    }
}
