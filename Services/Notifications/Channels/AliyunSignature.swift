import Crypto
import Foundation

/// The signature of requests to Alibaba Cloud, version 3 (`ACS3-HMAC-SHA256`).
package struct AliyunSignature: Sendable {
    let keyID: String
    let secret: String

    /// Signs by an access key.
    package init(keyID: String, secret: String) {
        self.keyID = keyID
        self.secret = secret
    }

    /// The headers of a request whose parameters are all in its query and whose body is empty.
    ///
    /// - Parameters:
    ///   - host: as in `Host`, with a port where there is one.
    ///   - nonce: never used twice.
    package func headers(
        host: String, action: String, version: String, parameters: [String: String], date: Date, nonce: String
    ) -> [(String, String)] {
        let payload = Self.hex(SHA256.hash(data: Data()))
        let signed = [
            ("host", host), ("x-acs-action", action), ("x-acs-content-sha256", payload),
            ("x-acs-date", date.formatted(.iso8601)), ("x-acs-signature-nonce", nonce), ("x-acs-version", version),
        ]
        let names = signed.map(\.0).joined(separator: ";")
        let canonical = [
            "POST", "/", Self.query(parameters), signed.map { "\($0.0):\($0.1)\n" }.joined(), names, payload,
        ].joined(separator: "\n")
        let text = "ACS3-HMAC-SHA256\n" + Self.hex(SHA256.hash(data: Data(canonical.utf8)))
        let code = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: Data(secret.utf8)))
        return signed + [
            ("Authorization", "ACS3-HMAC-SHA256 Credential=\(keyID),SignedHeaders=\(names),Signature=\(Self.hex(code))")
        ]
    }

    /// Parameters in the order of their names, percent-encoded (RFC 3986).
    static func query(_ parameters: [String: String]) -> String {
        parameters.sorted { $0.key < $1.key }.map { "\(PercentText.encode($0.key))=\(PercentText.encode($0.value))" }
            .joined(separator: "&")
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// Percent-encoding of all but letters, digits and `-._~` (RFC 3986 2.3).
enum PercentText {
    static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
