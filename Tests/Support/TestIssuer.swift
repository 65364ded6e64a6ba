import Crypto
import CryptoExtras
import Foundation
import Models
import ServiceKit

/// An identity provider of a test: keys of its own, and tokens that say what the test wants.
package struct TestIssuer: Sendable {
    /// How a token is signed.
    package enum Kind: String, Sendable, CaseIterable {
        case es256 = "ES256"
        case edDSA = "EdDSA"
        case rs256 = "RS256"
    }

    /// The private key.
    private enum Key: Sendable {
        case elliptic(P256.Signing.PrivateKey)
        case edwards(Curve25519.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)

        init(_ kind: Kind) throws {
            switch kind {
            case .es256: self = .elliptic(P256.Signing.PrivateKey())
            case .edDSA: self = .edwards(Curve25519.Signing.PrivateKey())
            case .rs256: self = .rsa(try _RSA.Signing.PrivateKey(keySize: .bits2048))
            }
        }
    }

    /// What `iss` says.
    package static let issuer = "https://id.example.test"
    /// What `aud` says.
    package static let audience = "tiaokuai"

    /// The key id.
    package let keyID: String
    private let kind: Kind
    private let key: Key

    /// Makes an issuer with a new key.
    package init(_ kind: Kind, keyID: String = "test-1") throws {
        self.kind = kind
        self.keyID = keyID
        key = try Key(kind)
    }

    /// Makes an issuer with a new key on an elliptic curve, which takes no time.
    package init(keyID: String = "test-1") {
        kind = .es256
        self.keyID = keyID
        key = .elliptic(P256.Signing.PrivateKey())
    }

    /// The key as an entry of a key set.
    package var jwk: [String: String] {
        get throws { try published(key) }
    }

    /// The key as it must never be published, with its private number; nil where it has none of that form.
    package var privateJWK: [String: String]? {
        get throws {
            let secret: Data
            switch key {
            case .elliptic(let elliptic): secret = elliptic.rawRepresentation
            case .edwards(let edwards): secret = edwards.rawRepresentation
            case .rsa: return nil
            }
            return try jwk.merging(["d": Self.base64URL(secret)]) { own, _ in own }
        }
    }

    private func published(_ key: Key) throws -> [String: String] {
        switch key {
        case .elliptic(let elliptic):
            let point = elliptic.publicKey.rawRepresentation
            return [
                "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": keyID,
                "x": Self.base64URL(point.prefix(32)), "y": Self.base64URL(point.suffix(32)),
            ]
        case .edwards(let edwards):
            return [
                "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": keyID,
                "x": Self.base64URL(edwards.publicKey.rawRepresentation),
            ]
        case .rsa(let rsa):
            let numbers = try rsa.publicKey.getKeyPrimitives()
            return [
                "kty": "RSA", "alg": "RS256", "use": "sig", "kid": keyID, "n": Self.base64URL(numbers.modulus),
                "e": Self.base64URL(numbers.publicExponent),
            ]
        }
    }

    /// A key set of issuers.
    package static func jwks(_ issuers: TestIssuer...) throws -> [UInt8] {
        Array(try JSONEncoder().encode(["keys": issuers.map { try $0.jwk }]))
    }

    /// Claims that are in order, for an hour.
    package static func claims(
        _ grants: [Grant] = [], subject: String = "person-1", now: Date = Date()
    ) -> TokenClaims {
        TokenClaims(
            issuer: issuer, subject: subject, audience: [audience], expiresAt: now.addingTimeInterval(3600),
            notBefore: now, issuedAt: now, grants: grants)
    }

    /// Signs claims.
    package func token(_ claims: TokenClaims) throws -> String {
        try token(payload: JSONEncoder().encode(claims))
    }

    /// Signs any payload under any header.
    package func token(payload: Data, header: [String: String]? = nil) throws -> String {
        let header = try JSONEncoder().encode(header ?? ["alg": kind.rawValue, "kid": keyID, "typ": "JWT"])
        let signed = Self.base64URL(header) + "." + Self.base64URL(payload)
        let signature =
            switch key {
            case .elliptic(let key): try key.signature(for: Data(signed.utf8)).rawRepresentation
            case .edwards(let key): try key.signature(for: Data(signed.utf8))
            case .rsa(let key):
                try key.signature(for: Data(signed.utf8), padding: .insecurePKCS1v1_5).rawRepresentation
            }
        return signed + "." + Self.base64URL(signature)
    }

    /// A token with one grant.
    package func token(_ role: Role, _ scope: String, subject: String = "person-1") throws -> String {
        guard let scope = Scope(scope) else { throw ChildProcess.Failure(description: "no scope: \(scope)") }
        return try token(Self.claims([Grant(role, scope)], subject: subject))
    }

    /// Base64 for URLs without padding.
    package static func base64URL(_ data: some Sequence<UInt8>) -> String {
        Data(data).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
