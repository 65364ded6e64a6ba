import Foundation

/// What a token says: who, by whom, for whom, how long, and in which roles (RFC 7519 and a claim of ours, `grants`).
package struct TokenClaims: Sendable, Hashable {
    /// `iss`: who made it.
    package var issuer: String
    /// `sub`: the identity provider's id of the person, never a name.
    package var subject: String
    /// `aud`: whom it is for.
    package var audience: [String]
    /// `exp`: from when on it is worth nothing.
    package var expiresAt: Date
    /// `nbf`: before when it is worth nothing.
    package var notBefore: Date?
    /// `iat`: when it was made.
    package var issuedAt: Date?
    /// `grants`: roles with their scopes.
    package var grants: [Grant]

    /// Gathers claims.
    package init(
        issuer: String, subject: String, audience: [String], expiresAt: Date, notBefore: Date? = nil,
        issuedAt: Date? = nil, grants: [Grant]
    ) {
        self.issuer = issuer
        self.subject = subject
        self.audience = audience
        self.expiresAt = expiresAt
        self.notBefore = notBefore
        self.issuedAt = issuedAt
        self.grants = grants
    }
}

extension TokenClaims: Codable {
    /// Most grants of a token.
    package static let grantsMax = 64

    private enum CodingKeys: String, CodingKey {
        case issuer = "iss"
        case subject = "sub"
        case audience = "aud"
        case expiresAt = "exp"
        case notBefore = "nbf"
        case issuedAt = "iat"
        case grants
    }

    /// A grant as it stands there: its role may be one that this release does not know.
    private struct WrittenGrant: Decodable {
        let role: String
        let scope: Scope
    }

    /// Decodes claims.
    ///
    /// A role that nobody here knows gives nothing; a scope that is not well formed makes the whole token invalid.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        issuer = try container.decode(String.self, forKey: .issuer)
        subject = try container.decode(String.self, forKey: .subject)
        // RFC 7519 4.1.3: one text or a list of them. What is no text must be a list, whose decoding says what is wrong.
        let single = try? container.decode(String.self, forKey: .audience)
        audience = try single.map { [$0] } ?? container.decode([String].self, forKey: .audience)
        expiresAt = try container.decode(Seconds.self, forKey: .expiresAt).date
        notBefore = try container.decodeIfPresent(Seconds.self, forKey: .notBefore)?.date
        issuedAt = try container.decodeIfPresent(Seconds.self, forKey: .issuedAt)?.date
        let written = try container.decodeIfPresent([WrittenGrant].self, forKey: .grants) ?? []
        guard written.count <= Self.grantsMax, (1...255).contains(subject.utf8.count) else {
            throw DecodingError.dataCorruptedError(
                forKey: .grants, in: container, debugDescription: "too many grants, or a subject of no use")
        }
        grants = written.compactMap { grant in Role(rawValue: grant.role).map { Grant($0, grant.scope) } }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(issuer, forKey: .issuer)
        try container.encode(subject, forKey: .subject)
        try container.encode(audience, forKey: .audience)
        try container.encode(Seconds(expiresAt), forKey: .expiresAt)
        try container.encodeIfPresent(notBefore.map(Seconds.init), forKey: .notBefore)
        try container.encodeIfPresent(issuedAt.map(Seconds.init), forKey: .issuedAt)
        try container.encode(grants, forKey: .grants)
    }

    /// A time as seconds since 1970, whatever the coder makes of dates.
    private struct Seconds: Codable {
        let date: Date

        init(_ date: Date) { self.date = date }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let seconds = try container.decode(Double.self)
            guard seconds.isFinite, abs(seconds) < 1e11 else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time")
            }
            date = Date(timeIntervalSince1970: seconds)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(Int(date.timeIntervalSince1970))
        }
    }
}
