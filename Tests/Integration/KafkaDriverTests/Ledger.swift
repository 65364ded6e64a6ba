import Kafka
import Synchronization

/// Keeps account of who handled which record when, to find handlers of one partition that overlap.
final class Ledger: Sendable {
    private struct State {
        var running: [Int32: Int] = [:]
        var offsets: [Int32: [Int64]] = [:]
        var handlers: Set<String> = []
        var overlaps = 0
    }

    private let state = Mutex(State())

    /// Handles a batch slowly enough to be met by a rebalance.
    func handle(_ batch: KafkaBatch, by handler: String) async throws {
        state.withLock { state in
            state.running[batch.partition, default: 0] += 1
            if state.running[batch.partition] != 1 { state.overlaps += 1 }
            state.handlers.insert(handler)
        }
        defer { state.withLock { $0.running[batch.partition, default: 0] -= 1 } }
        // Work that takes time; not a wait for anything.
        try await Task.sleep(for: .milliseconds(10))
        state.withLock { $0.offsets[batch.partition, default: []] += batch.records.map(\.offset) }
    }

    /// Records handled, repetitions included.
    var count: Int { state.withLock { $0.offsets.values.reduce(0) { $0 + $1.count } } }

    /// Records handled, repetitions left out.
    var distinct: Int { state.withLock { $0.offsets.values.reduce(0) { $0 + Set($1).count } } }

    /// How often a handler of a partition started while another ran.
    var overlaps: Int { state.withLock { $0.overlaps } }

    /// Whether the records of each partition were finished in the order of their offsets, repetitions left out.
    var isOrdered: Bool {
        state.withLock { state in
            state.offsets.values.allSatisfy { offsets in
                var seen: Set<Int64> = []
                let first = offsets.filter { seen.insert($0).inserted }
                return first == first.sorted()
            }
        }
    }

    /// Who handled anything.
    var handlers: Set<String> { state.withLock { $0.handlers } }
}
