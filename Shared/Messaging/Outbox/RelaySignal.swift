import Synchronization

/// Wakes the relay of the same process after a commit.
///
/// A signal that nobody waits for is kept, one at most.
package final class RelaySignal: Sendable {
    private struct State {
        var isRaised = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    /// Raises the signal.
    ///
    /// Safe from any thread; never waits.
    package func raise() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiter = state.waiter else {
                state.isRaised = true
                return nil
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume()
    }

    /// Waits until the signal is raised, a time has passed, or the task is cancelled.
    ///
    /// For one waiter at a time.
    package func wait(atMost limit: Duration) async {
        let timer = Task {
            // A cancelled sleep means that the signal came first; the raise below is then not wanted.
            if (try? await Task.sleep(for: limit)) != nil { self.raise() }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let resumeNow = state.withLock { state -> Bool in
                    guard !state.isRaised, !Task.isCancelled else {
                        state.isRaised = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if resumeNow { continuation.resume() }
            }
        } onCancel: {
            raise()
        }
        timer.cancel()
    }
}
