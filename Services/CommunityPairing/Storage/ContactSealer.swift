import ServiceKit

/// Turns a contact person into what may be stored.
struct ContactSealer: Sendable {
    let cipher: any FieldCipher

    /// The keyed hash that tells whether a contact is the same, without the values.
    func hash(_ contact: UnitContact) throws -> [UInt8] {
        // A mobile number has a fixed form, so the two values cannot run into each other.
        try cipher.lookupHash(contact.mobile.value + contact.name.value.text, field: "unit.contact")
    }

    func sealName(_ contact: UnitContact) throws -> [UInt8] {
        try cipher.encrypt(contact.name.value.text, field: "unit.contactName")
    }

    func sealMobile(_ contact: UnitContact) throws -> [UInt8] {
        try cipher.encrypt(contact.mobile.value, field: "unit.contactMobile")
    }

    func openName(_ bytes: [UInt8]) throws -> PersonName {
        PersonName(checked: try cipher.decrypt(bytes, field: "unit.contactName"))
    }

    func openMobile(_ bytes: [UInt8]) throws -> String {
        try cipher.decrypt(bytes, field: "unit.contactMobile")
    }
}
