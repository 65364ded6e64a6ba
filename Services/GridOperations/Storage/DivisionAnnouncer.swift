import Foundation
import Messaging
import Models
import Postgres

/// States every division for readers that came late, in the order of codes: parents before what lies in them.
package struct DivisionAnnouncer: Announcer {
    package let topics = [Topic.division]
    private let now: @Sendable () -> Date

    /// Takes the time of the statements from a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let divisions = try await transaction.query(
            """
            select code, name, kind, households from grid.divisions
            where code > \(cursor ?? "") order by code limit \(limit) for update
            """
        ).rows.map(Division.init)
        let moment = now()
        let events = try divisions.map { try OutgoingEvent(DivisionStated(division: $0.facts), occurredAt: moment) }
        return (events, divisions.count < limit ? nil : divisions.last?.code.digits)
    }
}
