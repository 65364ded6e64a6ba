import Models
import Postgres
import ServiceKit

/// Turns what says who a person is into what may be stored: keyed hashes and ciphertexts.
struct PersonSealer: Sendable {
    /// By what a person is found again, and whether the contact is the same, without the values.
    struct Mark: Sendable, Hashable {
        let identity: LookupHashes
        let contact: LookupHashes

        /// What is written, and found once `rekeying` has been.
        var identityHash: [UInt8] { identity.current }
        var contactHash: [UInt8] { contact.current }
    }

    /// A change with its personal fields sealed.
    struct SealedWrite: Sendable {
        let write: TalentLedger.Write
        let mark: Mark
        let identitySealed: [UInt8]
        let name: [UInt8]
        let mobile: [UInt8]
        let mobileHash: [UInt8]
    }

    private let cipher: any FieldCipher
    private let contacts: ContactSealer

    init(cipher: any FieldCipher) {
        self.cipher = cipher
        contacts = ContactSealer(cipher: cipher, nameField: "person.name", mobileField: "person.mobile")
    }

    private static let identityField = "person.identity"

    func identityHashes(_ number: Personal<String>) throws -> LookupHashes {
        try cipher.lookupHashes(number.value, field: Self.identityField)
    }

    func mobileHashes(_ number: Personal<String>) throws -> LookupHashes {
        try contacts.lookupHashes(mobile: number.value)
    }

    /// What goes first where sheets are compared with people, see `LookupRekey`.
    func rekeying(_ listings: [TalentListing]) throws -> [PostgresStatement] {
        try LookupRekey.statements(
            listings.map(\.identityNumber.value), field: Self.identityField,
            in: [
                LookupRekey("talent.persons", hash: "identity_hash", sealed: "identity_sealed"),
                .erasures(of: TalentSubjects.objectType),
            ], cipher: cipher)
    }

    /// An entry as lists show it, of a row of `TalentStatements.page`.
    func view(_ row: PostgresRow) throws -> TalentView {
        let name = try openName(try row.decode("name_encrypted"))
        let mobile = try openMobile(try row.decode("mobile_encrypted"))
        return TalentView(
            talentID: try row.identifier("talent_id"),
            maskedName: name.masked, maskedMobile: Masking.mobile(mobile),
            traits: try TalentStatements.traits(row), talent: try TalentStatements.talent(row),
            listedAt: try row.decode("listed_at"))
    }

    func mobileHash(_ number: Personal<String>) throws -> [UInt8] { try contacts.lookupHash(mobile: number.value) }

    func mark(_ listing: TalentListing) throws -> Mark {
        Mark(
            identity: try identityHashes(listing.identityNumber),
            contact: try contacts.hashes(
                listing.name.value, mobile: listing.mobile.value, field: "person.contact"))
    }

    func seal(_ write: TalentLedger.Write) throws -> SealedWrite {
        SealedWrite(
            write: write, mark: try mark(write.listing),
            identitySealed: try cipher.sealLookup(write.listing.identityNumber.value, field: Self.identityField),
            name: try contacts.seal(write.listing.name.value),
            mobile: try contacts.seal(mobile: write.listing.mobile.value),
            mobileHash: try mobileHash(write.listing.mobile))
    }

    /// Another name or number of a known person.
    func seal(
        _ name: PersonName, mobile: String
    ) throws -> (name: [UInt8], mobile: [UInt8], contactHash: [UInt8]) {
        (
            try contacts.seal(name), try contacts.seal(mobile: mobile),
            try contacts.hash(name, mobile: mobile, field: "person.contact")
        )
    }

    func openName(_ bytes: [UInt8]) throws -> PersonName { try contacts.openName(bytes) }

    func openMobile(_ bytes: [UInt8]) throws -> String { try contacts.openMobile(bytes) }
}
