import Models
import Postgres
import ServiceKit

/// Counts the report of stations and venues in one statement, so that all figures are seen at one moment.
package struct PostgresVenueReportStore: VenueReportStore {
    private let executor: any PostgresExecutor

    /// Reads with a pool, a connection or a transaction.
    package init(executor: any PostgresExecutor) { self.executor = executor }

    package func counts(scope: ScopeFilter) async throws -> VenueCounts {
        var counts = VenueCounts()
        var kinds: [(code: String, name: String?, kinds: Set<RoomKind>)] = []
        for row in try await executor.query(Self.statement(scope)).rows {
            let key = try row.decodeIfPresent("key", as: String.self)
            let count: Int = try row.decode("count")
            switch try row.decode("part", as: String.self) {
            case "station": counts.stations = count
            case "neighbourPoint": counts.neighbourPoints = count
            case "since": counts.since = count
            case "tenure": counts.tenures[key.flatMap { Tenure(rawValue: $0) }, default: 0] += count
            case "provisionWay": counts.provisionWays[key.flatMap { ProvisionWay(rawValue: $0) }, default: 0] += count
            case "booking":
                guard let state = key.flatMap({ BookingState(rawValue: $0) }) else { continue }
                counts.bookings[state] = count
            default:
                let present = try row.decode("kinds", as: [String].self).compactMap { RoomKind(rawValue: $0) }
                kinds.append((key ?? "", try row.decodeIfPresent("name"), Set(present)))
            }
        }
        counts.communities = kinds.map { VenueCounts.Community(code: $0.code, name: $0.name, kinds: $0.kinds) }
        return counts
    }

    /// Definitions of version 1 of the formulas.
    ///
    /// A station counts from its opening until it is closed, also while it is upgraded. A venue is looked for in every
    /// urban community, and in every other community that has a room in use. A booking counts whatever became of it.
    private static func statement(_ scope: ScopeFilter) -> PostgresStatement {
        """
        with stations as (
            select kind, opened_year from gateway.stations
            where state in ('open', 'upgrading') and \(scope: scope, on: "division_code")
        ), rooms as (
            select division_code, kind, tenure from gateway.rooms
            where is_in_use and \(scope: scope, on: "division_code")
        ), communities as (
            select code from gateway.divisions
            where kind in ('urbanCommunity', 'convertedFromVillage') and \(scope: scope, on: "code")
            union
            select division_code from rooms
        )
        select kind as part, null as key, count(*) as count, null as name, '{}'::text[] as kinds
        from stations group by kind
        union all
        select 'since', null, min(opened_year)::int8, null, '{}' from stations where kind = 'station'
        having min(opened_year) is not null
        union all
        select 'tenure', tenure, count(*), null, '{}' from rooms group by tenure
        union all
        select 'provisionWay', provision_way, count(*), null, '{}' from gateway.facilities
        where \(scope: scope, on: "division_code") group by provision_way
        union all
        select 'booking', state, count(*), null, '{}' from gateway.bookings
        where \(scope: scope, on: "division_code") group by state
        union all
        select 'community', c.code, 0, d.name,
            array(select distinct r.kind from rooms r where r.division_code = c.code order by 1)
        from communities c left join gateway.divisions d on d.code = c.code
        order by 1, 2
        """
    }
}
