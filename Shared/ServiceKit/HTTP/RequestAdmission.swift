import Synchronization

/// Takes requests in hand, lets a few wait for a moment, and turns away what is too much at once, so that an overload
/// costs next to nothing and ends when the load ends.
///
/// Safe from any task. The rules are those of `AdmissionQueue`.
package final class RequestAdmission: Sendable {
    private struct State {
        var queue: AdmissionQueue
        var waiters: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        var nextNumber: UInt64 = 0
        var isTimerArmed = false
        var reported = 0
        var reportedAt: ContinuousClock.Instant?
    }

    private let state: Mutex<State>

    /// Works within bounds.
    package init(_ bounds: AdmissionQueue.Bounds) {
        state = Mutex(State(queue: AdmissionQueue(bounds, now: .now)))
    }

    /// The requests in hand.
    package var current: Int { state.withLock { $0.queue.inHand } }

    /// The requests that wait.
    package var waiting: Int { state.withLock { $0.queue.waiting } }

    /// The requests that were turned away since the start.
    package var refusedTotal: Int { state.withLock { $0.queue.refused } }

    /// Takes a request in hand, after a short wait if need be; false when it is turned away, or when its task is cancelled
    /// while it waits.
    ///
    /// Pair each true with `leave`.
    package func enter() async -> Bool {
        let (answer, number) = enterAtOnce()
        if let answer { return answer }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wait($0, as: number) }
        } onCancel: {
            state.withLock { state in
                state.queue.abandon(number) ? state.waiters.removeValue(forKey: number) : nil
            }?.resume(returning: false)
        }
    }

    /// A request is answered.
    package func leave() { settle { $0.leave(at: $1) } }

    /// How many were turned away since the last report, at most once a second; nil when there is nothing to report.
    ///
    /// One line a second says as much as one for each, and an overload must not become one of the log.
    func refusalsToReport() -> Int? {
        let now = ContinuousClock.now
        return state.withLock { state in
            let count = state.queue.refused - state.reported
            guard count > 0, state.reportedAt.map({ now - $0 >= .seconds(1) }) ?? true else { return nil }
            state.reported = state.queue.refused
            state.reportedAt = now
            return count
        }
    }

    private func enterAtOnce() -> (answer: Bool?, number: UInt64) {
        state.withLock { state in
            state.nextNumber += 1
            return (state.queue.answerAtOnce(at: .now).map { $0 == .admitted }, state.nextNumber)
        }
    }

    private func wait(_ continuation: CheckedContinuation<Bool, Never>, as number: UInt64) {
        let (answer, armsTimer) = state.withLock { state -> (Bool?, Bool) in
            // A cancellation that comes after this look waits for the lock and finds the waiter.
            guard !Task.isCancelled else { return (false, false) }
            switch state.queue.arrive(number, at: .now) {
            case .admitted: return (true, false)
            case .refused: return (false, false)
            case .waits:
                state.waiters[number] = continuation
                defer { state.isTimerArmed = true }
                return (nil, !state.isTimerArmed)
            }
        }
        if let answer { continuation.resume(returning: answer) }
        if armsTimer { Task { await expireUntilEmpty() } }
    }

    /// Turns away whoever has waited too long, until nobody waits; one such task at a time.
    private func expireUntilEmpty() async {
        while let next = nextExpiry() {
            // Nobody cancels it: it ends by itself within the longest wait.
            try? await ContinuousClock().sleep(until: next)
            settle { _, _ in nil }
        }
    }

    private func nextExpiry() -> ContinuousClock.Instant? {
        state.withLock { state in
            let next = state.queue.nextExpiry(at: .now)
            if next == nil { state.isTimerArmed = false }
            return next
        }
    }

    /// Turns away whoever has waited too long, then takes the one whom `change` names.
    private func settle(_ change: (inout AdmissionQueue, ContinuousClock.Instant) -> UInt64?) {
        let (taken, expired) = state.withLock { state in
            let now = ContinuousClock.now
            let expired = state.queue.expire(at: now).compactMap { state.waiters.removeValue(forKey: $0) }
            return (change(&state.queue, now).flatMap { state.waiters.removeValue(forKey: $0) }, expired)
        }
        taken?.resume(returning: true)
        for continuation in expired { continuation.resume(returning: false) }
    }
}
