import Foundation
import Models
import Postgres
import ServiceKit

/// Finds another time or room for a booking that cannot have its own.
enum AlternativeQuery {
    /// Rooms that are looked into.
    private static let roomsMax = 30

    /// The nearest free time in a room of the same kind: of the community first, then of its town, then of the county.
    ///
    /// It reads without locks: what is offered is free at this moment, and held for nobody.
    ///
    /// - Parameter time: the time that cannot be had in `room` itself.
    static func nearest(
        to time: Range<Date>, headcount: Int, in room: Room, at moment: Date, with transaction: PostgresTransaction
    ) async throws -> Booking.Alternative? {
        let search = AlternativeSearch(around: time, at: moment)
        let rooms = try await transaction.query(candidates(like: room, headcount: headcount)).rows.map(Room.init)
        let taken = try await transaction.query(
            """
            select room_id, lower(during) as starts_at, upper(during) as ends_at from grid.bookings
            where room_id in (select unnest(\(PostgresValue.uuidArray(rooms.map(\.id.rawValue)))::uuid[]))
              and state in ('requested', 'approved', 'inUse')
              and during && tstzrange(\(search.window.lowerBound), \(search.window.upperBound))
            """
        ).rows.map { row in
            let starts: Date = try row.decode("starts_at")
            return (room: try row.identifier("room_id", as: RoomID.self), time: starts..<(try row.decode("ends_at")))
        }
        let byRoom = Dictionary(grouping: taken, by: \.room).mapValues { $0.map(\.time) }
        return search.nearest(
            in: rooms.map { candidate in
                let own = candidate.id == room.id ? [time] : []
                return AlternativeSearch.Candidate(room: candidate, taken: byRoom[candidate.id, default: []] + own)
            })
    }

    private static func candidates(like room: Room, headcount: Int) -> PostgresStatement {
        let division = room.stated.divisionCode.digits
        let county = CodeRange(prefix: String(division.prefix(6)))
        let town = CodeRange(prefix: String(division.prefix(9)))
        return """
            select \(unescaped: RoomColumns.list)
            from grid.rooms r left join grid.facilities f on f.id = r.facility_id
            where r.kind = \(room.stated.kind.rawValue) and r.is_bookable and r.is_in_use
              and r.open_to = \(room.stated.openTo.rawValue)
              and (r.capacity is null or r.capacity >= \(Int32(headcount)))
              and r.division_code >= \(county.lowerBound) and r.division_code < \(county.upperBound)
            order by r.id = \(room.id.rawValue) desc, r.division_code = \(division) desc,
                r.division_code >= \(town.lowerBound) and r.division_code < \(town.upperBound) desc, r.division_code, r.id
            limit \(roomsMax)
            """
    }
}
