import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// States every incident for readers that came late, in the order of reports.
package struct IncidentAnnouncer: Announcer {
    package let topics = [Topic.incident]
    private let now: @Sendable () -> Date

    /// Takes the time of the statements from a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let start = cursor.flatMap { IncidentID($0) }?.rawValue ?? .beforeAll
        let incidents = try await transaction.query(
            """
            select \(unescaped: IncidentColumns.list) from grid.incidents
            where id > \(start) order by id limit \(limit) for update
            """
        ).rows.map(Incident.init)
        let moment = now()
        let events = try incidents.map { try OutgoingEvent(IncidentStated(incident: $0.facts), occurredAt: moment) }
        return (events, incidents.count < limit ? nil : incidents.last?.id.description)
    }
}
