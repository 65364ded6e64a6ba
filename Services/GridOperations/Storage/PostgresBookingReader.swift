import Foundation
import Models
import Postgres
import ServiceKit

/// Reads bookings in PostgreSQL; contacts leave it masked, and that they were shown is written down.
package struct PostgresBookingReader: BookingReading {
    private let pool: PostgresPool
    private let audit: AuditTrail
    private let contacts: ContactSealer

    /// Reads from a pool.
    package init(pool: PostgresPool, audit: AuditTrail, cipher: any FieldCipher) {
        self.pool = pool
        self.audit = audit
        contacts = .bookings(cipher)
    }

    private static let shown = "\(BookingColumns.list), b.contact_name_encrypted, b.contact_mobile_encrypted"
    /// Entries of a calendar.
    private static let entriesMax = 2000

    package func find(_ id: BookingID, scope: ScopeFilter) async throws -> ShownBooking? {
        let booking = try await pool.query(
            """
            select \(unescaped: Self.shown) from grid.bookings b
            where b.id = \(id.rawValue) and \(bookingsOf: scope)
            """
        ).rows.first.map(shown)
        guard let booking else { return nil }
        try await audit.recordRead(
            of: "booking-applicant", id: id.description, within: booking.booking.divisionCode.digits, count: 1,
            with: pool)
        return booking
    }

    package func list(
        _ filter: BookingFilter, scope: ScopeFilter, before: BookingID?, limit: Int
    ) async throws -> [ShownBooking] {
        let bookings = try await pool.query(
            """
            select \(unescaped: Self.shown) from grid.bookings b
            where b.id < \(before?.rawValue ?? .afterAll)
              and (\(filter.room?.rawValue)::uuid is null or b.room_id = \(filter.room?.rawValue))
              and (\(filter.state?.rawValue)::text is null or b.state = \(filter.state?.rawValue))
              and \(bookingsOf: scope)
            order by b.id desc limit \(limit)
            """
        ).rows.map(shown)
        if !bookings.isEmpty {
            try await audit.recordRead(
                of: "booking-applicant", id: nil, within: scope.prefixes.first, count: bookings.count, with: pool)
        }
        return bookings
    }

    private func shown(_ row: PostgresRow) throws -> ShownBooking {
        ShownBooking(
            booking: try Booking(row),
            maskedName: try row.decodeIfPresent("contact_name_encrypted", as: [UInt8].self).map {
                try contacts.openName($0).masked
            },
            maskedMobile: try row.decodeIfPresent("contact_mobile_encrypted", as: [UInt8].self).map {
                Masking.mobile(try contacts.openMobile($0))
            })
    }

    // MARK: - Calendars

    package func calendar(
        of room: RoomID, scope: ScopeFilter, onlyOpen: Bool, in window: Range<Date>
    ) async throws -> BookingCalendar? {
        // When a room is taken is told to everybody who may book it; of the bookings nothing else is shown.
        try await RowScope.service {
            let results = try await pool.pipeline([
                """
                select r.name from grid.rooms r
                where r.id = \(room.rawValue) and \(scope: scope, on: "r.division_code")
                  and (not \(onlyOpen) or (r.is_bookable and r.is_in_use and r.open_to = 'resident'))
                """,
                """
                select \(unescaped: BookingColumns.list), r.name as room_name
                from grid.bookings b join grid.rooms r on r.id = b.room_id
                where b.room_id = \(room.rawValue) and b.state <> 'waiting'
                  and b.during && tstzrange(\(window.lowerBound), \(window.upperBound))
                order by b.id limit \(Self.entriesMax)
                """,
            ])
            guard let name = try results[0].rows.first?.decode("name", as: String.self) else { return nil }
            return BookingCalendar(name: name, entries: try results[1].rows.map(Self.entry))
        }
    }

    package func calendar(ofApplicant subject: String, in window: Range<Date>) async throws -> BookingCalendar {
        let rows = try await pool.query(
            """
            select \(unescaped: BookingColumns.list), r.name as room_name
            from grid.bookings b join grid.rooms r on r.id = b.room_id
            where b.applicant = \(subject) and b.during && tstzrange(\(window.lowerBound), \(window.upperBound))
            order by b.id limit \(Self.entriesMax)
            """
        ).rows
        return BookingCalendar(name: nil, entries: try rows.map(Self.entry))
    }

    private static func entry(_ row: PostgresRow) throws -> BookingCalendar.Entry {
        BookingCalendar.Entry(booking: try Booking(row), roomName: try row.decode("room_name"))
    }
}

extension PostgresBookingReader: LapsingBookings {
    package func lapsing(at moment: Date, limit: Int) async throws -> [BookingID] {
        try await pool.query(
            """
            select id from grid.bookings
            where state in ('requested', 'waiting', 'inUse')
              and (case state when 'inUse' then upper(during) else lower(during) end) <= \(moment)
            order by (case state when 'inUse' then upper(during) else lower(during) end) limit \(limit)
            """
        ).rows.map { try $0.identifier("id") }
    }
}

/// Reads the contacts of bookings one by one in PostgreSQL.
package struct PostgresBookingContacts: BookingContacts {
    private let ledger: UnmaskLedger
    private let contacts: ContactSealer

    /// Makes it over the unmask ledger of the database and the cipher of personal fields.
    package init(ledger: UnmaskLedger, cipher: any FieldCipher) {
        self.ledger = ledger
        contacts = .bookings(cipher)
    }

    package func unmask(
        _ booking: BookingID, _ order: UnmaskOrder, scope: ScopeFilter
    ) async throws -> UnmaskedPerson? {
        try await ledger.unmask(
            UnmaskLedger.Object("booking", id: booking.description), order,
            reading: """
                select contact_name_encrypted, contact_mobile_encrypted, division_code from grid.bookings
                where id = \(booking.rawValue) and contact_name_encrypted is not null
                  and \(scope: scope, on: "division_code")
                """
        ) { [contacts] row in
            UnmaskedPerson(
                name: Personal(try contacts.openName(row.decode("contact_name_encrypted"))),
                mobile: try row.decodeIfPresent("contact_mobile_encrypted", as: [UInt8].self).map {
                    Personal(try contacts.openMobile($0))
                })
        }
    }
}
