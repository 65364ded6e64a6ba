import Crypto
import Foundation
import Synchronization

/// Remembers the callers of tokens whose signature was checked, a bounded number of them.
///
/// Tokens are known by their hash, so that none lies in memory longer than its request.
final class CheckedTokens: Sendable {
    /// A token, by its hash.
    struct Name: Hashable {
        private let hash: SHA256Digest

        init(_ token: String) { hash = SHA256.hash(data: Array(token.utf8)) }
    }

    /// What was found, and with which keys: when the set changes, all are checked anew.
    struct Finding: Sendable {
        let caller: Caller
        /// The id of the key that had signed.
        let keyID: String
        /// The digest of the set.
        let keys: [UInt8]
    }

    private let limit: Int
    private let findings = Mutex<[Name: Finding]>([:])

    /// Remembers at most `limit` tokens.
    init(limit: Int) { self.limit = limit }

    func finding(_ name: Name) -> Finding? { findings.withLock { $0[name] } }

    func remember(_ finding: Finding, _ name: Name, now: Date) {
        findings.withLock { findings in
            if findings.count >= limit { findings = findings.filter { $0.value.caller.expiresAt > now } }
            // Still full: all are checked once more, which costs less than keeping an order for every request.
            if findings.count >= limit { findings.removeAll(keepingCapacity: true) }
            findings[name] = finding
        }
    }
}
