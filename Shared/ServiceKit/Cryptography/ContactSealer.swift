import Models

/// Turns the name and the mobile number of a person into what may be stored, and back.
package struct ContactSealer: Sendable {
    private let cipher: any FieldCipher
    private let nameField: String
    private let mobileField: String

    /// Makes a sealer for two columns.
    ///
    /// - Parameters:
    ///   - cipher: the cipher of personal fields.
    ///   - nameField: what the ciphertexts of names are bound to; never changed, since nothing could be read any more.
    ///   - mobileField: what the ciphertexts of mobile numbers are bound to; as `nameField`.
    package init(cipher: any FieldCipher, nameField: String, mobileField: String) {
        self.cipher = cipher
        self.nameField = nameField
        self.mobileField = mobileField
    }

    /// Encrypts a name.
    ///
    /// - Throws: `FieldCipherError`, as every function here.
    package func seal(_ name: PersonName) throws -> [UInt8] { try cipher.encrypt(name.text, field: nameField) }

    /// Encrypts a mobile number of eleven digits.
    package func seal(mobile: String) throws -> [UInt8] { try cipher.encrypt(mobile, field: mobileField) }

    /// Decrypts a name.
    package func openName(_ bytes: [UInt8]) throws -> PersonName {
        PersonName(checked: try cipher.decrypt(bytes, field: nameField))
    }

    /// Decrypts a mobile number.
    package func openMobile(_ bytes: [UInt8]) throws -> String { try cipher.decrypt(bytes, field: mobileField) }

    /// The keyed hash of a mobile number alone, by which those who have the number are found.
    package func lookupHash(mobile: String) throws -> [UInt8] { try cipher.lookupHash(mobile, field: mobileField) }

    /// The keyed hash of both, which tells whether a contact is the same without the values.
    ///
    /// - Parameter field: what the hash is bound to; never changed.
    package func hash(_ name: PersonName, mobile: String, field: String) throws -> [UInt8] {
        // A mobile number has a fixed form, so the two values cannot run into each other.
        try cipher.lookupHash(mobile + name.text, field: field)
    }
}
