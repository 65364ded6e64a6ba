import Crypto
import Foundation
import Models

/// The keys of the local issuer, `token-issuer.json` in a closed folder: the newest signs, and older ones stay published
/// for a while so that tokens signed by them are good until they end.
///
/// For evaluation and tests. In production the county's identity provider issues tokens.
package struct TokenKeys: Codable, Sendable {
    /// One key pair.
    package struct Key: Codable, Sendable {
        /// The key id, `kid`.
        package let id: String
        /// The private key: 32 bytes, P-256.
        let secret: Data
        /// When a newer key took its place; nil while it signs.
        package var retiredAt: Date?

        func pair() throws -> P256.Signing.PrivateKey { try P256.Signing.PrivateKey(rawRepresentation: secret) }
    }

    /// How long a retired key is still published: longer than any token of this issuer lives.
    package static let retention: TimeInterval = TimeInterval(TokenLifetime.longest)

    /// What `iss` says.
    package let issuer: String
    /// What `aud` says.
    package let audience: String
    /// The keys, newest last.
    package private(set) var keys: [Key]

    /// The name of the local issuer.
    package static let localIssuer = "urn:tiaokuai:local"
    /// For whom its tokens are.
    package static let audience = "tiaokuai"

    /// Begins without any key.
    package init() {
        issuer = Self.localIssuer
        audience = Self.audience
        keys = []
    }

    /// The key that signs.
    package var current: Key? { keys.last { $0.retiredAt == nil } }

    /// Puts a new key in the place of the current one and forgets those that were retired long ago.
    package mutating func rotate(at now: Date) {
        for index in keys.indices where keys[index].retiredAt == nil { keys[index].retiredAt = now }
        keys.removeAll { $0.retiredAt.map { now.timeIntervalSince($0) > Self.retention } ?? false }
        let pair = P256.Signing.PrivateKey()
        let thumb = SHA256.hash(data: pair.publicKey.rawRepresentation).prefix(8)
        keys.append(
            Key(
                id: "local-" + thumb.map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined(),
                secret: pair.rawRepresentation, retiredAt: nil))
    }

    /// Signs claims (RFC 7515, ES256).
    ///
    /// - Throws: `OperatorError` when there is no key yet.
    package func sign(_ claims: TokenClaims) throws -> String {
        guard let key = current else {
            throw OperatorError(
                .checkFailed, "签发者还没有密钥：请先运行 tiaokuai token rotate-keys。",
                "The issuer has no key yet: run tiaokuai token rotate-keys.")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let header = try encoder.encode(["alg": "ES256", "kid": key.id, "typ": "JWT"])
        let signed = Self.base64URL(header) + "." + Self.base64URL(try encoder.encode(claims))
        let signature = try key.pair().signature(for: Data(signed.utf8))
        return signed + "." + Self.base64URL(signature.rawRepresentation)
    }

    /// The public halves as a key set (RFC 7517).
    package func jwks() throws -> Data {
        let entries = try keys.map { key in
            // 64 bytes: the coordinates one behind the other.
            let point = try key.pair().publicKey.rawRepresentation
            return [
                "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": key.id,
                "x": Self.base64URL(point.prefix(32)), "y": Self.base64URL(point.suffix(32)),
            ]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(["keys": entries])
    }

    private static func base64URL(_ data: some Sequence<UInt8>) -> String {
        Data(data).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// How long tokens of the local issuer live, in seconds.
package enum TokenLifetime {
    /// Unless somebody says otherwise: a working day.
    package static let usual = 12 * 3600
    /// At most: a week.
    package static let longest = 7 * 86400
    /// Those that the command line makes for a request of its own.
    package static let brief = 900
}
