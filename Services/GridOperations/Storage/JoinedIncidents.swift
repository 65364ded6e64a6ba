import Foundation
import Messaging
import Models
import Postgres

/// Reports that are joined to an incident, as rows.
enum JoinedIncidents {
    /// What those who follow an incident learn of it too, so that every reporter is told.
    private static let told: [any IncidentEvent.Type] = [
        IncidentDispatched.self, IncidentAccepted.self, IncidentHandled.self, IncidentClosed.self,
        IncidentReopened.self,
    ]

    /// Lets those that are joined to an incident follow a change of it.
    ///
    /// - Returns: the same event of each of them.
    static func follow(
        _ change: IncidentCaseChange, in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        guard change.incident.members > 0,
            let event = change.events.lazy.compactMap({ $0 as? any IncidentEvent }).first(where: { event in
                told.contains { $0 == type(of: event) }
            })
        else { return [] }
        let rows = try await transaction.query(
            """
            update grid.incidents set closed_at = \(change.incident.closedAt), result = \(change.incident.result)
            where joined_to = \(change.incident.id.rawValue)
            returning \(unescaped: IncidentColumns.list)
            """
        ).rows
        let members = try rows.map(Incident.init).sorted { $0.id.description < $1.id.description }
        return try members.map { member in
            let payload: any EventPayload = type(of: event).init(incident: member.facts)
            return try OutgoingEvent(payload, occurredAt: change.step.at)
        }
    }

    /// The reports that are joined to an incident, the oldest first.
    static func members(of incident: IncidentID) -> PostgresStatement {
        "select id, number from grid.incidents where joined_to = \(incident.rawValue) order by id"
    }
}
