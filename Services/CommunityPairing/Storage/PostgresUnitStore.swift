import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Keeps units in PostgreSQL.
package struct PostgresUnitStore: UnitStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let audit: AuditTrail
    private let sealer: ContactSealer

    /// Makes the store over a pool, the outbox and audit trail of the same database and the cipher of personal fields.
    package init(pool: PostgresPool, outbox: Outbox, audit: AuditTrail, cipher: any FieldCipher) {
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
        sealer = .ofUnits(cipher)
    }

    package func enrol(
        _ enrolments: [UnitEnrolment], at time: Date,
        deciding decide: @escaping @Sendable (UnitRegister) -> UnitRegister.Plan
    ) async throws -> [Numbered<RowOutcome>] {
        let (sealer, audit) = (self.sealer, self.audit)
        var hashes: [String: LookupHashes] = [:]
        var mobiles: [UnifiedSocialCreditCode: [UInt8]] = [:]
        for enrolment in enrolments {
            hashes[enrolment.unit.code.text] = try sealer.hashes(enrolment.contact)
            mobiles[enrolment.unit.code] = try sealer.lookupHash(mobile: enrolment.contact.mobile.value)
        }
        let (contactHashes, mobileHashes) = (hashes, mobiles)
        let rekeying = try sealer.rekeying(
            mobiles: enrolments.map(\.contact.mobile.value), in: [.erasures(of: UnitContactSubjects.objectType)])
        return try await outbox.transactionOverInserts { transaction in
            rekeying.forEach(transaction.enqueue)
            let results = try await transaction.pipeline([
                UnitStatements.lock(Array(contactHashes.keys)),
                ErasureList.selection(UnitContactSubjects.objectType, among: Array(Set(mobileHashes.values))),
            ])
            let erased = try ErasureList.hashes(results[1])
            let known = try results[0].rows.map { row in
                let unit = try UnitStatements.unit(row)
                let hash = try row.decodeIfPresent("contact_hash", as: [UInt8].self)
                return KnownUnit(unit: unit, hasSameContact: contactHashes[unit.code.text]?.contains(hash) ?? false)
            }
            let plan = decide(
                UnitRegister(units: known, erased: Set(mobileHashes.filter { erased.contains($0.value) }.keys)))
            if !plan.insertions.isEmpty {
                transaction.enqueue(try UnitStatements.insert(plan.insertions, sealer: sealer, at: time))
            }
            if !plan.changes.isEmpty {
                transaction.enqueue(try UnitStatements.update(plan.changes, sealer: sealer, at: time))
            }
            // Another name or another contact alone is told to nobody.
            let told = Set(plan.changed.map(\.unit.unitCode))
            audit.record(
                plan.changes.filter { !told.contains($0.unit.code) }.map {
                    AuditEntry(.changed, "unit", id: $0.unit.code.text)
                }, in: transaction)
            let events =
                try plan.enrolled.map { try OutgoingEvent($0, occurredAt: time) }
                + plan.changed.map { try OutgoingEvent($0, occurredAt: time) }
            return (plan.outcomes, events)
        }
    }

    package func units(scope: ScopeFilter, after code: String?, limit: Int) async throws -> [UnitView] {
        let units = try await pool.query(UnitStatements.page(scope: scope, after: code, limit: limit)).rows.map { row in
            let name = try row.decodeIfPresent("contact_name_encrypted", as: [UInt8].self).map(sealer.openName)
            let mobile = try row.decodeIfPresent("contact_mobile_encrypted", as: [UInt8].self).map(sealer.openMobile)
            return UnitView(
                unit: try UnitStatements.unit(row), maskedContactName: name?.masked,
                maskedContactMobile: mobile.map(Masking.mobile))
        }
        try await audit.recordRead(of: "unit-contact", count: units.count, with: pool)
        return units
    }
}
