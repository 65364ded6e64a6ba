import Foundation
import Models
import Postgres
import ServiceKit

/// Bookings as rows of `grid.bookings`, both ways.
enum BookingColumns {
    /// The columns of a booking for a select list over `grid.bookings b`.
    static let list = """
        b.id, b.room_id, b.division_code, lower(b.during) as starts_at, upper(b.during) as ends_at, b.state, b.purpose,
        b.headcount, b.organisation, b.applicant, b.reason, b.alternative_room_id,
        lower(b.alternative_during) as alternative_starts_at, upper(b.alternative_during) as alternative_ends_at,
        b.requested_at, b.changed_at, b.version
        """

    /// Inserts a booking with its contact, already encrypted.
    static func insertion(_ booking: Booking, name: [UInt8], mobile: [UInt8]?) -> PostgresStatement {
        """
        insert into grid.bookings (
            id, room_id, division_code, during, state, purpose, headcount, organisation, applicant,
            contact_name_encrypted, contact_mobile_encrypted, requested_at, changed_at, version)
        values (
            \(booking.id.rawValue), \(booking.roomID.rawValue), \(booking.divisionCode.digits),
            tstzrange(\(booking.time.lowerBound), \(booking.time.upperBound)), \(booking.state.rawValue),
            \(booking.purpose), \(Int32(booking.headcount)), \(booking.organisation), \(booking.applicant), \(name),
            \(mobile), \(booking.requestedAt), \(booking.changedAt), \(Int32(booking.version)))
        """
    }

    /// Writes what changes in a booking's life.
    static func update(_ booking: Booking) -> PostgresStatement {
        """
        update grid.bookings set state = \(booking.state.rawValue), reason = \(booking.reason),
            alternative_room_id = \(booking.alternative?.roomID.rawValue),
            alternative_during = case when \(booking.alternative?.roomID.rawValue)::uuid is null then null else tstzrange(
                \(booking.alternative?.time.lowerBound)::timestamptz, \(booking.alternative?.time.upperBound)::timestamptz)
                end,
            changed_at = \(booking.changedAt), settled_at = \(booking.state.isEnd ? booking.changedAt : nil)::timestamptz,
            version = \(Int32(booking.version))
        where id = \(booking.id.rawValue)
        """
    }

    /// The bookings of a room that hold a time which overlaps another.
    static func holding(_ room: RoomID, _ time: Range<Date>) -> PostgresStatement {
        """
        select \(unescaped: list) from grid.bookings b
        where b.room_id = \(room.rawValue) and b.state in ('requested', 'approved', 'inUse')
          and b.during && tstzrange(\(time.lowerBound), \(time.upperBound))
        """
    }
}

extension Booking {
    /// Reads a row of `grid.bookings`.
    init(_ row: PostgresRow) throws {
        let starts: Date = try row.decode("starts_at")
        let ends: Date = try row.decode("ends_at")
        self.init(
            id: try row.identifier("id"), roomID: try row.identifier("room_id"),
            divisionCode: try row.divisionCode("division_code"), time: starts..<ends,
            purpose: try row.decode("purpose"), headcount: try row.decode("headcount"),
            organisation: try row.decodeIfPresent("organisation"), applicant: try row.decodeIfPresent("applicant"),
            requestedAt: try row.decode("requested_at"), state: try row.word("state"),
            reason: try row.decodeIfPresent("reason"), alternative: try Alternative(row),
            changedAt: try row.decode("changed_at"), version: try row.decode("version"))
    }
}

extension Booking.Alternative {
    /// Reads the alternative in a row of `grid.bookings`; nil when there is none.
    fileprivate init?(_ row: PostgresRow) throws {
        guard let room: RoomID = try row.identifierIfPresent("alternative_room_id"),
            let starts = try row.decodeIfPresent("alternative_starts_at", as: Date.self),
            let ends = try row.decodeIfPresent("alternative_ends_at", as: Date.self)
        else { return nil }
        self.init(roomID: room, time: starts..<ends)
    }
}
