import Models
import ServiceKit

/// Turns addresses of people into what may be stored, and back.
package struct AddressSealer: Sendable {
    private let cipher: any FieldCipher

    /// Seals with the service's own cipher.
    package init(cipher: any FieldCipher) { self.cipher = cipher }

    /// What addresses are bound to; never changed, since nothing could be read any more.
    static let field = "notify.contacts.address"
    private static let optOutField = "notify.opt-outs.person"

    /// Encrypts an address.
    package func seal(_ address: String) throws -> [UInt8] { try cipher.encrypt(address, field: Self.field) }

    /// Decrypts an address.
    package func open(_ sealed: [UInt8]) throws -> String {
        try cipher.decrypt(sealed, field: Self.field)
    }

    /// The keyed hash by which limits and opt-outs know an address without keeping it.
    package func hash(_ address: String) throws -> [UInt8] { try cipher.lookupHash(address, field: Self.field) }

    /// The keyed hash by which an opt-out knows a person beyond the person's erasure.
    package func optOutHash(of person: PersonID) throws -> [UInt8] {
        try cipher.lookupHash(person.description, field: Self.optOutField)
    }
}
