import Crypto
import Foundation

// Hashes under a key with an id: eight bytes of SHA-256 of the id, then 24 of HMAC-SHA256 over the digest of the value.
// Over the digest and not the value, so that a hash can be made anew from the sealed digest alone. 24 bytes are still far
// more than it takes that no two values of a country meet.
extension AESFieldCipher {
    /// What seals are bound to; the digest in them is bound to the field of its value.
    private static let sealField = "lookup"
    private static let tagSize = 8

    package func lookupHashes(_ text: String, field: String) throws -> LookupHashes {
        // The zero byte keeps field and value apart, since neither holds one.
        let bound = Array(field.utf8) + [0] + Array(text.utf8)
        func hash(_ identifier: String) throws -> [UInt8] {
            let key = try lookupKey(identifier)
            return identifier == FieldKeys.originalLookup
                ? Array(HMAC<SHA256>.authenticationCode(for: bound, using: key))
                : Self.hash(ofDigest: Array(SHA256.hash(data: bound)), under: identifier, key)
        }
        let others = keys.lookups.keys.filter { $0 != keys.currentLookup }.sorted()
        return LookupHashes(current: try hash(keys.currentLookup), earlier: try others.map(hash))
    }

    package func sealLookup(_ text: String, field: String) throws -> [UInt8] {
        try seal(digest: Array(SHA256.hash(data: Array(field.utf8) + [0] + Array(text.utf8))))
    }

    package func renewedLookup(_ sealed: [UInt8]) throws -> RenewedLookup? {
        // Hashes without a mark are made of the value itself: no digest leads back to them.
        guard keys.currentLookup != FieldKeys.originalLookup, Self.keyIdentifier(of: sealed) != keys.currentLookup
        else { return nil }
        let digest = try Self.open(sealed, field: Self.sealField) { keys.lookups[$0].map(Self.sealKey) }
        return RenewedLookup(
            hash: Self.hash(
                ofDigest: digest, under: keys.currentLookup, try lookupKey(keys.currentLookup)),
            sealed: try seal(digest: digest))
    }

    package var lookupKeyIDs: FieldKeyIDs? {
        FieldKeyIDs(current: keys.currentLookup, known: Set(keys.lookups.keys))
    }

    package func lookupTag(of keyID: String) -> [UInt8]? {
        keyID == FieldKeys.originalLookup ? nil : Self.tag(of: keyID)
    }

    private func seal(digest: [UInt8]) throws -> [UInt8] {
        try Self.seal(
            digest, under: keys.currentLookup, Self.sealKey(try lookupKey(keys.currentLookup)), field: Self.sealField)
    }

    private func lookupKey(_ identifier: String) throws -> SymmetricKey {
        guard let key = keys.lookups[identifier] else { throw FieldCipherError(.unknownKey, field: Self.sealField) }
        return key
    }

    private static func hash(ofDigest digest: [UInt8], under identifier: String, _ key: SymmetricKey) -> [UInt8] {
        tag(of: identifier) + HMAC<SHA256>.authenticationCode(for: digest, using: key).prefix(32 - tagSize)
    }

    private static func tag(of identifier: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(identifier.utf8)).prefix(tagSize))
    }

    /// A key of its own (RFC 5869), so that one key does not do two things.
    private static func sealKey(_ lookup: SymmetricKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: lookup, info: Array("tiaokuai lookup seal".utf8), outputByteCount: 32)
    }
}
