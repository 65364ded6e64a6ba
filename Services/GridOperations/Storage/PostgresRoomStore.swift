import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Rooms in PostgreSQL.
package struct PostgresRoomStore: RoomStore {
    private let pool: PostgresPool
    private let outbox: Outbox

    /// Writes through an outbox and reads from its pool.
    package init(pool: PostgresPool, outbox: Outbox) {
        self.pool = pool
        self.outbox = outbox
    }

    package func register(_ rows: [Numbered<StatedRoom>], at moment: Date) async throws -> [Numbered<RowOutcome>] {
        try await outbox.transaction { transaction in
            transaction.enqueue(BulkLock.rooms.statement)
            let divisions = Set(rows.map(\.content.divisionCode.digits)).sorted()
            let results = try await transaction.pipeline([
                """
                select \(unescaped: RoomColumns.list)
                from unnest(\(rows.map(\.content.divisionCode.digits))::text[], \(rows.map(\.content.name))::text[])
                    as s (division_code, name)
                join grid.rooms r on r.division_code = s.division_code and r.name = s.name
                left join grid.facilities f on f.id = r.facility_id
                order by r.id for update of r
                """,
                "select code from grid.divisions where code in (select unnest(\(divisions)::text[]))",
            ])
            let known = try results[0].rows.map(Room.init)
            let intake = RoomIntake(
                rows, known: Dictionary(known.map { ($0.stated.key, $0) }) { first, _ in first },
                divisions: Set(try results[1].rows.map { try $0.divisionCode("code") }))
            for change in intake.changes { transaction.enqueue(try RoomColumns.upsert(change.room)) }
            return (
                intake.outcomes,
                try intake.changes.compactMap(\.event).map { try OutgoingEvent($0, occurredAt: moment) }
            )
        }
    }

    package func replace(
        _ id: RoomID, with settings: RoomSettings, ifVersion version: Int?, scope: ScopeFilter, at moment: Date
    ) async throws -> Room {
        do {
            return try await outbox.transaction { transaction in
                // The facility first, as where its tenure changes, so that nobody waits in a circle.
                let results = try await transaction.pipeline([
                    """
                    select \(unescaped: PostgresFacilityStore.columns) from grid.facilities
                    where id = \(settings.facilityID?.rawValue) and \(scope: scope, on: "division_code") for share
                    """,
                    """
                    select \(unescaped: RoomColumns.list)
                    from grid.rooms r left join grid.facilities f on f.id = r.facility_id
                    where r.id = \(id.rawValue) and \(scope: scope, on: "r.division_code") for update of r
                    """,
                ])
                guard let row = results[1].rows.first else { throw VenueNotFound(.room) }
                let room = try Room(row)
                if let version, version != room.version { throw VersionMismatch() }
                let tenure = try Self.tenure(of: results[0].rows.first.map(Facility.init), named: settings, by: room)
                let change = try room.applying(settings, facilityTenure: tenure)
                guard let event = change.event else { return (change.room, []) }
                transaction.enqueue(try RoomColumns.upsert(change.room))
                return (change.room, [try OutgoingEvent(event, occurredAt: moment)])
            }
        } catch let error as PostgresError where error.isUniqueViolation && error.constraint == "rooms_name_key" {
            let fault = RowFault(
                field: "name", code: .codeTaken, "该社区已有同名功能室，请更换名称",
                "another room of the community has this name; choose another")
            throw RowFaults([fault])
        }
    }

    /// The tenure of the facility that a room shall lie in, which must be one of the same community.
    private static func tenure(
        of facility: Facility?, named settings: RoomSettings, by room: Room
    ) throws(RowFaults) -> Tenure? {
        guard settings.facilityID != nil else { return nil }
        guard let facility, facility.stated.divisionCode == room.stated.divisionCode else {
            let fault = RowFault(
                field: "facilityID", code: .facilityUnknown, "本社区没有这个场所，请先登记或核对",
                "the community has no such facility; enter it first, or check the id")
            throw RowFaults([fault])
        }
        return facility.stated.tenure
    }

    package func find(_ id: RoomID, scope: ScopeFilter) async throws -> Room? {
        try await pool.query(
            """
            select \(unescaped: RoomColumns.list)
            from grid.rooms r left join grid.facilities f on f.id = r.facility_id
            where r.id = \(id.rawValue) and \(scope: scope, on: "r.division_code")
            """
        ).rows.first.map(Room.init)
    }

    package func list(_ filter: RoomFilter, scope: ScopeFilter, after: RoomID?, limit: Int) async throws -> [Room] {
        let range = CodeRange(prefix: filter.divisionPrefix)
        return try await pool.query(
            """
            select \(unescaped: RoomColumns.list)
            from grid.rooms r left join grid.facilities f on f.id = r.facility_id
            where r.division_code >= \(range.lowerBound) and r.division_code < \(range.upperBound)
              and r.id > \(after?.rawValue ?? .beforeAll)
              and (\(filter.kind?.rawValue)::text is null or r.kind = \(filter.kind?.rawValue))
              and (not \(filter.onlyOpen) or (r.is_bookable and r.is_in_use and r.open_to = 'resident'))
              and \(scope: scope, on: "r.division_code")
            order by r.id limit \(limit)
            """
        ).rows.map(Room.init)
    }
}
