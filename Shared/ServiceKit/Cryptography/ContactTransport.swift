import Foundation
import Models

/// Encrypts addresses for their way over the contact topic, with keys that producers and notifications alone have (the
/// secret setting `contact.keys`, of the form of `crypto.keys`).
package struct ContactTransport: Sendable {
    private let cipher: any FieldCipher

    /// Carries with a cipher.
    package init(cipher: any FieldCipher) { self.cipher = cipher }

    /// Carries with the keys of the setting; nil when the service has none.
    ///
    /// - Throws: `SettingFault`.
    package init?(_ settings: SettingsReader) throws {
        guard let json = try settings.secret(Self.setting.key) else { return nil }
        cipher = AESFieldCipher(keys: try FieldKeys(json: json))
    }

    /// The setting of its keys.
    package static let setting = SettingDescription.secret(
        "contact.keys", isRequired: false,
        BilingualText(
            "联系方式主题的密钥，与 crypto.keys 同形，仅联系方式的提供方与 notifications 持有",
            "keys of the contact topic, of the form of crypto.keys; only those who state contacts and notifications have them"
        ))

    /// Encrypts an address; it can be opened for this person and kind alone.
    ///
    /// - Throws: `FieldCipherError`.
    package func seal(_ address: String, kind: ContactKind, of person: PersonID) throws -> SealedAddress {
        let bytes = try cipher.encrypt(address, field: Self.field(kind, person))
        return SealedAddress(kind: kind, sealed: Data(bytes).base64EncodedString())
    }

    /// Decrypts an address.
    ///
    /// - Throws: `FieldCipherError` when the key is not known, or the text was changed or is of somebody else.
    package func open(_ address: SealedAddress, of person: PersonID) throws -> String {
        guard let bytes = Data(base64Encoded: address.sealed) else {
            throw FieldCipherError(.damaged, field: "contact")
        }
        return try cipher.decrypt(Array(bytes), field: Self.field(address.kind, person))
    }

    private static func field(_ kind: ContactKind, _ person: PersonID) -> String {
        "contact.\(kind.rawValue).\(person)"
    }
}
