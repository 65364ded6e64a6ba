import Models
import Postgres

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

    /// The keyed hashes of a mobile number, for those who look for it.
    package func lookupHashes(mobile: String) throws -> LookupHashes {
        try cipher.lookupHashes(mobile, field: mobileField)
    }

    /// Seals what the hash of a mobile number is made of, for where the number itself is not kept.
    package func sealLookup(mobile: String) throws -> [UInt8] { try cipher.sealLookup(mobile, field: mobileField) }

    /// The statements that bring hashes of mobile numbers under the current lookup key, see `LookupRekey`.
    package func rekeying(mobiles: [String], in columns: [LookupRekey]) throws -> [PostgresStatement] {
        try LookupRekey.statements(mobiles, field: mobileField, in: columns, cipher: cipher)
    }

    /// The keyed hash of both, which tells whether a contact is the same without the values.
    ///
    /// - Parameter field: what the hash is bound to; never changed.
    package func hash(_ name: PersonName, mobile: String, field: String) throws -> [UInt8] {
        try hashes(name, mobile: mobile, field: field).current
    }

    /// The keyed hashes of both, one of which is stored when the contact is the same.
    package func hashes(_ name: PersonName, mobile: String, field: String) throws -> LookupHashes {
        // A mobile number has a fixed form, so the two values cannot run into each other.
        try cipher.lookupHashes(mobile + name.text, field: field)
    }
}
