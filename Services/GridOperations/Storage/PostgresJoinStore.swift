import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Joins reports of one matter and splits them again, in PostgreSQL.
package struct PostgresJoinStore: JoinStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let audit: AuditTrail
    private let shelf: RulebookShelf

    /// Writes through an outbox by the rules of a shelf, and reads from its pool with an entry in the audit trail where
    /// reporters are shown.
    package init(pool: PostgresPool, outbox: Outbox, audit: AuditTrail, shelf: RulebookShelf) {
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
        self.shelf = shelf
    }

    package func change(
        _ member: IncidentID, with primary: IncidentID?, scope: ScopeFilter, at moment: Date,
        _ decide: @escaping @Sendable (IncidentCase, Incident?) throws -> JoinChange
    ) async throws -> Incident {
        try await outbox.transaction { transaction in
            let other = try await transaction.query(
                "select joined_to from grid.incidents where id = \(member.rawValue)"
            ).rows.first?.decodeIfPresent("joined_to", as: UUID.self)
            let ids = [member.rawValue, primary?.rawValue ?? other].compactMap { $0 }
            // In the order of their ids, so that nobody waits in a circle.
            let rows = try await transaction.query(
                """
                select \(unescaped: IncidentColumns.list) from grid.incidents
                where id = any(\(ids)::uuid[]) and \(incidentsOf: scope) order by id for update
                """
            ).rows.map(Incident.init)
            guard let incident = rows.first(where: { $0.id == member }) else { throw IncidentNotFound() }
            let clocks = try await transaction.query(PostgresIncidentStore.clocks(of: member)).rows
            let rules = try await shelf.version(of: incident, at: moment, in: transaction)
            let present = IncidentCase(
                incident: incident, clocks: try clocks.map { try IncidentClock($0) }, rules: rules)
            let change = try decide(present, rows.first { $0.id != member })
            try change.member.enqueue(after: present, in: transaction)
            transaction.enqueue(
                """
                update grid.incidents set members = \(Int32(change.primary.members)), version = \(change.primary.version)
                where id = \(change.primary.id.rawValue)
                """)
            let stated = try OutgoingEvent(
                IncidentStated(incident: change.primary.facts), occurredAt: change.member.step.at)
            return (change.member.incident, try change.member.outgoing() + [stated])
        }
    }

    package func candidates(for incident: Incident, scope: ScopeFilter, limit: Int) async throws -> [Incident] {
        let place = incident.report.position
        // A square around the circle; the map's index of open incidents finds what lies in it.
        let north = SimilarIncident.metresMax / 111_195
        let east = north / max(0.01, cos(place.latitude * .pi / 180))
        let oldest = incident.report.reportedAt.addingTimeInterval(-SimilarIncident.daysMax * 86_400)
        let found = try await pool.query(
            """
            select \(unescaped: IncidentColumns.list) from grid.incidents
            where state in ('reported', 'filed', 'dispatched', 'inProgress', 'handled')
              and longitude between \(place.longitude - east) and \(place.longitude + east)
              and latitude between \(place.latitude - north) and \(place.latitude + north)
              and reported_at >= \(oldest) and id <> \(incident.id.rawValue) and \(incidentsOf: scope)
            order by id desc limit \(limit)
            """
        ).rows.map(Incident.init)
        try await audit.recordReporters(
            of: found, id: incident.id.description, within: incident.gridCode.digits, with: pool)
        return found
    }
}
