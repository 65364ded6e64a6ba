import Foundation
import Models
import Postgres
import ServiceKit

/// People as the database keeps them: found by the keyed hash of the identity number, name and mobile encrypted.
struct EncryptedPeople: Sendable {
    /// A stored person.
    struct Known: Sendable {
        let id: PersonID
        let details: PersonDetails
    }

    // What the hashes are bound to; never changed, since nobody could be found any more.
    private static let identityField = "person.identityNumber"

    private let cipher: any FieldCipher
    private let contacts: ContactSealer

    init(cipher: any FieldCipher) {
        self.cipher = cipher
        contacts = ContactSealer(cipher: cipher, nameField: "grid.people.name", mobileField: "grid.people.mobile")
    }

    /// The keyed hash of an identity number.
    func hash(_ identityNumber: Personal<String>) throws -> [UInt8] {
        try cipher.lookupHash(identityNumber.value, field: Self.identityField)
    }

    /// The keyed hashes of an identity number, for those who look for it.
    func hashes(_ identityNumber: Personal<String>) throws -> LookupHashes {
        try cipher.lookupHashes(identityNumber.value, field: Self.identityField)
    }

    /// The keyed hashes of a mobile number, for those who look for it.
    func hashes(mobile: Personal<String>) throws -> LookupHashes { try contacts.lookupHashes(mobile: mobile.value) }

    /// The seals of identity numbers by their hashes.
    func seals(_ numbers: [Personal<String>]) throws -> [[UInt8]: [UInt8]] {
        var seals: [[UInt8]: [UInt8]] = [:]
        for number in numbers {
            seals[try hash(number)] = try cipher.sealLookup(number.value, field: Self.identityField)
        }
        return seals
    }

    /// What goes first where sheets are compared with people, see `LookupRekey`.
    func rekeying(_ numbers: [Personal<String>]) throws -> [PostgresStatement] {
        try LookupRekey.statements(
            numbers.map(\.value), field: Self.identityField,
            in: [
                LookupRekey("grid.people", hash: "identity_hash", sealed: "identity_sealed"),
                .erasures(of: GridSubjects.objectType),
            ], cipher: cipher)
    }

    /// The keyed hash of a mobile number alone.
    func hash(mobile: Personal<String>) throws -> [UInt8] { try contacts.lookupHash(mobile: mobile.value) }

    /// What is kept of a person, as it may be stored.
    func seal(_ details: PersonDetails) throws -> (name: [UInt8], mobile: [UInt8]?, mobileHash: [UInt8]?) {
        (
            try contacts.seal(details.name.value), try details.mobile.map { try contacts.seal(mobile: $0.value) },
            try details.mobile.map(hash(mobile:))
        )
    }

    /// The stored people of hashes, locked.
    static func selection(_ hashes: [[UInt8]]) -> PostgresStatement {
        PostgresStatement(
            """
            select id, identity_hash, name_encrypted, mobile_encrypted from grid.people
            where identity_hash in (select unnest($1::bytea[])) order by identity_hash for update
            """, [.byteaArray(hashes)])
    }

    /// Reads the rows of `selection`.
    func known(_ result: PostgresResult) throws -> [[UInt8]: Known] {
        var known: [[UInt8]: Known] = [:]
        for row in result.rows {
            known[try row.decode("identity_hash")] = Known(id: try row.identifier("id"), details: try details(row))
        }
        return known
    }

    /// What a row keeps of a person.
    func details(_ row: PostgresRow) throws -> PersonDetails {
        PersonDetails(
            name: Personal(try contacts.openName(row.decode("name_encrypted"))),
            mobile: try row.decodeIfPresent("mobile_encrypted", as: [UInt8].self).map {
                Personal(try contacts.openMobile($0))
            })
    }

    /// The masked form of an encrypted name.
    func maskedName(_ encrypted: [UInt8]) throws -> String {
        try contacts.openName(encrypted).masked
    }

    /// Writes people, new ones and those with other details.
    func upsert(
        _ people: [[UInt8]: PersonDetails], identifiers: [[UInt8]: PersonID], seals: [[UInt8]: [UInt8]]
    ) throws -> PostgresStatement {
        let rows = people.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return PostgresStatement(
            """
            insert into grid.people (id, identity_hash, name_encrypted, mobile_encrypted, mobile_hash, identity_sealed)
            select * from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[])
            on conflict (identity_hash) do update
            set name_encrypted = excluded.name_encrypted, mobile_encrypted = excluded.mobile_encrypted,
                mobile_hash = excluded.mobile_hash, identity_sealed = excluded.identity_sealed, updated_at = now()
            """,
            [
                .uuidArray(rows.map { identifiers[$0.key]?.rawValue }), .byteaArray(rows.map(\.key)),
                .byteaArray(try rows.map { try contacts.seal($0.value.name.value) }),
                .byteaArray(
                    try rows.map { row in
                        try row.value.mobile.map { try contacts.seal(mobile: $0.value) }
                    }),
                .byteaArray(try rows.map { try $0.value.mobile.map(hash(mobile:)) }),
                .byteaArray(rows.map { seals[$0.key] }),
            ])
    }
}
