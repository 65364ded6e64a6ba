import Crypto
import Foundation
import Models
import ServiceKit

/// An identity provider of a test: keys of its own, and tokens that say what the test wants.
package struct TestIssuer: Sendable {
    /// How a token is signed.
    package enum Kind: String, Sendable, CaseIterable {
        case es256 = "ES256"
        case edDSA = "EdDSA"
    }

    /// What `iss` says.
    package static let issuer = "https://id.example.test"
    /// What `aud` says.
    package static let audience = "tiaokuai"

    /// The key id.
    package let keyID: String
    private let kind: Kind
    private let elliptic: P256.Signing.PrivateKey
    private let edwards: Curve25519.Signing.PrivateKey

    /// Makes an issuer with a new key.
    package init(_ kind: Kind = .es256, keyID: String = "test-1") {
        self.kind = kind
        self.keyID = keyID
        elliptic = P256.Signing.PrivateKey()
        edwards = Curve25519.Signing.PrivateKey()
    }

    /// The key as an entry of a key set.
    package var jwk: [String: String] {
        switch kind {
        case .es256:
            let point = elliptic.publicKey.rawRepresentation
            return [
                "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": keyID,
                "x": Self.base64URL(point.prefix(32)), "y": Self.base64URL(point.suffix(32)),
            ]
        case .edDSA:
            return [
                "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": keyID,
                "x": Self.base64URL(edwards.publicKey.rawRepresentation),
            ]
        }
    }

    /// A key set of issuers.
    package static func jwks(_ issuers: TestIssuer...) throws -> [UInt8] {
        Array(try JSONEncoder().encode(["keys": issuers.map(\.jwk)]))
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
            switch kind {
            case .es256: try elliptic.signature(for: Data(signed.utf8)).rawRepresentation
            case .edDSA: try edwards.signature(for: Data(signed.utf8))
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
