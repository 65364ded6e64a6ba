import Logging
import Synchronization

/// The present key set of the identity provider: read when it is first needed, again when it has become old, and at once
/// when a token names a key that it lacks, though not more often than a pause allows.
///
/// When it cannot be read, the last good set stays. Safe from any task; one reading at a time.
package final class KeySource: Sendable {
    /// How often the set is read.
    package struct Pace: Sendable {
        /// Age at which it is read again.
        package var maxAge: Duration = .seconds(600)
        /// Shortest time between two readings for one reason, age or an unknown key id, while there is a set.
        package var pause: Duration = .seconds(10)
        /// Shortest time between two readings while there is none.
        package var pauseWithout: Duration = .seconds(1)

        package init() {}
    }

    private struct State {
        var current: KeySet?
        var readAt: ContinuousClock.Instant?
        var triedAt: ContinuousClock.Instant?
        /// When an unknown key id last made us read.
        var askedAt: ContinuousClock.Instant?
        var reading: Task<KeySet?, Never>?
    }

    /// What to do for a token.
    private enum Step {
        case use(KeySet)
        case wait(Task<KeySet?, Never>)
        case fail
    }

    private let document: any KeyDocument
    private let pace: Pace
    private let now: @Sendable () -> ContinuousClock.Instant
    private let logger: Logger
    private let state = Mutex(State())

    /// Names where the set is read.
    ///
    /// - Parameter now: the time, for tests.
    package init(
        _ document: any KeyDocument, pace: Pace = Pace(), logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.document = document
        self.pace = pace
        self.logger = logger
        self.now = now
    }

    /// The set in which to look for a key.
    ///
    /// - Throws: `TokenFault.keysUnavailable` when there never was one.
    func keySet(for id: String) async throws -> KeySet {
        let moment = now()
        switch state.withLock({ step(for: id, at: moment, &$0) }) {
        case .use(let set): return set
        case .fail: throw TokenFault.keysUnavailable
        case .wait(let reading):
            guard let set = await reading.value else { throw TokenFault.keysUnavailable }
            return set
        }
    }

    private func step(for id: String, at moment: ContinuousClock.Instant, _ state: inout State) -> Step {
        guard let current = state.current else {
            let mayRead = state.triedAt.map { moment - $0 >= pace.pauseWithout } ?? true
            if let reading = state.reading ?? (mayRead ? read(at: moment, &state) : nil) { return .wait(reading) }
            return .fail
        }
        let isKnown = current.algorithm(of: id) != nil
        let isOld = state.readAt.map { moment - $0 >= pace.maxAge } ?? true
        if state.reading == nil {
            if isOld, state.triedAt.map({ moment - $0 >= pace.pause }) ?? true {
                _ = read(at: moment, &state)
            } else if !isKnown, state.askedAt.map({ moment - $0 >= pace.pause }) ?? true {
                // The first token of a new key is good at once; whoever invents key ids makes us read once a pause.
                state.askedAt = moment
                _ = read(at: moment, &state)
            }
        }
        // A token of a known key does not wait for a set that has only become old.
        if !isKnown, let reading = state.reading { return .wait(reading) }
        return .use(current)
    }

    private func read(at moment: ContinuousClock.Instant, _ state: inout State) -> Task<KeySet?, Never> {
        state.triedAt = moment
        // Not the request's: whoever asked first may go, and others wait for the same reading.
        let reading = Task.detached { await self.readNow(at: moment) }
        state.reading = reading
        return reading
    }

    private func readNow(at moment: ContinuousClock.Instant) async -> KeySet? {
        do {
            let set = try await KeySet(document: try await document.load())
            return state.withLock { state in
                state.reading = nil
                state.readAt = moment
                // The same document is the same set, so that tokens which were checked with it stay checked.
                if state.current?.digest != set.digest { state.current = set }
                return state.current
            }
        } catch {
            logger.warning(
                "token keys could not be read; the last ones stay",
                metadata: ["error": .string(ErrorNaming.safe(error))])
            return state.withLock { state in
                state.reading = nil
                return state.current
            }
        }
    }
}
