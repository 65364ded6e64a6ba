import Foundation
import Models
import Postgres
import ServiceKit

/// Turns the contact of a reporter into what may be stored, and back.
struct IncidentContactSealer: Sendable {
    private let contacts: ContactSealer

    init(cipher: any FieldCipher) {
        contacts = ContactSealer(
            cipher: cipher, nameField: "grid.incident_contacts.name", mobileField: "grid.incident_contacts.mobile")
    }

    /// Inserts the contact of an incident that is inserted in the same transaction.
    func insertion(_ contact: IncidentContact, of incident: Incident) throws -> PostgresStatement {
        """
        insert into grid.incident_contacts (incident_id, grid_code, name_encrypted, mobile_encrypted, mobile_hash)
        values (\(incident.id.rawValue), \(incident.gridCode.digits),
                \(try contact.name.map { try contacts.seal($0.value) }), \(try contacts.seal(mobile: contact.mobile.value)),
                \(try hash(contact.mobile)))
        """
    }

    /// The keyed hash by which the person himself finds his reports.
    func hash(_ mobile: Personal<String>) throws -> [UInt8] { try contacts.lookupHash(mobile: mobile.value) }

    /// The keyed hashes of a number, for those who look for it.
    func hashes(_ mobile: Personal<String>) throws -> LookupHashes {
        try contacts.lookupHashes(mobile: mobile.value)
    }

    /// Reads `name_encrypted` and `mobile_encrypted`.
    func open(_ row: PostgresRow) throws -> IncidentContact {
        IncidentContact(
            name: try row.decodeIfPresent("name_encrypted", as: [UInt8].self).map {
                Personal(try contacts.openName($0))
            }, mobile: Personal(try contacts.openMobile(row.decode("mobile_encrypted"))))
    }

    /// Writes other values in the place of those of an incident.
    func update(_ contact: IncidentContact, of incident: String) throws -> PostgresStatement {
        """
        update grid.incident_contacts
        set name_encrypted = \(try contact.name.map { try contacts.seal($0.value) }),
            mobile_encrypted = \(try contacts.seal(mobile: contact.mobile.value)),
            mobile_hash = \(try hash(contact.mobile))
        where incident_id = \(incident)::text::uuid
        """
    }
}

/// Reads the contacts of reporters one by one in PostgreSQL.
package struct PostgresIncidentContacts: IncidentContacts {
    private let ledger: UnmaskLedger
    private let contacts: IncidentContactSealer

    /// Makes it over the unmask ledger of the database and the cipher of personal fields.
    package init(ledger: UnmaskLedger, cipher: any FieldCipher) {
        self.ledger = ledger
        contacts = IncidentContactSealer(cipher: cipher)
    }

    package func unmask(
        _ incident: IncidentID, _ order: UnmaskOrder, scope: ScopeFilter, openOnly: Bool
    ) async throws -> IncidentContact? {
        let ends = IncidentState.allCases.filter(\.isEnd).map(\.rawValue)
        return try await ledger.unmask(
            UnmaskLedger.Object("incident-contact", id: incident.description), order,
            reading: """
                select c.name_encrypted, c.mobile_encrypted, c.grid_code as division_code
                from grid.incident_contacts c join grid.incidents i on i.id = c.incident_id
                where c.incident_id = \(incident.rawValue) and \(scope: scope, on: "c.grid_code")
                  and not (\(openOnly) and i.state = any(\(ends)))
                """
        ) { [contacts] row in try contacts.open(row) }
    }
}
