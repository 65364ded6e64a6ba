import Foundation
import Models
import Postgres
import ServiceKit

/// Rooms as rows of `grid.rooms`, both ways.
enum RoomColumns {
    /// The columns of a room for a select list over `grid.rooms r left join grid.facilities f`.
    static let list = """
        r.id, r.division_code, r.facility_id, f.tenure as facility_tenure, r.kind, r.name, r.area_square_metres, r.tenure,
        r.capacity, r.open_to, r.is_bookable, r.is_in_use, r.opening_hours::text as opening_hours, r.version
        """

    /// Writes a room, new or changed.
    static func upsert(_ room: Room) throws -> PostgresStatement {
        let stated = room.stated
        let hours = String(decoding: try JSONEncoder().encode(room.hours), as: UTF8.self)
        return """
            insert into grid.rooms (
                id, division_code, facility_id, kind, name, area_square_metres, tenure, capacity, open_to, is_bookable,
                is_in_use, opening_hours, version)
            values (
                \(room.id.rawValue), \(stated.divisionCode.digits), \(room.facilityID?.rawValue), \(stated.kind.rawValue),
                \(stated.name), \(stated.areaSquareMetres.map(Int32.init)), \(stated.tenure?.rawValue),
                \(stated.capacity.map(Int32.init)), \(stated.openTo.rawValue), \(room.isBookable), \(room.isInUse),
                \(PostgresValue.json(hours)), \(Int32(room.version)))
            on conflict (id) do update set facility_id = excluded.facility_id, kind = excluded.kind,
                name = excluded.name, area_square_metres = excluded.area_square_metres, tenure = excluded.tenure,
                capacity = excluded.capacity, open_to = excluded.open_to, is_bookable = excluded.is_bookable,
                is_in_use = excluded.is_in_use, opening_hours = excluded.opening_hours, version = excluded.version,
                updated_at = now()
            """
    }
}

extension Room {
    /// Reads a row of `grid.rooms` with the tenure of its facility.
    init(_ row: PostgresRow) throws {
        let hours = try row.decode("opening_hours", as: String.self)
        self.init(
            id: try row.identifier("id"),
            stated: StatedRoom(
                divisionCode: try row.divisionCode("division_code"), kind: try row.word("kind"),
                name: try row.decode("name"), areaSquareMetres: try row.decodeIfPresent("area_square_metres"),
                tenure: try row.wordIfPresent("tenure"), capacity: try row.decodeIfPresent("capacity"),
                openTo: try row.word("open_to")),
            facilityID: try row.identifierIfPresent("facility_id"),
            facilityTenure: try row.wordIfPresent("facility_tenure"), isBookable: try row.decode("is_bookable"),
            isInUse: try row.decode("is_in_use"),
            hours: try JSONDecoder().decode(OpeningHours.self, from: Data(hours.utf8)),
            version: try row.decode("version"))
    }
}
