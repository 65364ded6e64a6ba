import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// States pairings.
package struct PairingAnnouncer: Announcer {
    private let now: @Sendable () -> Date

    /// Makes the announcer with a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    package var topics: [Topic] { [.pairing] }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let pairings = try await transaction.query(
            PostgresStatement(
                """
                select id, unit_code, target_code, from_day, to_day from pairing.pairings
                where id > $1::uuid order by id limit $2::bigint for no key update
                """,
                [.uuid(cursor.flatMap(UUID.init(uuidString:)) ?? .beforeAll), .int8(Int64(limit))])
        ).rows.map(PairingStatements.pairing)
        let time = now()
        let events = try pairings.map { try OutgoingEvent(PairingStated(pairing: $0.facts), occurredAt: time) }
        return (events, pairings.count < limit ? nil : pairings.last?.id.description)
    }
}
