import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Facilities in PostgreSQL.
package struct PostgresFacilityStore: FacilityStore {
    private let pool: PostgresPool
    private let outbox: Outbox

    /// Writes through an outbox and reads from its pool.
    package init(pool: PostgresPool, outbox: Outbox) {
        self.pool = pool
        self.outbox = outbox
    }

    package func add(_ facility: Facility, key: IdempotencyKey, at moment: Date) async throws -> FacilityID {
        do {
            return try await outbox.transaction { transaction in
                try await Idempotency.once(key, in: transaction) {
                    transaction.enqueue(Self.upsert(facility))
                    return (
                        facility.id,
                        [try OutgoingEvent(FacilityRegistered(facility: facility.facts), occurredAt: moment)]
                    )
                }
            }
        } catch let error as PostgresError where error.isForeignKeyViolation {
            throw RowFaults([.divisionUnknown("divisionCode")])
        }
    }

    package func replace(
        _ id: FacilityID, with stated: StatedFacility, ifVersion version: Int?, scope: ScopeFilter, at moment: Date
    ) async throws -> Facility {
        do {
            return try await outbox.transaction { transaction in
                let results = try await transaction.pipeline([
                    """
                    select \(unescaped: Self.columns) from grid.facilities
                    where id = \(id.rawValue) and \(scope: scope, on: "division_code") for update
                    """,
                    """
                    select \(unescaped: RoomColumns.list) from grid.rooms r
                    left join grid.facilities f on f.id = r.facility_id
                    where r.facility_id = \(id.rawValue) and r.tenure is null order by r.id for update of r
                    """,
                ])
                guard let row = results[0].rows.first else { throw VenueNotFound(.facility) }
                var facility = try Facility(row)
                if let version, version != facility.version { throw VersionMismatch() }
                guard facility.stated != stated else { return (facility, []) }
                facility.stated = stated
                facility.version += 1
                transaction.enqueue(Self.upsert(facility))
                let event = try OutgoingEvent(FacilityChanged(facility: facility.facts), occurredAt: moment)
                let rooms = try results[1].rows.map(Room.init)
                return (facility, [event] + (try Self.events(of: rooms, following: facility, at: moment)))
            }
        } catch let error as PostgresError where error.isForeignKeyViolation {
            throw RowFaults([.divisionUnknown("divisionCode")])
        }
    }

    /// What is told of rooms that say nothing of their own tenure.
    private static func events(
        of rooms: [Room], following facility: Facility, at moment: Date
    ) throws -> [OutgoingEvent] {
        try rooms.filter { $0.facilityTenure != facility.stated.tenure }.map { room in
            var after = room
            after.facilityTenure = facility.stated.tenure
            return try OutgoingEvent(RoomChanged(room: after.facts), occurredAt: moment)
        }
    }

    package func find(_ id: FacilityID, scope: ScopeFilter) async throws -> Facility? {
        try await pool.query(
            """
            select \(unescaped: Self.columns) from grid.facilities
            where id = \(id.rawValue) and \(scope: scope, on: "division_code")
            """
        ).rows.first.map(Facility.init)
    }

    package func list(
        divisionPrefix: String, scope: ScopeFilter, after: FacilityID?, limit: Int
    ) async throws -> [Facility] {
        let range = CodeRange(prefix: divisionPrefix)
        return try await pool.query(
            """
            select \(unescaped: Self.columns) from grid.facilities
            where division_code >= \(range.lowerBound) and division_code < \(range.upperBound)
              and id > \(after?.rawValue ?? .beforeAll) and \(scope: scope, on: "division_code")
            order by id limit \(limit)
            """
        ).rows.map(Facility.init)
    }

    /// The columns of a facility for a select list.
    static let columns =
        "id, division_code, address, tenure, provision_way, area_square_metres, built_on, version"

    private static func upsert(_ facility: Facility) -> PostgresStatement {
        let stated = facility.stated
        return """
            insert into grid.facilities (
                id, division_code, address, tenure, provision_way, area_square_metres, built_on, version)
            values (
                \(facility.id.rawValue), \(stated.divisionCode.digits), \(stated.address), \(stated.tenure.rawValue),
                \(stated.provisionWay?.rawValue), \(stated.areaSquareMetres.map(Int32.init)),
                \(stated.builtOn.map { PostgresValue.date($0.description) } ?? .null), \(Int32(facility.version)))
            on conflict (id) do update set division_code = excluded.division_code, address = excluded.address,
                tenure = excluded.tenure, provision_way = excluded.provision_way,
                area_square_metres = excluded.area_square_metres, built_on = excluded.built_on,
                version = excluded.version, updated_at = now()
            """
    }
}

extension Facility {
    /// Reads a row of `grid.facilities`.
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.identifier("id"),
            stated: StatedFacility(
                divisionCode: try row.divisionCode("division_code"), address: try row.decode("address"),
                tenure: try row.word("tenure"), provisionWay: try row.wordIfPresent("provision_way"),
                areaSquareMetres: try row.decodeIfPresent("area_square_metres"),
                builtOn: try row.decodeIfPresent("built_on", as: String.self).flatMap { CalendarDay($0) }),
            version: try row.decode("version"))
    }
}
