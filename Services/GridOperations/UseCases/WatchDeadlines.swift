import Foundation
import Models

/// Where clocks are kept.
package protocol DeadlineStore: Sendable {
    /// Acts on clocks that have come to a level: each gets what is due at a moment, once, with its events.
    ///
    /// - Parameters:
    ///   - limit: of how many clocks at most; the longest due first.
    ///   - faulty: clocks to pass over.
    /// - Returns: of how many.
    /// - Throws: `FaultyClocks` when it would fail again; nothing was done then.
    func act(at moment: Date, limit: Int, except faulty: Set<ClockKey>) async throws -> Int

    /// When the next clock comes to a level; nil when none does.
    func nextActionAt() async throws -> Date?
}

/// Clocks among which one cannot be acted on, however often it is tried: a stored value that nobody understands, or a
/// deadline that was acted on before.
package struct FaultyClocks: Error, Sendable {
    /// The clocks that were tried together.
    package let clocks: [ClockKey]
    /// Which fault, without values.
    package let code: String

    package init(clocks: [ClockKey], code: String) {
        self.clocks = clocks
        self.code = code
    }
}

/// Reminds and escalates when the time of incidents is nearly over or over.
///
/// Whatever is due is acted on, however much it is and however long nobody watched; a clock that cannot be acted on keeps
/// no other waiting. Any number of replicas may watch.
package struct WatchDeadlines: Sendable {
    private let store: any DeadlineStore
    private let now: @Sendable () -> Date
    private let batch: Int
    private let pauseMax: Duration
    private let noteLag: @Sendable (Double) -> Void

    /// Watches over a store with a clock.
    ///
    /// - Parameters:
    ///   - batch: of how many clocks a transaction takes care.
    ///   - pauseMax: how long it does not look at most; a clock that another replica starts may be due sooner than all
    ///     that are known.
    ///   - noteLag: told after each look by how many seconds the longest due clock is late that nobody has acted on; 0
    ///     when none is.
    package init(
        store: any DeadlineStore, now: @escaping @Sendable () -> Date, batch: Int = 500,
        pauseMax: Duration = .seconds(5), noteLag: @escaping @Sendable (Double) -> Void = { _ in }
    ) {
        self.noteLag = noteLag
        self.store = store
        self.now = now
        self.batch = batch
        self.pauseMax = pauseMax
    }

    /// Watches until the task is cancelled.
    package func run() async throws {
        while true {
            try await look()
            try await Task.sleep(for: pause(until: try await store.nextActionAt(), from: now()))
        }
    }

    /// Says how late it is, and acts on everything that is due now.
    package func look() async throws {
        let next = try await store.nextActionAt()
        noteLag(next.map { max(0, now().timeIntervalSince($0)) } ?? 0)
        try await actOnAll()
    }

    /// Acts on everything that is due now.
    ///
    /// - Returns: on how many clocks.
    /// - Throws: `FaultyClocks` when all others are done, so that whoever runs it says so and tries again.
    @discardableResult
    package func actOnAll() async throws -> Int {
        var count = 0
        var faulty: Set<ClockKey> = []
        var fault: FaultyClocks?
        while true {
            do {
                let acted = try await act(batch, except: faulty)
                count += acted
                if acted < batch { break }
            } catch let found as FaultyClocks {
                // One by one, past those that fail.
                for _ in found.clocks {
                    do {
                        count += try await act(1, except: faulty)
                    } catch let single as FaultyClocks {
                        faulty.formUnion(single.clocks)
                        fault = single
                    }
                }
            }
        }
        if let fault { throw fault }
        return count
    }

    private func act(_ limit: Int, except faulty: Set<ClockKey>) async throws -> Int {
        try Task.checkCancellation()
        // To the millisecond, as times are kept: a due time is never a fraction later than the moment that finds it.
        return try await store.act(at: now().wholeMilliseconds, limit: limit, except: faulty)
    }

    /// How long to wait for the next due time: no longer than `pauseMax`, and never nothing, since what is due and was
    /// passed over is in the hands of another.
    package func pause(until next: Date?, from moment: Date) -> Duration {
        guard let next else { return pauseMax }
        return max(.milliseconds(20), min(pauseMax, .seconds(next.timeIntervalSince(moment))))
    }
}
