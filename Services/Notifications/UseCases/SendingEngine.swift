import Foundation

/// Sends by all channels that are set up, and looks after attempts that nobody ended.
package struct SendingEngine: Sendable {
    private let pumps: [ChannelPump]
    private let store: any SendingStore
    private let interval: Duration
    private let note: @Sendable (SendingFigure) -> Void
    private let now: @Sendable () -> Date

    /// Joins the pumps of the channels.
    ///
    /// - Parameters:
    ///   - interval: how often lost attempts are looked for.
    ///   - note: takes figures for metrics.
    package init(
        pumps: [ChannelPump], store: any SendingStore, interval: Duration = .seconds(5),
        note: @escaping @Sendable (SendingFigure) -> Void = { _ in }, now: @escaping @Sendable () -> Date
    ) {
        self.pumps = pumps
        self.store = store
        self.interval = interval
        self.note = note
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
            note(.backlog(try await store.backlog(at: now())))
            try await Task.sleep(for: interval)
        }
    }
}
