import Foundation
import Models

/// Where bookings are looked for whose time has come.
package protocol LapsingBookings: Sendable {
    /// Bookings of which something becomes by itself at a moment, the longest due first.
    func lapsing(at moment: Date, limit: Int) async throws -> [BookingID]
}

/// Ends bookings whose time has come while nobody did anything: requests that were not answered, places in the queue that
/// did not move up, rooms in use.
///
/// Each is changed in a transaction of its own that holds the room, as every order on it is; any number of replicas may
/// watch, and whoever comes second finds nothing to do.
package struct WatchBookings: Sendable {
    private let bookings: any LapsingBookings
    private let store: any BookingStore
    private let now: @Sendable () -> Date
    private let pause: Duration

    /// Watches over a store with a clock, and looks once a pause.
    package init(
        bookings: any LapsingBookings, store: any BookingStore, now: @escaping @Sendable () -> Date,
        pause: Duration = .seconds(20)
    ) {
        self.bookings = bookings
        self.store = store
        self.now = now
        self.pause = pause
    }

    /// Watches until the task is cancelled.
    package func run() async throws {
        while true {
            try await actOnAll()
            try await Task.sleep(for: pause)
        }
    }

    /// Ends everything that is due now.
    ///
    /// - Returns: how many bookings.
    @discardableResult
    package func actOnAll() async throws -> Int {
        let batch = 100
        var count = 0
        while true {
            let due = try await bookings.lapsing(at: now(), limit: batch)
            for id in due where try await act(on: id) { count += 1 }
            if due.count < batch { return count }
        }
    }

    /// - Returns: false when another was faster.
    private func act(on id: BookingID) async throws -> Bool {
        let moment = now()
        do {
            _ = try await store.change(id, scope: .everything, at: moment) { booking in
                guard let change = booking.lapsing(at: moment) else { throw NothingLapses() }
                return change
            }
            return true
        } catch is NothingLapses {
            return false
        }
    }

    private struct NothingLapses: Error {}
}
