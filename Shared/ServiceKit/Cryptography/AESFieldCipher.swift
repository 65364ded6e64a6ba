import Crypto
import Foundation

/// Encrypts fields with AES-256-GCM and hashes them with HMAC-SHA256.
///
/// Bytes of a ciphertext: format (1), length of the key id (1), key id, nonce (12), encrypted text, tag (16). Everything
/// before the nonce and the name of the field are authenticated. Nonces are random; NIST SP 800-38D allows 2³² values
/// for one key that way, far more than a county stores before its keys are rotated.
package struct AESFieldCipher: FieldCipher {
    private static let format: UInt8 = 1
    private static let nonceSize = 12
    private static let authenticationSize = 16
    let keys: FieldKeys

    /// Makes a cipher over keys.
    package init(keys: FieldKeys) { self.keys = keys }

    package func encrypt(_ text: String, field: String) throws -> [UInt8] {
        guard let key = keys.keys[keys.current] else { throw FieldCipherError(.unknownKey, field: field) }
        return try Self.seal(Array(text.utf8), under: keys.current, key, field: field)
    }

    package func decrypt(_ ciphertext: [UInt8], field: String) throws -> String {
        let bytes = try Self.open(ciphertext, field: field) { keys.keys[$0] }
        guard let text = String(bytes: bytes, encoding: .utf8) else { throw FieldCipherError(.damaged, field: field) }
        return text
    }

    static func seal(
        _ bytes: [UInt8], under identifier: String, _ key: SymmetricKey, field: String
    ) throws -> [UInt8] {
        let header = [format, UInt8(identifier.utf8.count)] + Array(identifier.utf8)
        let sealed = try AES.GCM.seal(bytes, using: key, authenticating: header + Array(field.utf8))
        return header + Array(sealed.nonce) + Array(sealed.ciphertext) + Array(sealed.tag)
    }

    static func open(
        _ ciphertext: [UInt8], field: String, key: (String) -> SymmetricKey?
    ) throws -> [UInt8] {
        guard let identifier = keyIdentifier(of: ciphertext) else { throw FieldCipherError(.damaged, field: field) }
        guard let key = key(identifier) else { throw FieldCipherError(.unknownKey, field: field) }
        let headerSize = 2 + identifier.utf8.count
        let nonceEnd = headerSize + nonceSize
        let tagStart = ciphertext.count - authenticationSize
        guard tagStart >= nonceEnd else { throw FieldCipherError(.damaged, field: field) }
        do {
            let box = try AES.GCM.SealedBox(
                nonce: AES.GCM.Nonce(data: ciphertext[headerSize..<nonceEnd]),
                ciphertext: ciphertext[nonceEnd..<tagStart], tag: ciphertext[tagStart...])
            return Array(
                try AES.GCM.open(box, using: key, authenticating: Array(ciphertext[..<headerSize]) + Array(field.utf8)))
        } catch {
            // The library's reason adds nothing that a caller may act on.
            throw FieldCipherError(.damaged, field: field)
        }
    }

    package func needsRotation(_ ciphertext: [UInt8]) -> Bool {
        Self.keyIdentifier(of: ciphertext) != keys.current
    }

    package var keyIDs: FieldKeyIDs? { FieldKeyIDs(current: keys.current, known: Set(keys.keys.keys)) }

    static func keyIdentifier(of ciphertext: [UInt8]) -> String? {
        guard ciphertext.count > 2, ciphertext[0] == format else { return nil }
        let end = 2 + Int(ciphertext[1])
        guard ciphertext.count >= end else { return nil }
        return String(bytes: ciphertext[2..<end], encoding: .utf8)
    }
}
