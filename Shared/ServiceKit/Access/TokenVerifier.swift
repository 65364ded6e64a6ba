import Crypto
import Foundation
import JWTKit
import Models

/// Checks tokens.
package protocol TokenVerifying: Sendable {
    /// Gives the caller whom a token names.
    ///
    /// - Throws: `TokenFault`.
    func caller(of token: String) async throws -> Caller
}

/// What a token must say to be taken.
package struct TokenRules: Sendable, Hashable {
    /// Who must have made it.
    package var issuer: String
    /// Whom it must be for.
    package var audience: String
    /// How far the clocks of the identity provider and of this machine may differ.
    package var leeway: Duration

    /// Gathers the rules.
    package init(issuer: String, audience: String, leeway: Duration = .seconds(30)) {
        self.issuer = issuer
        self.audience = audience
        self.leeway = leeway
    }
}

/// Checks signature, issuer, audience and times of JSON Web Tokens.
///
/// A signature costs more than a small request, so what was checked is remembered until the token ends.
package struct TokenVerifier: TokenVerifying {
    /// The largest token in bytes.
    static let bytesMax = 8 << 10

    private let rules: TokenRules
    private let keys: KeySource
    private let clock: any SuiteClock
    private let checked: CheckedTokens

    /// Makes a verifier.
    ///
    /// - Parameter checkedMax: how many tokens are remembered.
    package init(rules: TokenRules, keys: KeySource, clock: any SuiteClock, checkedMax: Int = 10_000) {
        self.rules = rules
        self.keys = keys
        self.clock = clock
        checked = CheckedTokens(limit: checkedMax)
    }

    package func caller(of token: String) async throws -> Caller {
        guard token.utf8.count <= Self.bytesMax else { throw TokenFault.malformed }
        let name = CheckedTokens.Name(token)
        // Most requests come with a token that was checked: not even its header is read again.
        if let known = checked.finding(name), try await keys.keySet(for: known.keyID).digest == known.keys {
            try checkEnd(known.caller.expiresAt)
            return known.caller
        }
        let header = try TokenHeader(of: token)
        guard let algorithm = SigningAlgorithm(rawValue: header.alg) else { throw TokenFault.algorithm }
        guard let id = header.kid else { throw TokenFault.unknownKey }
        let set = try await keys.keySet(for: id)
        guard let expected = set.algorithm(of: id) else { throw TokenFault.unknownKey }
        guard expected == algorithm else { throw TokenFault.algorithm }
        let claims = try await set.claims(of: token, as: SignedClaims.self).claims
        try check(claims)
        let caller = Caller(subject: claims.subject, grants: claims.grants, expiresAt: claims.expiresAt)
        checked.remember(
            CheckedTokens.Finding(caller: caller, keyID: id, keys: set.digest), name, now: clock.now)
        return caller
    }

    private func check(_ claims: TokenClaims) throws {
        guard claims.issuer == rules.issuer else { throw TokenFault.issuer }
        guard claims.audience.contains(rules.audience) else { throw TokenFault.audience }
        try checkEnd(claims.expiresAt)
        let latest = clock.now.addingTimeInterval(rules.leeway.inSeconds)
        if let start = claims.notBefore, latest < start { throw TokenFault.notYetValid }
    }

    private func checkEnd(_ end: Date) throws {
        guard clock.now < end.addingTimeInterval(rules.leeway.inSeconds) else { throw TokenFault.expired }
    }
}

/// The claims as the JWT library takes them; times are checked by our own clock.
private struct SignedClaims: JWTPayload {
    let claims: TokenClaims

    init(from decoder: any Decoder) throws { claims = try TokenClaims(from: decoder) }

    func encode(to encoder: any Encoder) throws { try claims.encode(to: encoder) }

    func verify(using algorithm: some JWTAlgorithm) async throws {}
}

/// The header of a token, read before its signature is checked: it only says which key to look for.
struct TokenHeader: Decodable {
    let alg: String
    let kid: String?
    private let crit: [String]?

    private enum CodingKeys: String, CodingKey { case alg, kid, crit }

    /// - Throws: `TokenFault.malformed`, also for an extension that must be understood (RFC 7515 4.1.11).
    init(of token: String) throws {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64URL.decode(parts[0]),
            // Whatever it is instead, it is no header.
            let header = try? JSONDecoder().decode(TokenHeader.self, from: bytes), header.crit == nil
        else { throw TokenFault.malformed }
        self = header
    }
}

/// Base64 for URLs without padding (RFC 4648 5).
enum Base64URL {
    static func decode(_ text: some Collection<UInt8>) -> Data? {
        var padded = text.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        while padded.count % 4 != 0 { padded.append(UInt8(ascii: "=")) }
        return Data(base64Encoded: Data(padded))
    }
}
