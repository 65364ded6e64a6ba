import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Bookings in PostgreSQL: whoever takes or frees a time of a room holds the room's row, so that requests for it follow
/// each other, and the waiting list moves up in the transaction that frees the time.
package struct PostgresBookingStore: BookingStore {
    private let outbox: Outbox
    private let contacts: ContactSealer

    /// Writes through an outbox; contacts are encrypted before they get there.
    package init(outbox: Outbox, cipher: any FieldCipher) {
        self.outbox = outbox
        contacts = .bookings(cipher)
    }

    package func book(
        _ request: BookingRequest, from applicant: Applicant, scope: ScopeFilter, key: IdempotencyKey, at moment: Date
    ) async throws -> BookingReceipt {
        // Who holds the time may be somebody whom the applicant must not see; it must be seen here.
        try await RowScope.service {
            do {
                return try await outbox.transaction { transaction in
                    try await Idempotency.once(key, in: transaction) {
                        try await take(request, from: applicant, scope: scope, at: moment, in: transaction)
                    }
                }
            } catch let error as PostgresError where error.isExclusionViolation {
                throw BookingRefusal.timeTaken(alternative: nil)
            }
        }
    }

    private func take(
        _ request: BookingRequest, from applicant: Applicant, scope: ScopeFilter, at moment: Date,
        in transaction: PostgresTransaction
    ) async throws -> (BookingReceipt, [OutgoingEvent]) {
        guard let room = try await Self.lock(request.roomID, in: transaction), scope.contains(room.stated.divisionCode)
        else { throw VenueNotFound(.room) }
        // A statement of its own, so that it sees what was committed before the room was locked.
        let holding = try await transaction.query(BookingColumns.holding(room.id, request.time)).rows.map(Booking.init)
        let change: BookingChange
        do {
            change = try RoomDesk(room: room, at: moment).take(
                request, id: BookingID(rawValue: .version7(at: moment)), from: applicant, holding: holding)
        } catch BookingRefusal.timeTaken {
            let alternative = try await AlternativeQuery.nearest(
                to: request.time, headcount: request.headcount, in: room, at: moment, with: transaction)
            throw BookingRefusal.timeTaken(alternative: alternative)
        }
        let contact = request.contact
        transaction.enqueue(
            BookingColumns.insertion(
                change.booking, name: try contacts.seal(contact.name.value),
                mobile: try contact.mobile.map { try contacts.seal(mobile: $0.value) }))
        return (BookingReceipt(change.booking), try Self.outgoing([change], at: moment))
    }

    package func change(
        _ id: BookingID, scope: ScopeFilter, at moment: Date,
        _ decide: @escaping @Sendable (Booking) throws -> BookingChange
    ) async throws -> Booking {
        // Who moves up may be somebody whom the caller must not see.
        try await RowScope.service {
            try await outbox.transaction { transaction in
                guard let room = try await Self.lockRoom(of: id, scope: scope, in: transaction) else {
                    throw BookingNotFound()
                }
                let result = try await transaction.query(
                    "select \(unescaped: BookingColumns.list) from grid.bookings b where b.id = \(id.rawValue) for update"
                )
                guard let row = result.rows.first else { throw BookingNotFound() }
                var change = try decide(Booking(row))
                transaction.enqueue(BookingColumns.update(change.booking))
                let movedUp =
                    change.releasesTime
                    ? try await moveUp(in: room, after: change.booking, at: moment, transaction) : []
                if change.booking.state == .cancelledByStation {
                    change = try await offering(change, in: room, at: moment, transaction)
                }
                return (change.booking, try Self.outgoing([change] + movedUp, at: moment))
            }
        }
    }

    /// Lets those who wait for a freed time have it, first come first.
    private func moveUp(
        in room: Room, after freed: Booking, at moment: Date, _ transaction: PostgresTransaction
    ) async throws -> [BookingChange] {
        let waiting = try await transaction.query(
            """
            select \(unescaped: BookingColumns.list) from grid.bookings b
            where b.room_id = \(room.id.rawValue) and b.state = 'waiting'
              and b.during && tstzrange(\(freed.time.lowerBound), \(freed.time.upperBound))
            order by b.number for update
            """
        ).rows.map(Booking.init)
        guard let first = waiting.map(\.time.lowerBound).min(), let last = waiting.map(\.time.upperBound).max() else {
            return []
        }
        let holding = try await transaction.query(BookingColumns.holding(room.id, first..<last)).rows.map(Booking.init)
        let changes = RoomDesk(room: room, at: moment).movedUp(from: waiting, holding: holding)
        for change in changes { transaction.enqueue(BookingColumns.update(change.booking)) }
        return changes
    }

    /// Offers something else to whom the community has cancelled.
    private func offering(
        _ change: BookingChange, in room: Room, at moment: Date, _ transaction: PostgresTransaction
    ) async throws -> BookingChange {
        var booking = change.booking
        booking.alternative = try await AlternativeQuery.nearest(
            to: booking.time, headcount: booking.headcount, in: room, at: moment, with: transaction)
        transaction.enqueue(BookingColumns.update(booking))
        return BookingChange(booking: booking, events: change.events, releasesTime: change.releasesTime)
    }

    // MARK: - Locks

    /// Not against references: an alternative in this room may be written down meanwhile.
    private static func lock(_ room: RoomID, in transaction: PostgresTransaction) async throws -> Room? {
        try await transaction.query(
            """
            select \(unescaped: RoomColumns.list)
            from grid.rooms r left join grid.facilities f on f.id = r.facility_id
            where r.id = \(room.rawValue) for no key update of r
            """
        ).rows.first.map(Room.init)
    }

    /// Locks the room of a booking before the booking itself, as everywhere, so that nobody waits in a circle.
    private static func lockRoom(
        of id: BookingID, scope: ScopeFilter, in transaction: PostgresTransaction
    ) async throws -> Room? {
        let result = try await transaction.query(
            "select b.room_id from grid.bookings b where b.id = \(id.rawValue) and \(bookingsOf: scope)")
        guard let row = result.rows.first else { return nil }
        return try await lock(row.identifier("room_id"), in: transaction)
    }

    private static func outgoing(_ changes: [BookingChange], at moment: Date) throws -> [OutgoingEvent] {
        try changes.flatMap { change in try change.events.map { try OutgoingEvent($0, occurredAt: moment) } }
    }
}

extension ContactSealer {
    /// The sealer of contacts of bookings.
    static func bookings(_ cipher: any FieldCipher) -> ContactSealer {
        ContactSealer(
            cipher: cipher, nameField: "grid.bookings.contact_name", mobileField: "grid.bookings.contact_mobile")
    }
}

extension PostgresStatement.StringInterpolation {
    /// The condition that a booking `b` is in a scope, in brackets: by its community, or because the caller made it.
    mutating func appendInterpolation(bookingsOf scope: ScopeFilter) {
        guard let own = scope.own else { return appendInterpolation(scope: scope, on: "b.division_code") }
        appendLiteral("(")
        appendInterpolation(scope: scope, on: "b.division_code")
        appendLiteral(" or b.applicant = ")
        appendInterpolation(own)
        appendLiteral(")")
    }
}
