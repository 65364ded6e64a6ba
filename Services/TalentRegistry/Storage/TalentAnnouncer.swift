import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// States the entries of the talent ledger.
package struct TalentAnnouncer: Announcer {
    private let now: @Sendable () -> Date

    /// Makes the announcer with a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    package var topics: [Topic] { [.talent] }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let rows = try await transaction.query(
            PostgresStatement(
                """
                select id, division_code from talent.talents
                where id > $1::uuid order by id limit $2::bigint for no key update
                """,
                [.uuid(cursor.flatMap(UUID.init(uuidString:)) ?? .beforeAll), .int8(Int64(limit))])
        ).rows
        let time = now()
        let talents = try rows.map { row in
            TalentFacts(
                talentID: try row.identifier("id"), divisionCode: try row.divisionCode("division_code"))
        }
        let events = try talents.map { try OutgoingEvent(TalentStated(talent: $0), occurredAt: time) }
        return (events, talents.count < limit ? nil : talents.last?.talentID.description)
    }
}
