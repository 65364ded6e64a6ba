import Foundation
import Models
import Postgres
import ServiceKit

/// Finds people of the ledger one by one in PostgreSQL.
package struct PostgresTalentPeople: TalentPeople {
    private let pool: PostgresPool
    private let audit: AuditTrail
    private let ledger: UnmaskLedger
    private let sealer: PersonSealer

    /// Makes it over a pool, the audit trail and unmask ledger of the same database and the cipher of personal fields.
    package init(pool: PostgresPool, audit: AuditTrail, ledger: UnmaskLedger, cipher: any FieldCipher) {
        self.pool = pool
        self.audit = audit
        self.ledger = ledger
        sealer = PersonSealer(cipher: cipher)
    }

    package func unmask(_ id: TalentID, _ order: UnmaskOrder, scope: ScopeFilter) async throws -> UnmaskedTalent? {
        try await ledger.unmask(
            UnmaskLedger.Object("talent", id: id.description), order,
            reading: TalentStatements.person(of: id, scope: scope)
        ) { [sealer] row in
            UnmaskedTalent(
                divisionCode: try row.decode("division_code"),
                person: UnmaskedPerson(
                    name: Personal(try sealer.openName(try row.decode("name_encrypted"))),
                    mobile: Personal(try sealer.openMobile(try row.decode("mobile_encrypted")))))
        }
    }

    package func entry(ofIdentity number: Personal<String>, scope: ScopeFilter) async throws -> TalentView? {
        let hashes = try sealer.identityHashes(number)
        let view = try await pool.query(TalentStatements.entry(ofIdentity: hashes, scope: scope)).rows.first
            .map { try sealer.view($0) }
        try await audit.recordRead(
            of: "talent", id: view?.talentID.description, within: view?.talent.divisionCode.digits,
            count: view == nil ? 0 : 1, with: pool)
        return view
    }
}
