import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

// What is stated of stations, facilities and rooms for readers that came late.

extension PageAnnouncer<StationStated> {
    /// States every station, in the order of ids.
    package static func stations(now: @escaping @Sendable () -> Date) -> Self {
        Self(now: now) { cursor, limit in
            """
            select \(unescaped: PostgresStationStore.columns) from grid.stations
            where id > \(UUID(behind: cursor)) order by id limit \(limit) for update
            """
        } stated: {
            StationStated(station: try Station($0).facts)
        }
    }
}

extension PageAnnouncer<FacilityStated> {
    /// States every facility, in the order of ids.
    package static func facilities(now: @escaping @Sendable () -> Date) -> Self {
        Self(now: now) { cursor, limit in
            """
            select \(unescaped: PostgresFacilityStore.columns) from grid.facilities
            where id > \(UUID(behind: cursor)) order by id limit \(limit) for update
            """
        } stated: {
            FacilityStated(facility: try Facility($0).facts)
        }
    }
}

extension PageAnnouncer<RoomStated> {
    /// States every room, in the order of ids.
    package static func rooms(now: @escaping @Sendable () -> Date) -> Self {
        Self(now: now) { cursor, limit in
            """
            select \(unescaped: RoomColumns.list)
            from grid.rooms r left join grid.facilities f on f.id = r.facility_id
            where r.id > \(UUID(behind: cursor)) order by r.id limit \(limit) for update of r
            """
        } stated: {
            RoomStated(room: try Room($0).facts)
        }
    }
}
