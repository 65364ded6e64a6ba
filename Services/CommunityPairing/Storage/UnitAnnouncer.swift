import Foundation
import Messaging
import Models
import Postgres

/// States units.
package struct UnitAnnouncer: Announcer {
    private let now: @Sendable () -> Date

    /// Makes the announcer with a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    package var topics: [Topic] { [.unit] }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let units = try await transaction.query(
            PostgresStatement(
                """
                select code, name, kind, strengths, member_count from pairing.units
                where code > $1::text order by code limit $2::bigint for no key update
                """,
                [.text(cursor ?? ""), .int8(Int64(limit))])
        ).rows.map(UnitStatements.unit)
        let time = now()
        let events = try units.map { try OutgoingEvent(UnitStated(unit: $0.facts), occurredAt: time) }
        return (events, units.count < limit ? nil : units.last?.code.text)
    }
}
