/// Encrypts personal fields before they are stored, and hashes them so that they can be found again.
///
/// A protocol, so that SM4 and SM3 can take the place of AES and SHA-256. Every method may be called from any thread.
package protocol FieldCipher: Sendable {
    /// Encrypts a value with the current key. The same value gives another ciphertext each time.
    ///
    /// - Parameters:
    ///   - text: the value.
    ///   - field: what it is, for example `talent.phone`; it is authenticated, so that a ciphertext cannot be moved to
    ///     another column.
    /// - Returns: bytes that carry the id of the key.
    /// - Throws: `FieldCipherError`.
    func encrypt(_ text: String, field: String) throws -> [UInt8]

    /// Decrypts a value with the key that its bytes name.
    ///
    /// - Throws: `FieldCipherError` when the key is not known, the bytes were changed, or they belong to another field.
    func decrypt(_ ciphertext: [UInt8], field: String) throws -> String

    /// Gives the keyed hash under which a value is found, 32 bytes, the same each time; it does not change when the
    /// encryption key is rotated. The caller brings the value into one form first (no blanks, upper case …).
    ///
    /// - Throws: `FieldCipherError` when there are no keys.
    func lookupHash(_ text: String, field: String) throws -> [UInt8]

    /// Whether a ciphertext should be written anew, because it was made with another key than the current one.
    func needsRotation(_ ciphertext: [UInt8]) -> Bool

    /// The ids of its keys; nil when it has none.
    var keyIDs: FieldKeyIDs? { get }
}

/// The ids of the keys that a cipher has.
package struct FieldKeyIDs: Sendable, Hashable {
    /// The key that encrypts.
    package let current: String
    /// All keys that it can decrypt with, the current one among them.
    package let known: Set<String>
}

/// Why a field cannot be encrypted or decrypted.
///
/// It never says anything about the value.
package struct FieldCipherError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure; more may come.
    package enum Code: String, Sendable, Hashable {
        /// The service was started without keys.
        case noKeys
        /// The ciphertext names a key that the service does not have.
        case unknownKey
        /// The bytes are not a ciphertext, were changed, or belong to another field.
        case damaged
    }

    /// What went wrong.
    package let code: Code
    /// The field, never its value.
    package let field: String

    /// Makes an error.
    package init(_ code: Code, field: String) {
        self.code = code
        self.field = field
    }

    package var description: String { "field cipher: \(code.rawValue) (\(field))" }
}

/// The cipher of a service that was started without keys: it refuses, so that nothing personal is stored in the clear.
package struct MissingFieldCipher: FieldCipher {
    package init() {}

    package func encrypt(_ text: String, field: String) throws -> [UInt8] {
        throw FieldCipherError(.noKeys, field: field)
    }

    package func decrypt(_ ciphertext: [UInt8], field: String) throws -> String {
        throw FieldCipherError(.noKeys, field: field)
    }

    package func lookupHash(_ text: String, field: String) throws -> [UInt8] {
        throw FieldCipherError(.noKeys, field: field)
    }

    package func needsRotation(_ ciphertext: [UInt8]) -> Bool { false }

    package var keyIDs: FieldKeyIDs? { nil }
}
