import ServiceKit

/// Turns what says who a person is into what may be stored: keyed hashes and ciphertexts.
struct PersonSealer: Sendable {
    let cipher: any FieldCipher

    /// By what a person is found again, and whether the contact is the same, without the values.
    struct Mark: Sendable, Hashable {
        let identityHash: [UInt8]
        let contactHash: [UInt8]
    }

    /// A change with its personal fields sealed.
    struct SealedWrite: Sendable {
        let write: TalentLedger.Write
        let mark: Mark
        let name: [UInt8]
        let mobile: [UInt8]
    }

    func mark(_ listing: TalentListing) throws -> Mark {
        Mark(
            identityHash: try cipher.lookupHash(listing.identityNumber.value, field: "person.identity"),
            // A mobile number has a fixed form, so the two values cannot run into each other.
            contactHash: try cipher.lookupHash(
                listing.mobile.value + listing.name.value.text, field: "person.contact"))
    }

    func seal(_ write: TalentLedger.Write) throws -> SealedWrite {
        SealedWrite(
            write: write, mark: try mark(write.listing),
            name: try cipher.encrypt(write.listing.name.value.text, field: "person.name"),
            mobile: try cipher.encrypt(write.listing.mobile.value, field: "person.mobile"))
    }

    func openName(_ bytes: [UInt8]) throws -> PersonName {
        PersonName(checked: try cipher.decrypt(bytes, field: "person.name"))
    }

    func openMobile(_ bytes: [UInt8]) throws -> String {
        try cipher.decrypt(bytes, field: "person.mobile")
    }
}
