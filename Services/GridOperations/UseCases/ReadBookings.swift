import Foundation
import Models

/// Which bookings a list shall show.
package struct BookingFilter: Sendable, Hashable {
    /// The room; nil for all.
    package var room: RoomID?
    /// The state; nil for all.
    package var state: BookingState?

    /// Gathers the conditions.
    package init(room: RoomID? = nil, state: BookingState? = nil) {
        self.room = room
        self.state = state
    }
}

/// A calendar: what it is of, and its bookings.
package struct BookingCalendar: Sendable {
    /// One entry.
    package struct Entry: Sendable, Hashable {
        /// The booking.
        package let booking: Booking
        /// The name of the room.
        package let roomName: String

        /// Gathers both.
        package init(booking: Booking, roomName: String) {
            self.booking = booking
            self.roomName = roomName
        }
    }

    /// Its name; nil for a person's own.
    package let name: String?
    /// The entries, in the order in which they were asked for.
    package let entries: [Entry]

    /// Gathers both.
    package init(name: String?, entries: [Entry]) {
        self.name = name
        self.entries = entries
    }
}

/// Where bookings are read.
///
/// Of a scope, which is that of communities or of the applicant himself: what lies outside is as if it did not exist.
package protocol BookingReading: Sendable {
    /// A booking, its contact masked.
    func find(_ id: BookingID, scope: ScopeFilter) async throws -> ShownBooking?

    /// Bookings, the newest request first, contacts masked.
    func list(
        _ filter: BookingFilter, scope: ScopeFilter, before: BookingID?, limit: Int
    ) async throws -> [ShownBooking]

    /// The bookings of a room whose times overlap a window, but for those that wait; nil when there is no such room.
    func calendar(
        of room: RoomID, scope: ScopeFilter, onlyOpen: Bool, in window: Range<Date>
    ) async throws -> BookingCalendar?

    /// A person's own bookings whose times overlap a window.
    func calendar(ofApplicant subject: String, in window: Range<Date>) async throws -> BookingCalendar
}

/// Reads bookings.
package struct ReadBookings: Sendable {
    private let store: any BookingReading
    private let now: @Sendable () -> Date

    /// Reads from a store, with a clock for what calendars show.
    package init(store: any BookingReading, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// A booking.
    package func one(_ id: BookingID, scope: ScopeFilter) async throws -> ShownBooking {
        guard let booking = try await store.find(id, scope: scope) else { throw BookingNotFound() }
        return booking
    }

    /// Bookings, the newest request first.
    package func list(
        _ filter: BookingFilter, scope: ScopeFilter, before: BookingID?, limit: Int
    ) async throws -> [ShownBooking] {
        try await store.list(filter, scope: scope, before: before, limit: limit)
    }

    /// The calendar of a room.
    ///
    /// - Parameter onlyOpen: whether the room must be one that residents may book.
    package func calendar(of room: RoomID, scope: ScopeFilter, onlyOpen: Bool) async throws -> BookingCalendar {
        let calendar = try await store.calendar(of: room, scope: scope, onlyOpen: onlyOpen, in: window)
        guard let calendar else { throw VenueNotFound(.room) }
        return calendar
    }

    /// The calendar of a person's own bookings.
    package func calendar(ofApplicant subject: String) async throws -> BookingCalendar {
        try await store.calendar(ofApplicant: subject, in: window)
    }

    /// A month back, and as far ahead as rooms can be booked; by whole days, so that a feed changes once a day at most
    /// because of the clock.
    private var window: Range<Date> {
        let day: TimeInterval = 86_400
        let today = (now().timeIntervalSince1970 / day).rounded(.down) * day
        let ahead = TimeInterval(BookingDraft.daysAheadMax + 1) * day
        return Date(timeIntervalSince1970: today - 30 * day)..<Date(timeIntervalSince1970: today + ahead)
    }
}

/// Shows the contact of one booking in full, to call that person.
package struct UnmaskBookingContact: Sendable {
    private let contacts: any BookingContacts

    /// Makes the use case over what reads contacts.
    package init(contacts: any BookingContacts) { self.contacts = contacts }

    /// Shows the contact, written down before it is shown.
    ///
    /// - Returns: nil when there is no such booking with a contact in the scope.
    package func callAsFunction(
        _ booking: BookingID, _ order: UnmaskOrder, scope: ScopeFilter
    ) async throws -> UnmaskedPerson? {
        try await contacts.unmask(booking, order, scope: scope)
    }
}

/// Reads the contacts of bookings one by one.
package protocol BookingContacts: Sendable {
    /// Reads the contact of one booking in full.
    ///
    /// - Throws: `UnmaskLimitReached`.
    func unmask(_ booking: BookingID, _ order: UnmaskOrder, scope: ScopeFilter) async throws -> UnmaskedPerson?
}
