import Models
import ServiceKit

extension ContactSealer {
    /// The sealer of units' contact persons.
    static func ofUnits(_ cipher: any FieldCipher) -> ContactSealer {
        ContactSealer(cipher: cipher, nameField: "unit.contactName", mobileField: "unit.contactMobile")
    }

    /// The keyed hash that tells whether a contact is the same, without the values.
    func hash(_ contact: UnitContact) throws -> [UInt8] {
        try hash(contact.name.value, mobile: contact.mobile.value, field: "unit.contact")
    }
}
