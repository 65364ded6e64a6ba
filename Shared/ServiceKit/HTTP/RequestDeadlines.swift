import Synchronization

/// Cancels requests that take too long.
///
/// One sweep for all of them instead of a timer for each: a timer costs more than most requests. All have the same time,
/// so they end in the order in which they began.
package final class RequestDeadlines: Sendable {
    private struct Entry {
        let number: UInt64
        let deadline: ContinuousClock.Instant
        let cancel: @Sendable () -> Void
    }

    private struct State {
        var entries: [UInt64: Entry] = [:]
        var nextNumber: UInt64 = 0
    }

    private let timeout: Duration
    private let state = Mutex(State())

    /// Gives every request the same time.
    package init(timeout: Duration) { self.timeout = timeout }

    /// Runs work that is cancelled when its time is over.
    ///
    /// The work ends when it has noticed; every wait of ours does.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = Task(operation: work)
        let number = enter { task.cancel() }
        defer { leave(number) }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    /// Looks for requests whose time is over, until the task is cancelled.
    package func sweep() async {
        let interval = min(max(timeout / 8, .milliseconds(20)), .seconds(1))
        // A cancelled sleep is the end.
        while (try? await Task.sleep(for: interval)) != nil {
            for cancel in due(at: .now) { cancel() }
        }
    }

    private func enter(_ cancel: @escaping @Sendable () -> Void) -> UInt64 {
        let deadline = ContinuousClock.now + timeout
        return state.withLock { state in
            state.nextNumber += 1
            let number = state.nextNumber
            state.entries[number] = Entry(number: number, deadline: deadline, cancel: cancel)
            return number
        }
    }

    private func leave(_ number: UInt64) {
        state.withLock { _ = $0.entries.removeValue(forKey: number) }
    }

    private func due(at now: ContinuousClock.Instant) -> [@Sendable () -> Void] {
        state.withLock { state in state.entries.values.filter { $0.deadline <= now }.map(\.cancel) }
    }
}
