import Models
import ServiceKit

extension ContactSealer {
    /// The sealer of units' contact persons.
    static func ofUnits(_ cipher: any FieldCipher) -> ContactSealer {
        ContactSealer(cipher: cipher, nameField: "unit.contactName", mobileField: "unit.contactMobile")
    }

    /// The keyed hash that tells whether a contact is the same, without the values.
    func hash(_ contact: UnitContact) throws -> [UInt8] {
        try hashes(contact).current
    }

    /// The keyed hashes, one of which is stored when the contact is the same.
    func hashes(_ contact: UnitContact) throws -> LookupHashes {
        try hashes(contact.name.value, mobile: contact.mobile.value, field: Self.unitContactField)
    }

    /// What the hashes of both are bound to; never changed.
    static let unitContactField = "unit.contact"
}
