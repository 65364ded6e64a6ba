import Crypto
import Foundation
import Synchronization

/// Remembers the callers of tokens whose signature was checked, a bounded number of them.
///
/// Tokens are known by their hash, so that none lies in memory longer than its request.
final class CheckedTokens: Sendable {
    /// A token checked with a set of keys: when the set changes, all are checked anew.
    struct Name: Hashable {
        private let hash: SHA256Digest

        init(token: String, keys: [UInt8]) {
            var hasher = SHA256()
            hasher.update(data: keys)
            hasher.update(data: Array(token.utf8))
            hash = hasher.finalize()
        }
    }

    private let limit: Int
    private let callers = Mutex<[Name: Caller]>([:])

    /// Remembers at most `limit` tokens.
    init(limit: Int) { self.limit = limit }

    func caller(_ name: Name) -> Caller? { callers.withLock { $0[name] } }

    func remember(_ caller: Caller, _ name: Name, now: Date) {
        callers.withLock { callers in
            if callers.count >= limit { callers = callers.filter { $0.value.expiresAt > now } }
            // Still full: all are checked once more, which costs less than keeping an order for every request.
            if callers.count >= limit { callers.removeAll(keepingCapacity: true) }
            callers[name] = caller
        }
    }
}
