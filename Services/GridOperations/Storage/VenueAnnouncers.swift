import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// States every station for readers that came late, in the order of ids.
package struct StationAnnouncer: Announcer {
    package let topics = [Topic.station]
    private let now: @Sendable () -> Date

    /// Takes the time of the statements from a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let start = cursor.flatMap { StationID($0) }?.rawValue ?? .beforeAll
        let stations = try await transaction.query(
            """
            select \(unescaped: PostgresStationStore.columns) from grid.stations
            where id > \(start) order by id limit \(limit) for update
            """
        ).rows.map(Station.init)
        let moment = now()
        let events = try stations.map { try OutgoingEvent(StationStated(station: $0.facts), occurredAt: moment) }
        return (events, stations.count < limit ? nil : stations.last?.id.description)
    }
}

/// States every facility for readers that came late, in the order of ids.
package struct FacilityAnnouncer: Announcer {
    package let topics = [Topic.facility]
    private let now: @Sendable () -> Date

    /// Takes the time of the statements from a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let start = cursor.flatMap { FacilityID($0) }?.rawValue ?? .beforeAll
        let facilities = try await transaction.query(
            """
            select \(unescaped: PostgresFacilityStore.columns) from grid.facilities
            where id > \(start) order by id limit \(limit) for update
            """
        ).rows.map(Facility.init)
        let moment = now()
        let events = try facilities.map { try OutgoingEvent(FacilityStated(facility: $0.facts), occurredAt: moment) }
        return (events, facilities.count < limit ? nil : facilities.last?.id.description)
    }
}

/// States every room for readers that came late, in the order of ids.
package struct RoomAnnouncer: Announcer {
    package let topics = [Topic.room]
    private let now: @Sendable () -> Date

    /// Takes the time of the statements from a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let start = cursor.flatMap { RoomID($0) }?.rawValue ?? .beforeAll
        let rooms = try await transaction.query(
            """
            select \(unescaped: RoomColumns.list)
            from grid.rooms r left join grid.facilities f on f.id = r.facility_id
            where r.id > \(start) order by r.id limit \(limit) for update of r
            """
        ).rows.map(Room.init)
        let moment = now()
        let events = try rooms.map { try OutgoingEvent(RoomStated(room: $0.facts), occurredAt: moment) }
        return (events, rooms.count < limit ? nil : rooms.last?.id.description)
    }
}
