import Foundation
import Models

/// There is no such booking in the scope.
package struct BookingNotFound: Error, Sendable, Hashable {
    package init() {}
}

/// What an applicant is told once and for all: the same at every repetition of the request.
///
/// It holds no text.
package struct BookingReceipt: Codable, Sendable, Hashable {
    /// Which booking.
    package let id: BookingID
    /// The room.
    package let roomID: RoomID
    /// From when.
    package let from: Date
    /// Until when.
    package let to: Date
    /// Approved, to be approved, or on the waiting list.
    package let state: BookingState
    /// The version.
    package let version: Int

    /// The receipt of a booking.
    package init(_ booking: Booking) {
        id = booking.id
        roomID = booking.roomID
        from = booking.time.lowerBound
        to = booking.time.upperBound
        state = booking.state
        version = booking.version
    }
}

/// Where bookings are kept.
package protocol BookingStore: Sendable {
    /// Locks the room, lets `RoomDesk` decide, and writes the booking with its events, once for a key.
    ///
    /// - Parameter scope: where the room must lie.
    /// - Returns: the receipt of this booking, or the stored one of the first request with the same key and body.
    /// - Throws: `VenueNotFound`, `RowFaults`, `BookingRefusal`; a problem when the key was used otherwise.
    func book(
        _ request: BookingRequest, from applicant: Applicant, scope: ScopeFilter, key: IdempotencyKey, at moment: Date
    ) async throws -> BookingReceipt

    /// Locks the room and the booking, lets `decide` change it, and writes the change; in the same transaction whoever
    /// waits for the time that becomes free moves up, and a cancellation by the community gets an alternative.
    ///
    /// - Throws: `BookingNotFound`, also for one outside the scope; what `decide` throws.
    func change(
        _ id: BookingID, scope: ScopeFilter, at moment: Date,
        _ decide: @escaping @Sendable (Booking) throws -> BookingChange
    ) async throws -> Booking
}

/// Books rooms.
package struct BookRoom: Sendable {
    private let store: any BookingStore
    private let now: @Sendable () -> Date

    /// Writes to a store, with a clock.
    package init(store: any BookingStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Takes a request.
    ///
    /// - Throws: `VenueNotFound`, `RowFaults`, `BookingRefusal`, or a problem of the key.
    package func callAsFunction(
        _ draft: BookingDraft, from applicant: Applicant, key: IdempotencyKey, scope: ScopeFilter
    ) async throws -> BookingReceipt {
        let moment = now()
        let request = try draft.checked(at: moment)
        return try await store.book(request, from: applicant, scope: scope, key: key, at: moment)
    }
}

/// Carries out orders on bookings.
package struct HandleBooking: Sendable {
    private let store: any BookingStore
    private let now: @Sendable () -> Date

    /// Changes bookings of a store, with a clock.
    package init(store: any BookingStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Carries out an order.
    ///
    /// - Throws: `BookingNotFound`, `VersionMismatch`, `BookingRefusal`.
    package func callAsFunction(
        _ command: BookingCommand, on id: BookingID, ifVersion version: Int?, scope: ScopeFilter
    ) async throws -> Booking {
        let moment = now()
        return try await store.change(id, scope: scope, at: moment) { booking in
            if let version, version != booking.version { throw VersionMismatch() }
            return try booking.carryingOut(command, at: moment)
        }
    }
}
