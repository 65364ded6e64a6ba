import Foundation
import Logging
import Models
import Synchronization

/// Sends by one channel: takes what is due, asks the provider, writes down the answer.
///
/// Some workers take emergencies alone, so that a campaign under way never makes one wait; the others take whatever is
/// most pressing. Safe from any thread.
package final class ChannelPump: Sendable {
    /// How many work at once, and on how much.
    package struct Width: Sendable {
        /// Workers for emergencies alone.
        package var reserved: Int
        /// Workers for everything.
        package var general: Int
        /// How many messages a worker hands over at once.
        package var batch: Int
        /// How long a worker rests when nothing is due.
        package var rest: Duration

        /// Gathers it.
        package init(reserved: Int = 2, general: Int = 4, batch: Int = 8, rest: Duration = .milliseconds(250)) {
            self.reserved = reserved
            self.general = general
            self.batch = batch
            self.rest = rest
        }
    }

    private let channel: any MessageChannel
    private let store: any SendingStore
    private let width: Width
    private let now: @Sendable () -> Date
    private let jitter: @Sendable () -> Double
    private let logger: Logger
    private let note: @Sendable (SendingFigure) -> Void
    private let breaker: Mutex<CircuitBreaker>

    /// Makes a pump.
    ///
    /// - Parameters:
    ///   - note: takes figures for metrics.
    ///   - jitter: gives `0..<1`.
    package init(
        channel: any MessageChannel, store: any SendingStore, width: Width = Width(),
        breaker: CircuitBreaker = CircuitBreaker(), logger: Logger,
        note: @escaping @Sendable (SendingFigure) -> Void = { _ in }, now: @escaping @Sendable () -> Date,
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.channel = channel
        self.store = store
        self.width = width
        self.breaker = Mutex(breaker)
        self.logger = logger
        self.note = note
        self.now = now
        self.jitter = jitter
    }

    /// The channel.
    package var kind: ChannelCode { channel.kind }

    /// What the channel's circuit stands at.
    package var position: CircuitBreaker.Position {
        let moment = now()
        return breaker.withLock { $0.position(at: moment) }
    }

    /// Works until the task is cancelled; what is being sent then is still brought to its end.
    ///
    /// - Throws: what the store throws; to be begun again.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<width.reserved {
                group.addTask { try await self.work([.emergency]) }
            }
            for _ in 0..<width.general {
                group.addTask { try await self.work(SendingLane.allCases) }
            }
            try await group.waitForAll()
        }
    }

    private func work(_ lanes: [SendingLane]) async throws {
        while !Task.isCancelled {
            let looked = try await step(lanes)
            if looked == 0 { try await Task.sleep(for: width.rest * (0.5 + jitter())) }
        }
    }

    /// Takes what is due once and sends it.
    ///
    /// - Returns: how many rows were looked at; with 0 there is nothing to do for now.
    package func step(_ lanes: [SendingLane] = SendingLane.allCases) async throws -> Int {
        let moment = now()
        let admitted = breaker.withLock { $0.admit(width.batch, at: moment) }
        guard admitted > 0 else {
            if lanes.contains(.emergency) { _ = try await store.divert(channel.kind, at: moment) }
            return 0
        }
        let claim = SendingClaim(channel: channel.kind, limits: channel.limits, lanes: lanes, limit: admitted)
        let claimed: ClaimedSendings
        do {
            claimed = try await store.claim(claim, at: moment)
        } catch {
            breaker.withLock { $0.giveBack() }
            throw error
        }
        guard !claimed.sendings.isEmpty else {
            breaker.withLock { $0.giveBack() }
            return claimed.looked
        }
        // Not children of the worker: whoever stops it must not cut off an answer that is on its way.
        let attempts = claimed.sendings.map { sending in Task { try await self.send(sending) } }
        var failure: (any Error)?
        for attempt in attempts {
            if case .failure(let error) = await attempt.result { failure = error }
        }
        if let failure { throw failure }
        return claimed.looked
    }

    private func send(_ sending: ClaimedSending) async throws {
        let outcome = await channel.send(sending.message)
        let moment = now()
        learn(from: outcome, at: moment)
        let next = AttemptOutcome(
            outcome, on: channel.kind, lane: sending.lane, attempt: sending.tries, at: moment, jitter: jitter())
        let settled = try await store.settle(
            [SettledAttempt(id: sending.id, attempt: sending.attempt, next: next)], at: moment)
        note(.attempt(channel.kind, outcome: settled == 0 ? "late" : next.word))
    }

    private func learn(from outcome: SendOutcome, at moment: Date) {
        let opened = breaker.withLock { breaker -> Bool in
            switch outcome {
            case .accepted, .refused:
                breaker.noteAnswer()
                return false
            case .failed(_, let after?):
                breaker.rest(until: moment.addingTimeInterval(Double(after.components.seconds)), at: moment)
                return false
            case .failed, .unknown:
                return breaker.noteFailure(at: moment)
            }
        }
        guard opened else { return }
        note(.circuitOpened(channel.kind))
        logger.warning(
            "channel fails again and again and rests for a while; look at its provider and settings",
            metadata: ["channel": "\(channel.kind.rawValue)"])
    }
}
