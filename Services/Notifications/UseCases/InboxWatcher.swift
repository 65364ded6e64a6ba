import Models
import Synchronization

/// Wakes the followers of this process when something has come into their inboxes.
///
/// One question to the database serves all followers, however many: once a second for what other replicas have
/// delivered, and in quick steps after `wake()`, since a batch rings before its transaction has committed. Safe from any
/// thread.
package final class InboxWatcher: Sendable {
    private struct Waiter {
        let person: PersonID
        let sequence: Int64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var waiters: [Int: Waiter] = [:]
        var lastToken = 0
        var isHurried = false
        var bell: AsyncStream<Void>.Continuation?
    }

    /// The steps after a ring: a commit takes a few milliseconds, rarely more than a third of a second.
    ///
    /// A ring during the steps begins them anew, so the longest step bounds how late a follower is in busy times.
    private static let steps: [Duration] = [5, 10, 20, 40, 80, 80, 80, 80].map { .milliseconds($0) }

    private let store: any InboxStore
    private let interval: Duration
    private let state = Mutex(State())

    /// Watches the inboxes of a store.
    ///
    /// - Parameter interval: how often it looks when nobody rings.
    package init(store: any InboxStore, interval: Duration = .seconds(1)) {
        self.store = store
        self.interval = interval
    }

    /// Says that something may be about to come into an inbox.
    ///
    /// Never waits.
    package func wake() {
        let bell = state.withLock { state in
            state.isHurried = true
            return state.bell
        }
        bell?.yield()
    }

    /// Waits until an inbox has a message after `sequence`, or the task is cancelled.
    package func wait(for person: PersonID, after sequence: Int64) async {
        let token = state.withLock { state in
            state.lastToken += 1
            return state.lastToken
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let bell = state.withLock { state -> AsyncStream<Void>.Continuation? in
                    // A cancellation before this point found nobody to resume.
                    guard !Task.isCancelled else {
                        continuation.resume()
                        return nil
                    }
                    state.waiters[token] = Waiter(person: person, sequence: sequence, continuation: continuation)
                    return state.bell
                }
                // What came between the reading and this is found by looking now.
                bell?.yield()
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: token) }?.continuation.resume()
        }
    }

    /// How many followers wait.
    package var waiting: Int { state.withLock { $0.waiters.count } }

    /// Watches until the task is cancelled.
    ///
    /// - Throws: what the store throws; followers go on waiting for the next run.
    package func run() async throws {
        let (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.bell = bell }
        let ticks = Task { [interval] in
            bell.yield()
            // A cancelled sleep is the end of the watch.
            while (try? await Task.sleep(for: interval)) != nil { bell.yield() }
        }
        defer { ticks.cancel() }
        for await _ in rings {
            var step = takeHurry() ? 0 : Self.steps.count
            try await look()
            while step < Self.steps.count {
                try await Task.sleep(for: Self.steps[step])
                step = takeHurry() ? 0 : step + 1
                try await look()
            }
        }
    }

    private func takeHurry() -> Bool {
        state.withLock { state in
            defer { state.isHurried = false }
            return state.isHurried
        }
    }

    /// Resumes followers for whom something is there.
    private func look() async throws {
        let people = state.withLock { Set($0.waiters.values.map(\.person)) }
        guard !people.isEmpty else { return }
        let heads = try await store.heads(of: Array(people))
        let ready = state.withLock { state in
            let ready = state.waiters.filter { $1.sequence < heads[$1.person] ?? 0 }
            for token in ready.keys { state.waiters[token] = nil }
            return ready
        }
        for waiter in ready.values { waiter.continuation.resume() }
    }
}
