import Foundation
import Logging
import Models

/// The kinds of reminders that are sent at a set time.
package enum ReminderKind: String, Sendable, CaseIterable {
    /// It is a service day.
    case serviceDay
}

/// Where reminders are kept.
package protocol ReminderStore: Sendable {
    /// The days that the county has set against the rule.
    func exceptions() async throws -> [CalendarDay: Bool]

    /// Keeps reminders of service days for every area that has a grid worker: each once, whoever plans it again.
    func planServiceDays(_ times: [Date]) async throws

    /// Sends what is due, and marks it as done in the same transaction: each once, through restarts and with several
    /// replicas. What is too late is marked as done and not sent.
    ///
    /// - Returns: how many were done.
    func fire(at moment: Date) async throws -> Int
}

/// Plans reminders ahead, and sends them when they are due.
package struct ReminderClock: Sendable {
    /// How many days ahead are planned, the present one among them.
    package static let horizon = 3
    private let store: any ReminderStore
    private let interval: Duration
    private let now: @Sendable () -> Date

    /// Goes by a clock.
    package init(store: any ReminderStore, interval: Duration = .seconds(30), now: @escaping @Sendable () -> Date) {
        self.store = store
        self.interval = interval
        self.now = now
    }

    /// Plans and sends once.
    ///
    /// - Returns: how many reminders were done.
    @discardableResult package func tick() async throws -> Int {
        let days = ServiceDays(exceptions: try await store.exceptions())
        try await store.planServiceDays(days.reminders(from: now(), days: Self.horizon))
        return try await store.fire(at: now())
    }

    /// Works until the task is cancelled.
    package func run() async throws {
        while !Task.isCancelled {
            try await tick()
            try await Task.sleep(for: interval)
        }
    }
}
