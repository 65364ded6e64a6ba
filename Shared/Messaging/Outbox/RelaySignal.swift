import Synchronization

/// Wakes the relay of the same process after a commit.
///
/// A signal that nobody waits for is kept, one at most.
package final class RelaySignal: Sendable {
    private struct State {
        var isRaised = false
        var ticket: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Raises the signal.
    ///
    /// Safe from any thread; never waits.
    package func raise() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.isRaised = state.waiters.isEmpty
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until the signal is raised, a time has passed, or the task is cancelled.
    package func wait(atMost limit: Duration) async {
        let ticket = state.withLock { state -> UInt64 in
            state.ticket += 1
            return state.ticket
        }
        var timer: Task<Void, Never>?
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let resumeNow = state.withLock { state -> Bool in
                    guard !state.isRaised, !Task.isCancelled else {
                        state.isRaised = false
                        return true
                    }
                    state.waiters[ticket] = continuation
                    return false
                }
                if resumeNow { return continuation.resume() }
                // Only now: a timer that was through before the waiter is in its place would release nobody.
                timer = Task {
                    // A cancelled sleep means that the signal came first; then nobody waits under this ticket any more.
                    try? await Task.sleep(for: limit)
                    self.release(ticket)
                }
            }
        } onCancel: {
            release(ticket)
        }
        timer?.cancel()
    }

    private func release(_ ticket: UInt64) {
        state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
    }
}
