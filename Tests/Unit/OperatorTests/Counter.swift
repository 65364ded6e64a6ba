import Synchronization

/// Counts by name.
final class Counter: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// The number of earlier calls with this name.
    func next(_ name: String) -> Int {
        counts.withLock { counts in
            defer { counts[name, default: 0] += 1 }
            return counts[name] ?? 0
        }
    }

    func count(_ name: String) -> Int { counts.withLock { $0[name] ?? 0 } }
}
