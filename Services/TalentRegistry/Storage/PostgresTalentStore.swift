import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Keeps people and the talent ledger in PostgreSQL.
package struct PostgresTalentStore: TalentStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let sealer: PersonSealer

    /// Makes the store over a pool, the outbox of the same database and the cipher of personal fields.
    package init(pool: PostgresPool, outbox: Outbox, cipher: any FieldCipher) {
        self.pool = pool
        self.outbox = outbox
        sealer = PersonSealer(cipher: cipher)
    }

    package func list(
        _ rows: [Numbered<TalentListing>], at time: Date,
        deciding decide: @escaping @Sendable (TalentLedger) -> TalentLedger.Plan
    ) async throws -> [Numbered<RowOutcome>] {
        let sealer = self.sealer
        let marks = try rows.map { Numbered(row: $0.row, try sealer.mark($0.content)) }
        let divisions = Set(rows.map(\.content.talent.divisionCode))
        return try await outbox.transactionOverInserts { transaction in
            let results = try await transaction.pipeline([
                DivisionProjection.talent.known(among: divisions),
                TalentStatements.lockPeople(marks.map(\.content.identityHash)),
            ])
            let plan = decide(
                TalentLedger(
                    divisions: Set(try DivisionProjection.divisions(in: results[0]).map(\.code)),
                    people: try TalentStatements.people(in: results[1], for: marks)))
            let sealed = try plan.writes.map { try sealer.seal($0) }
            for statement in TalentStatements.write(sealed, at: time) {
                transaction.enqueue(statement)
            }
            return (plan.outcomes, try plan.listed.map { try OutgoingEvent($0, occurredAt: time) })
        }
    }

    package func talents(
        within prefix: String, after position: TalentPosition?, limit: Int
    ) async throws -> [TalentView] {
        let statement = TalentStatements.page(within: prefix, after: position, limit: limit)
        return try await pool.query(statement).rows.map { row in
            let name = try sealer.openName(try row.decode("name_encrypted"))
            let mobile = try sealer.openMobile(try row.decode("mobile_encrypted"))
            return TalentView(
                talentID: try row.identifier("talent_id"),
                maskedName: name.masked, maskedMobile: Masking.mobile(mobile),
                traits: try TalentStatements.traits(row), talent: try TalentStatements.talent(row),
                listedAt: try row.decode("listed_at"))
        }
    }
}
