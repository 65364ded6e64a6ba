import Foundation
import Logging
import Metrics

/// Sends by all channels that are set up, and looks after attempts that nobody ended.
package struct SendingEngine: Sendable {
    private let pumps: [ChannelPump]
    private let store: any SendingStore
    private let interval: Duration
    private let now: @Sendable () -> Date

    /// Joins the pumps of the channels.
    ///
    /// - Parameter interval: how often lost attempts are looked for.
    package init(
        pumps: [ChannelPump], store: any SendingStore, interval: Duration = .seconds(5),
        now: @escaping @Sendable () -> Date
    ) {
        self.pumps = pumps
        self.store = store
        self.interval = interval
        self.now = now
    }

    /// Works until the task is cancelled.
    ///
    /// - Throws: what the store throws; to be begun again.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for pump in pumps { group.addTask { try await pump.run() } }
            group.addTask { try await self.look() }
            try await group.waitForAll()
        }
    }

    private func look() async throws {
        while !Task.isCancelled {
            _ = try await store.sweep(at: now())
            _ = try await store.skipUnserved(except: pumps.map(\.kind), at: now())
            for waiting in try await store.backlog(at: now()) {
                let dimensions = [("channel", waiting.channel), ("lane", String(waiting.lane))]
                Gauge(label: "sendings_due", dimensions: dimensions).record(waiting.due)
                Gauge(label: "sendings_oldest_seconds", dimensions: dimensions).record(waiting.oldest)
            }
            try await Task.sleep(for: interval)
        }
    }
}
