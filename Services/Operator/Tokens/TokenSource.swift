import Foundation
import Models
import Synchronization

/// Where the command line has its tokens from.
package enum TokenSource: Sendable {
    /// A token that somebody gave; it says itself who acts.
    case given(String)
    /// The issuer of the local stack, which makes one for whoever acts.
    case local(LocalTokens)
    /// Nothing: services then answer 401.
    case none

    /// Finds it: `--token-file`, then `TIAOKUAI_TOKEN`, then the local stack's issuer.
    ///
    /// - Throws: `OperatorError` (usage) for a file that cannot be read.
    package static func find(
        file: String?, environment: [String: String] = ProcessInfo.processInfo.environment, stack: LocalStack = .find()
    ) throws -> TokenSource {
        if let file {
            // Why it cannot be read the system does not say in two languages; the path is what helps.
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw OperatorError(.usage, "无法读取令牌文件 \(file)。", "The token file \(file) cannot be read.")
            }
            return .given(text.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        if let token = environment["TIAOKUAI_TOKEN"], !token.isEmpty { return .given(token) }
        let issuer = TokenIssuer(directory: stack.secretsDirectory)
        return issuer.exists ? .local(LocalTokens(issuer: issuer)) : .none
    }

    /// The token for a request of somebody; nil without any.
    func token(for identity: Identity?) throws -> String? {
        switch self {
        case .given(let token): token
        case .local(let tokens): try identity.map(tokens.token)
        case .none: nil
        }
    }
}

/// Makes tokens of the local issuer when they are needed and keeps them as long as they live.
///
/// Safe from any task.
package final class LocalTokens: Sendable {
    private struct Made {
        let token: String
        let goodUntil: Date
    }

    private let issuer: TokenIssuer
    private let made = Mutex<[Identity: Made]>([:])

    /// Makes tokens by an issuer.
    package init(issuer: TokenIssuer) { self.issuer = issuer }

    func token(for identity: Identity) throws -> String {
        let now = Date()
        return try made.withLock { made in
            if let known = made[identity], known.goodUntil > now { return known.token }
            let token = try issuer.token(identity, seconds: TokenLifetime.brief, at: now)
            // A minute before its end, so that no request carries one that ends on the way.
            made[identity] = Made(
                token: token, goodUntil: now.addingTimeInterval(TimeInterval(TokenLifetime.brief - 60)))
            return token
        }
    }
}
