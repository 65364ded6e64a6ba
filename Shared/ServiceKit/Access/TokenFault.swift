/// Why a request's token opens nothing.
package enum TokenFault: Error, Sendable, Hashable, CaseIterable {
    /// There is no token.
    case missing
    /// It is no token of the form that we take.
    case malformed
    /// It is signed in a way that we do not take: only RS256, ES256 and EdDSA are.
    case algorithm
    /// No published key has its key id.
    case unknownKey
    /// The signature is not that of its key.
    case signature
    /// Somebody else made it.
    case issuer
    /// It is for somebody else.
    case audience
    /// Its time is over.
    case expired
    /// Its time has not come.
    case notYetValid
    /// No keys could be had so far, so that no token can be checked.
    case keysUnavailable
}

extension TokenFault: ProblemConvertible {
    /// 401 with a challenge (RFC 6750 3), or 503 while there are no keys.
    package var problem: Problem {
        if self == .keysUnavailable {
            var problem = Problem.unavailable(retryAfter: .seconds(5))
            problem.detail = BilingualText(
                "尚未取得验证令牌的公钥", "the keys that tokens are checked with could not be fetched yet")
            return problem
        }
        var problem = self == .missing ? Problem(.tokenMissing, detail: words) : Problem(.tokenInvalid, detail: words)
        problem.challenge = challenge
        return problem
    }

    /// Without a token the challenge names no error (RFC 6750 3.1).
    private var challenge: String {
        guard self != .missing else { return "Bearer realm=\"tiaokuai\"" }
        return "Bearer realm=\"tiaokuai\", error=\"invalid_token\", error_description=\"\(words.english)\""
    }

    private var words: BilingualText {
        switch self {
        case .missing: BilingualText("请求没有携带令牌", "the request has no token")
        case .malformed: BilingualText("令牌格式不对", "the token is not well formed")
        case .algorithm:
            BilingualText("签名算法应为 RS256、ES256 或 EdDSA", "the signature must be RS256, ES256 or EdDSA")
        case .unknownKey: BilingualText("没有与令牌对应的公钥", "no published key has the token's key id")
        case .signature: BilingualText("签名不符", "the signature does not fit")
        case .issuer: BilingualText("令牌不是由所信任的机构签发", "the token is of another issuer")
        case .audience: BilingualText("令牌不是签发给本系统的", "the token is for another audience")
        case .expired: BilingualText("令牌已过期", "the token has expired")
        case .notYetValid: BilingualText("令牌尚未生效", "the token is not valid yet")
        case .keysUnavailable: BilingualText("没有公钥", "there are no keys")
        }
    }
}
