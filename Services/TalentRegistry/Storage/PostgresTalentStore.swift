import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Keeps people and the talent ledger in PostgreSQL.
package struct PostgresTalentStore: TalentStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let audit: AuditTrail
    private let sealer: PersonSealer

    /// Makes the store over a pool, the outbox and audit trail of the same database and the cipher of personal fields.
    package init(pool: PostgresPool, outbox: Outbox, audit: AuditTrail, cipher: any FieldCipher) {
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
        sealer = PersonSealer(cipher: cipher)
    }

    package func list(
        _ rows: [Numbered<TalentListing>], at time: Date,
        deciding decide: @escaping @Sendable (TalentLedger) -> TalentLedger.Plan
    ) async throws -> [Numbered<RowOutcome>] {
        // A person may be listed where the sender sees nothing; the ledger must see it to refuse.
        try await RowScope.service { try await list(all: rows, at: time, deciding: decide) }
    }

    private func list(
        all rows: [Numbered<TalentListing>], at time: Date,
        deciding decide: @escaping @Sendable (TalentLedger) -> TalentLedger.Plan
    ) async throws -> [Numbered<RowOutcome>] {
        let (sealer, audit) = (self.sealer, self.audit)
        let marks = try rows.map { Numbered(row: $0.row, try sealer.mark($0.content)) }
        let rekeying = try sealer.rekeying(rows.map(\.content))
        let divisions = Set(rows.map(\.content.talent.divisionCode))
        return try await outbox.transactionOverInserts { transaction in
            rekeying.forEach(transaction.enqueue)
            let results = try await transaction.pipeline([
                DivisionProjection.talent.known(among: divisions),
                TalentStatements.lockPeople(marks.map(\.content.identityHash)),
                ErasureList.selection(TalentSubjects.objectType, among: marks.map(\.content.identityHash)),
            ])
            let erased = try ErasureList.hashes(results[2])
            let plan = decide(
                TalentLedger(
                    divisions: Set(try DivisionProjection.divisions(in: results[0]).map(\.code)),
                    people: try TalentStatements.people(in: results[1], for: marks),
                    erased: Set(marks.filter { erased.contains($0.content.identityHash) }.map(\.row))))
            let sealed = try plan.writes.map { try sealer.seal($0) }
            for statement in TalentStatements.write(sealed, at: time) {
                transaction.enqueue(statement)
            }
            audit.record(Self.untold(of: plan), in: transaction)
            return (plan.outcomes, try plan.listed.map { try OutgoingEvent($0, occurredAt: time) })
        }
    }

    package func talents(
        within prefix: String, scope: ScopeFilter, after position: TalentPosition?, limit: Int
    ) async throws -> [TalentView] {
        let statement = TalentStatements.page(within: prefix, scope: scope, after: position, limit: limit)
        let talents = try await pool.query(statement).rows.map(sealer.view)
        try await audit.recordRead(of: "talent", within: prefix, count: talents.count, with: pool)
        return talents
    }

    /// Entries for changes of which no event tells: another name or number, another field of the ledger.
    private static func untold(of plan: TalentLedger.Plan) -> [AuditEntry] {
        let told = Set(plan.listed.map(\.talent.talentID))
        return plan.writes.filter { !told.contains($0.talentID) }.map { write in
            AuditEntry(
                .changed, "talent", id: write.talentID.description,
                divisionCode: write.listing.talent.divisionCode.digits,
                details: ["person": .code(String(write.changesPerson)), "entry": .code(String(write.changesEntry))])
        }
    }
}
