import Crypto
import Foundation

/// The keys of field encryption, from the secret setting `crypto.keys`.
///
/// JSON: `{"current": "2026a", "keys": {"2026a": "<32 bytes, base64>", "2025b": "…"}, "lookup": "<32 bytes, base64>"}`.
/// A rotation adds a key and makes it current; the old one stays until nothing is encrypted with it.
///
/// `lookup` may instead be `{"current": "2027", "keys": {"2027": "…", "original": "…"}}`. A key that stands alone has the
/// id `original`, and its hashes have no mark; those of any other key begin with eight bytes that are made of its id.
package struct FieldKeys: Sendable {
    /// The id of the key that encrypts.
    let current: String
    /// Keys by id; ids have 1 to 32 letters, digits, `-` or `_`.
    let keys: [String: SymmetricKey]
    /// The id of the lookup key that hashes.
    let currentLookup: String
    /// Lookup keys by id.
    let lookups: [String: SymmetricKey]

    /// The id of a lookup key that stands alone in the setting.
    package static let originalLookup = "original"

    private struct File: Decodable {
        let current: String
        let keys: [String: String]
        let lookup: Lookup
    }

    /// One key alone, or keys with ids.
    private struct Lookup: Decodable {
        let current: String
        let keys: [String: String]

        private enum CodingKeys: String, CodingKey { case current, keys }

        init(from decoder: any Decoder) throws {
            // What is no text is read as keys with ids, whose error then tells.
            if let alone = try? decoder.singleValueContainer().decode(String.self) {
                current = FieldKeys.originalLookup
                keys = [current: alone]
            } else {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                current = try values.decode(String.self, forKey: .current)
                keys = try values.decode([String: String].self, forKey: .keys)
            }
        }
    }

    /// Reads keys.
    ///
    /// - Throws: `SettingFault`, which says what is wrong and never quotes the text.
    package init(json: String) throws {
        let file: File
        do {
            file = try JSONDecoder().decode(File.self, from: Data(json.utf8))
        } catch {
            throw Self.fault("应为含 current、keys、lookup 的 JSON", "it must be JSON with current, keys and lookup")
        }
        keys = try file.keys.mapValues(Self.key)
        lookups = try file.lookup.keys.mapValues(Self.key)
        currentLookup = file.lookup.current
        current = file.current
        guard keys[current] != nil, lookups[currentLookup] != nil else {
            throw Self.fault("current 所指的密钥不存在", "the key that current names is not among keys")
        }
        guard keys.keys.allSatisfy(Self.isIdentifier), lookups.keys.allSatisfy(Self.isIdentifier) else {
            throw Self.fault("密钥编号只能有 1 到 32 个字母、数字、-、_", "key ids have 1 to 32 letters, digits, - or _")
        }
        let bytes = (Array(keys.values) + Array(lookups.values)).map { $0.withUnsafeBytes { Array($0) } }
        guard Set(bytes).count == bytes.count else {
            throw Self.fault("密钥不能相同，lookup 也不能与加密密钥相同", "keys must differ, those of lookup too")
        }
    }

    private static func key(_ text: String) throws -> SymmetricKey {
        guard let bytes = Data(base64Encoded: text), bytes.count == 32 else {
            throw fault("每个密钥应为 32 字节的 base64", "every key must be 32 bytes in base64")
        }
        return SymmetricKey(data: bytes)
    }

    private static func isIdentifier(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || byte == 0x2d || byte == 0x5f
            }
    }

    private static func fault(_ chinese: String, _ english: String) -> SettingFault {
        SettingFault(
            cause: BilingualText("设置 crypto.keys 无效：\(chinese)", "the setting crypto.keys is invalid: \(english)"),
            nextStep: BilingualText("检查密钥文件", "Check the file of keys"))
    }
}
