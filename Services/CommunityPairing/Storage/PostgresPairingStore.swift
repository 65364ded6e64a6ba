import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Keeps pairings in PostgreSQL.
package struct PostgresPairingStore: PairingStore {
    private let pool: PostgresPool
    private let outbox: Outbox

    /// Makes the store over a pool and the outbox of the same database.
    package init(pool: PostgresPool, outbox: Outbox) {
        self.pool = pool
        self.outbox = outbox
    }

    package func activate(
        _ terms: [PairingTerms], at time: Date,
        deciding decide: @escaping @Sendable (PairingRegister) -> PairingRegister.Plan
    ) async throws -> [Numbered<RowOutcome>] {
        let divisions = Set(terms.map(\.targetCode))
        return try await outbox.transactionOverInserts { transaction in
            let results = try await transaction.pipeline([
                DivisionProjection.pairing.known(among: divisions), PairingStatements.enrolled(among: terms),
                PairingStatements.lock(terms),
            ])
            let plan = decide(
                PairingRegister(
                    units: Set(try results[1].rows.map { try $0.creditCode("code") }),
                    divisions: Set(try DivisionProjection.divisions(in: results[0]).map(\.code)),
                    pairings: try results[2].rows.map(PairingStatements.pairing)))
            if !plan.insertions.isEmpty {
                transaction.enqueue(PairingStatements.insert(plan.insertions, at: time))
            }
            if !plan.changes.isEmpty { transaction.enqueue(PairingStatements.update(plan.changes, at: time)) }
            let events =
                try plan.activated.map { try OutgoingEvent($0, occurredAt: time) }
                + plan.changed.map { try OutgoingEvent($0, occurredAt: time) }
            return (plan.outcomes, events)
        }
    }

    package func pairings(
        within prefix: String, of unit: UnifiedSocialCreditCode?, scope: ScopeFilter,
        after position: PairingPosition?, limit: Int
    ) async throws -> [Pairing] {
        let statement = PairingStatements.page(within: prefix, of: unit, scope: scope, after: position, limit: limit)
        return try await pool.query(statement).rows.map(PairingStatements.pairing)
    }
}
