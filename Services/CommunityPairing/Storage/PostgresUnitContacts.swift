import Models
import Postgres
import ServiceKit

/// Reads the contact persons of units one by one in PostgreSQL.
package struct PostgresUnitContacts: UnitContacts {
    private let ledger: UnmaskLedger
    private let sealer: ContactSealer

    /// Makes it over the unmask ledger of the database and the cipher of personal fields.
    package init(ledger: UnmaskLedger, cipher: any FieldCipher) {
        self.ledger = ledger
        sealer = .ofUnits(cipher)
    }

    package func unmask(
        _ unit: UnifiedSocialCreditCode, _ order: UnmaskOrder, scope: ScopeFilter
    ) async throws -> UnmaskedPerson? {
        try await ledger.unmask(
            UnmaskLedger.Object("unit-contact", id: unit.text), order,
            reading: """
                select contact_name_encrypted, contact_mobile_encrypted, null::text as division_code
                from pairing.units u
                where code = \(unit.text) and contact_erased_at is null
                  and (\(scope: scope, unit: "code")
                       or exists (select from pairing.pairings p
                                  where p.unit_code = u.code and \(scope: scope, on: "p.target_code")))
                """
        ) { [sealer] row in
            UnmaskedPerson(
                name: Personal(try sealer.openName(try row.decode("contact_name_encrypted"))),
                mobile: Personal(try sealer.openMobile(try row.decode("contact_mobile_encrypted"))))
        }
    }
}
