import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// What community pairing keeps of one contact person of a unit, for the person's own requests.
package struct UnitContactSubjects: SubjectHolding {
    private let sealer: ContactSealer
    private let county: String

    /// Reads with the cipher of personal fields.
    ///
    /// - Parameter county: the division of units that help nobody at present.
    package init(cipher: any FieldCipher, county: String) {
        sealer = .ofUnits(cipher)
        self.county = county
    }

    /// The kind of object, as the audit trail names it.
    static let objectType = "unit-contact"

    package var objectType: String { Self.objectType }

    package var markKeys: Set<SubjectKey.Kind> { [.mobile] }

    package func mark(of key: SubjectKey) throws -> LookupHashes? {
        guard case .mobile(let number) = key else { return nil }
        return try sealer.lookupHashes(mobile: number.value)
    }

    package var keys: Set<SubjectKey.Kind> { [.mobile] }

    package func find(
        _ key: SubjectKey, scope: ScopeFilter, in transaction: PostgresTransaction
    ) async throws -> [SubjectPlace] {
        guard case .mobile(let number) = key else { return [] }
        let hashes = PostgresValue.byteaArray(try sealer.lookupHashes(mobile: number.value).all)
        return try await transaction.query(
            """
            select f.code, coalesce(f.target_code, \(county)) as division_code
            from (
                select u.code, (select min(p.target_code) from pairing.pairings p
                                where p.unit_code = u.code and \(scope: scope, on: "p.target_code")) as target_code
                from pairing.units u where u.contact_mobile_hash = any(\(hashes))
            ) f
            where f.target_code is not null or \(scope: scope, unit: "f.code")
            order by f.code limit \(SubjectPlace.most)
            """
        ).rows.map { SubjectPlace(id: try $0.decode("code"), divisionCode: try $0.decode("division_code")) }
    }

    package func everything(of id: String, in transaction: PostgresTransaction) async throws -> [SubjectFact] {
        guard let row = try await transaction.query(Self.contact(id)).rows.first else { return [] }
        let (name, mobile) = try open(row)
        return [
            SubjectFact("姓名 name", name.text, .pairing), SubjectFact("手机 mobile", mobile, .pairing),
            SubjectFact("联系的单位 contact of", try row.decode("name") + " " + id, .pairing),
            SubjectFact("单位登记时间 unit enrolled", RFC3339.format(try row.decode("enrolled_at")), .pairing),
        ]
    }

    package func correct(
        _ id: String, _ correction: SubjectCorrection, at time: Date, in transaction: PostgresTransaction
    ) async throws {
        guard let row = try await transaction.query(Self.contact(id)).rows.first else { return }
        let kept = try open(row)
        let contact = UnitContact(
            name: correction.name ?? Personal(kept.name), mobile: correction.mobile ?? Personal(kept.mobile))
        transaction.enqueue(try erasure(kept.mobile))
        _ = try await transaction.query(
            """
            update pairing.units set contact_name_encrypted = \(try sealer.seal(contact.name.value)),
                   contact_mobile_encrypted = \(try sealer.seal(mobile: contact.mobile.value)),
                   contact_hash = \(try sealer.hash(contact)),
                   contact_mobile_hash = \(try sealer.lookupHash(mobile: contact.mobile.value)), changed_at = \(time)
            where code = \(id)
            """)
    }

    package func duty(
        toKeep id: String, at time: Date, in transaction: PostgresTransaction
    ) async throws -> SubjectRefusal? {
        // A pairing refers to its unit, so a new one waits for this lock.
        _ = try await transaction.query("select from pairing.units where code = \(id) for update")
        let today = try CountyCalendar.day(of: time).description
        let pairings = try await transaction.query(
            """
            select from pairing.pairings where unit_code = \(id) and to_day >= \(PostgresValue.date(today)) limit 1
            """)
        return pairings.rows.isEmpty ? nil : .pairingInForce
    }

    package func erase(
        _ id: String, at time: Date, in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        guard let row = try await transaction.query(Self.contact(id)).rows.first else { return [] }
        transaction.enqueue(try erasure(try open(row).mobile))
        _ = try await transaction.query(
            """
            update pairing.units set contact_name_encrypted = null, contact_mobile_encrypted = null,
                   contact_hash = null, contact_mobile_hash = null, contact_erased_at = \(time), changed_at = \(time)
            where code = \(id)
            """)
        // No event tells of contacts.
        return []
    }

    private func erasure(_ mobile: String) throws -> PostgresStatement {
        ErasureList.insertion(
            objectType, try sealer.lookupHash(mobile: mobile), sealed: try sealer.sealLookup(mobile: mobile))
    }

    private func open(_ row: PostgresRow) throws -> (name: PersonName, mobile: String) {
        (
            try sealer.openName(try row.decode("contact_name_encrypted")),
            try sealer.openMobile(try row.decode("contact_mobile_encrypted"))
        )
    }

    /// The unit's row with its contact, locked.
    private static func contact(_ code: String) -> PostgresStatement {
        """
        select name, enrolled_at, contact_name_encrypted, contact_mobile_encrypted from pairing.units
        where code = \(code) and contact_erased_at is null for no key update
        """
    }
}
