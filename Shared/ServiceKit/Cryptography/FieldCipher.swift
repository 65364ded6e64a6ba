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

    /// Gives the keyed hashes under which a value is found, 32 bytes each, the same each time; they do not change when
    /// the encryption key is rotated. The caller brings the value into one form first (no blanks, upper case …).
    ///
    /// - Throws: `FieldCipherError` when there are no keys.
    func lookupHashes(_ text: String, field: String) throws -> LookupHashes

    /// Seals what the hash of a value is made of, so that the hash can be made anew under another lookup key although
    /// the value is not kept.
    ///
    /// It is a digest, sealed with a key that is derived from the current lookup key: whoever can open it could as well
    /// try all values against the hash, so it gives away no more than the hash does.
    ///
    /// - Throws: `FieldCipherError` when there are no keys.
    func sealLookup(_ text: String, field: String) throws -> [UInt8]

    /// Makes a hash and its seal anew under the current lookup key.
    ///
    /// - Parameter sealed: what `sealLookup` gave.
    /// - Returns: nil when it stands under the current key already.
    /// - Throws: `FieldCipherError` when the key is not known, or the bytes were changed.
    func renewedLookup(_ sealed: [UInt8]) throws -> RenewedLookup?

    /// The ids of its lookup keys; nil when it has none.
    var lookupKeyIDs: FieldKeyIDs? { get }

    /// The first bytes of all hashes under a lookup key; nil for the key whose hashes have no mark, see `FieldKeys`.
    func lookupTag(of keyID: String) -> [UInt8]?

    /// Whether a ciphertext should be written anew, because it was made with another key than the current one.
    func needsRotation(_ ciphertext: [UInt8]) -> Bool

    /// The ids of its keys; nil when it has none.
    var keyIDs: FieldKeyIDs? { get }
}

extension FieldCipher {
    /// The hash under the current lookup key, for what is written.
    ///
    /// - Throws: `FieldCipherError` when there are no keys.
    package func lookupHash(_ text: String, field: String) throws -> [UInt8] {
        try lookupHashes(text, field: field).current
    }

    /// Whether a lookup key is being changed: only then are there several hashes of a value.
    package var changesLookupKey: Bool { (lookupKeyIDs?.known.count ?? 0) > 1 }
}

/// A hash and its seal under the current lookup key.
package struct RenewedLookup: Sendable {
    /// The hash.
    package let hash: [UInt8]
    /// Its seal.
    package let sealed: [UInt8]
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

    package func lookupHashes(_ text: String, field: String) throws -> LookupHashes {
        throw FieldCipherError(.noKeys, field: field)
    }

    package func sealLookup(_ text: String, field: String) throws -> [UInt8] {
        throw FieldCipherError(.noKeys, field: field)
    }

    package func renewedLookup(_ sealed: [UInt8]) throws -> RenewedLookup? {
        throw FieldCipherError(.noKeys, field: "lookup")
    }

    package var lookupKeyIDs: FieldKeyIDs? { nil }

    package func lookupTag(of keyID: String) -> [UInt8]? { nil }

    package func needsRotation(_ ciphertext: [UInt8]) -> Bool { false }

    package var keyIDs: FieldKeyIDs? { nil }
}
