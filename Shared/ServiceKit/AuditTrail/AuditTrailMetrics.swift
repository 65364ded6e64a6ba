import Synchronization

/// What is counted of the audit trail, for `/metrics`.
package final class AuditTrailMetrics: Sendable {
    /// The figures at one moment.
    package struct Snapshot: Sendable, Equatable {
        /// Whether this replica seals.
        package var isActive = false
        /// The number of the last seal that this replica made or found.
        package var lastSeal: Int64 = 0
        /// Entries sealed by this replica.
        package var sealed: Int64 = 0
        /// The entries that no seal covers yet.
        package var tail = AuditTail()
    }

    private let state = Mutex(Snapshot())

    package init() {}

    /// The figures at this moment.
    package var snapshot: Snapshot { state.withLock { $0 } }

    func setActive(_ isActive: Bool) { state.withLock { $0.isActive = isActive } }
    func setTail(_ tail: AuditTail) { state.withLock { $0.tail = tail } }
    func noteLast(_ number: Int64) { state.withLock { $0.lastSeal = number } }
    func countSealed(_ seal: AuditSeal) {
        state.withLock { state in
            state.lastSeal = seal.number
            state.sealed += seal.entries
        }
    }
}

/// The entries that no seal covers yet: what could still be changed unseen.
package struct AuditTail: Sendable, Equatable, Encodable {
    /// How many; counted up to `countMax`.
    package var entries = 0
    /// How old the oldest is, in seconds.
    package var ageSeconds = 0.0

    /// How far the tail is counted.
    package static let countMax = 100_000
}
