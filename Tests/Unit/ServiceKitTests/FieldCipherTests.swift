import Foundation
import ServiceKit
import Testing

struct FieldCipherTests {
    private static func key(_ byte: UInt8) -> String { Data(repeating: byte, count: 32).base64EncodedString() }

    private func cipher(current: String = "new", keys: [String: UInt8] = ["new": 1, "old": 2]) throws -> AESFieldCipher
    {
        let list = keys.map { "\"\($0.key)\": \"\(Self.key($0.value))\"" }.joined(separator: ", ")
        return AESFieldCipher(
            keys: try FieldKeys(
                json: "{\"current\": \"\(current)\", \"keys\": {\(list)}, \"lookup\": \"\(Self.key(9))\"}"))
    }

    @Test(arguments: ["", "杨丽芳", "13800000000", String(repeating: "长", count: 5000)])
    func `what is encrypted comes back`(_ text: String) throws {
        let cipher = try cipher()
        #expect(try cipher.decrypt(try cipher.encrypt(text, field: "contact.name"), field: "contact.name") == text)
    }

    @Test func `the same value has another ciphertext each time, and none shows it`() throws {
        let cipher = try cipher()
        let one = try cipher.encrypt("13800000000", field: "f")
        let two = try cipher.encrypt("13800000000", field: "f")
        #expect(one != two)
        #expect(!String(decoding: one, as: UTF8.self).contains("13800000000"))
    }

    @Test func `every changed byte is noticed`() throws {
        let cipher = try cipher()
        let sound = try cipher.encrypt("杨丽芳", field: "f")
        for place in sound.indices {
            var changed = sound
            changed[place] ^= 1
            #expect(throws: FieldCipherError.self) { try cipher.decrypt(changed, field: "f") }
        }
        for length in 0..<sound.count {
            #expect(throws: FieldCipherError.self) { try cipher.decrypt(Array(sound.prefix(length)), field: "f") }
        }
    }

    @Test func `a ciphertext cannot be moved to another field`() throws {
        let cipher = try cipher()
        let sound = try cipher.encrypt("杨丽芳", field: "contact.name")
        #expect(throws: FieldCipherError(.damaged, field: "contact.phone")) {
            try cipher.decrypt(sound, field: "contact.phone")
        }
    }

    @Test func `a key that is not there is named as such`() throws {
        let old = try cipher(current: "old").encrypt("x", field: "f")
        let without = try cipher(keys: ["new": 1])
        #expect(throws: FieldCipherError(.unknownKey, field: "f")) { try without.decrypt(old, field: "f") }
        let impostor = try cipher(keys: ["new": 1, "old": 3])
        #expect(throws: FieldCipherError(.damaged, field: "f")) { try impostor.decrypt(old, field: "f") }
    }

    @Test func `after a rotation old values are read and known to be old`() throws {
        let before = try cipher(current: "old")
        let after = try cipher(current: "new")
        let old = try before.encrypt("x", field: "f")
        #expect(try after.decrypt(old, field: "f") == "x")
        #expect(after.needsRotation(old) && !before.needsRotation(old))
        #expect(!after.needsRotation(try after.encrypt("x", field: "f")))
    }

    @Test func `a lookup hash stays the same over rotations, and differs by value, field and key`() throws {
        let cipher = try cipher()
        let hash = try cipher.lookupHash("13800000000", field: "phone")
        #expect(hash.count == 32)
        #expect(try self.cipher(current: "old").lookupHash("13800000000", field: "phone") == hash)
        #expect(try cipher.lookupHash("13800000001", field: "phone") != hash)
        #expect(try cipher.lookupHash("13800000000", field: "mobile") != hash)
        let other = AESFieldCipher(
            keys: try FieldKeys(
                json: "{\"current\": \"a\", \"keys\": {\"a\": \"\(Self.key(1))\"}, \"lookup\": \"\(Self.key(8))\"}"))
        #expect(try other.lookupHash("13800000000", field: "phone") != hash)
    }

    /// HMAC-SHA256 of "f", 0, "x" under 32 bytes of 9, computed by OpenSSL 3.0.
    @Test func `the lookup hash is HMAC-SHA256`() throws {
        let hash = try cipher().lookupHash("x", field: "f").map { String(format: "%02x", $0) }.joined()
        #expect(hash == "29323517d3d3ff9adf066a51dc05893c12471e53ef6ddf48623ec3f81f5ecf39")
    }

    @Test func `under several lookup keys a value has a hash each, and its seal leads to the newest`() throws {
        func cipher(_ current: String, _ keys: [String: UInt8]) throws -> AESFieldCipher {
            let list = keys.map { "\"\($0.key)\": \"\(Self.key($0.value))\"" }.joined(separator: ", ")
            return AESFieldCipher(
                keys: try FieldKeys(
                    json: """
                        {"current": "e", "keys": {"e": "\(Self.key(1))"},
                         "lookup": {"current": "\(current)", "keys": {\(list)}}}
                        """))
        }
        let before = try cipher("original", ["original": 9])
        let alone = try before.lookupHash("x", field: "f")
        #expect(try self.cipher().lookupHash("x", field: "f") == alone)
        let during = try cipher("n", ["original": 9, "n": 8])
        let hashes = try during.lookupHashes("x", field: "f")
        #expect(hashes.earlier == [alone] && hashes.current.count == 32)
        #expect(during.lookupTag(of: "n") == Array(hashes.current.prefix(8)))
        let seal = try before.sealLookup("x", field: "f")
        let renewed = try #require(try during.renewedLookup(seal))
        #expect(renewed.hash == hashes.current)
        let after = try cipher("n", ["n": 8])
        #expect(try after.lookupHashes("x", field: "f") == LookupHashes(current: hashes.current))
        #expect(try after.renewedLookup(renewed.sealed) == nil)
        #expect(throws: FieldCipherError(.unknownKey, field: "lookup")) { try after.renewedLookup(seal) }
    }

    @Test(arguments: [
        "", "{}", #"{"current": "a", "keys": {}, "lookup": "AA=="}"#,
        "{\"current\": \"b\", \"keys\": {\"a\": \"\(key(1))\"}, \"lookup\": \"\(key(9))\"}",
        "{\"current\": \"a\", \"keys\": {\"a\": \"\(key(1))\"}, \"lookup\": \"\(key(1))\"}",
        "{\"current\": \"a b\", \"keys\": {\"a b\": \"\(key(1))\"}, \"lookup\": \"\(key(9))\"}",
    ])
    func `keys that cannot be used are refused without being quoted`(_ json: String) {
        let fault = #expect(throws: SettingFault.self) { try FieldKeys(json: json) }
        #expect(fault?.description.contains(Self.key(1)) == false)
    }

    @Test func `without keys nothing personal is written`() {
        let cipher = MissingFieldCipher()
        #expect(throws: FieldCipherError(.noKeys, field: "f")) { try cipher.encrypt("x", field: "f") }
        #expect(throws: FieldCipherError(.noKeys, field: "f")) { try cipher.lookupHash("x", field: "f") }
    }
}
