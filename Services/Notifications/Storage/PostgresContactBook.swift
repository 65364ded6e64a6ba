import Foundation
import Models
import Postgres
import ServiceKit

/// Addresses in PostgreSQL, encrypted with the service's own key as soon as they have come.
package struct PostgresContactBook: ContactBook {
    private let transaction: PostgresTransaction
    private let transport: ContactTransport?
    private let sealer: AddressSealer

    /// Keeps within a transaction.
    ///
    /// - Parameter transport: opens what came over the topic; without it nothing is kept, and people are reached by
    ///   their inbox alone.
    package init(transaction: PostgresTransaction, transport: ContactTransport?, sealer: AddressSealer) {
        self.transaction = transaction
        self.transport = transport
        self.sealer = sealer
    }

    package func keep(_ contacts: [ContactFacts], from source: String, at moment: Date) async throws {
        var rows: [(person: UUID, kind: String, sealed: [UInt8], hash: [UInt8], division: String)] = []
        for contact in contacts {
            guard let transport else { continue }
            for address in contact.addresses {
                let plain = try transport.open(address, of: contact.personID)
                rows.append(
                    (
                        contact.personID.rawValue, address.kind.rawValue, try sealer.seal(plain),
                        try sealer.hash(plain), contact.divisionCode.digits
                    ))
            }
        }
        let persons = contacts.map(\.personID.rawValue)
        _ = try await transaction.pipeline([
            """
            delete from notify.contacts c where c.person_id = any(\(persons)) and c.source = \(source)
              and (c.person_id, c.kind) not in (
                select * from unnest(\(rows.map(\.person)), \(rows.map(\.kind))) as n (person_id, kind))
            """,
            """
            insert into notify.contacts as c
                (person_id, kind, address_encrypted, address_hash, source, division_code, stated_at)
            select n.person_id, n.kind, n.sealed, n.hash, \(source), n.division, \(moment)
            from unnest(\(rows.map(\.person)), \(rows.map(\.kind)), \(rows.map(\.sealed)), \(rows.map(\.hash)),
                \(rows.map(\.division))) as n (person_id, kind, sealed, hash, division)
            order by n.person_id, n.kind
            on conflict (person_id, kind) do update
            set address_encrypted = excluded.address_encrypted, address_hash = excluded.address_hash,
                source = excluded.source, division_code = excluded.division_code, stated_at = excluded.stated_at
            """,
        ])
    }
}
