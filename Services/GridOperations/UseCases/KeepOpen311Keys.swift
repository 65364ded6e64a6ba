import Foundation
import Models
import Synchronization

/// Where API keys are kept: by their hash, never as they are.
package protocol Open311KeyStore: Sendable {
    /// Writes a key, once for an idempotency key.
    ///
    /// - Parameter secret: the key itself, of which the hash is kept.
    /// - Returns: the key; `isNew` is false for the one of the first request with the same idempotency key, whose secret
    ///   nobody knows any more.
    /// - Throws: a problem when the idempotency key was used for another body.
    func create(
        _ key: Open311Key, secret: String, once: IdempotencyKey
    ) async throws -> (key: Open311Key, isNew: Bool)

    /// Keys of a scope, the newest first.
    func list(before id: Open311KeyID?, scope: ScopeFilter, limit: Int) async throws -> [Open311Key]

    /// Ends a key; again: nothing.
    ///
    /// - Returns: nil when there is none in the scope.
    func revoke(_ id: Open311KeyID, at moment: Date, scope: ScopeFilter) async throws -> Open311Key?

    /// The key that holds and has a secret; nil for none.
    func holding(secret: String) async throws -> Open311Key?
}

/// A key with its secret, which is shown once.
package struct NewOpen311Key: Sendable {
    /// What is known of it.
    package let key: Open311Key
    /// The key itself; nil at a repetition.
    package let secret: String?

    /// Gathers both.
    package init(key: Open311Key, secret: String?) {
        self.key = key
        self.secret = secret
    }
}

/// A division that does not lie in the caller's scope.
package struct DivisionOutsideScope: Error, Sendable, Hashable {
    package init() {}
}

/// Makes, lists and revokes API keys.
package struct KeepOpen311Keys: Sendable {
    private let store: any Open311KeyStore
    private let now: @Sendable () -> Date
    private let makeSecret: @Sendable () -> String

    /// Writes to a store.
    ///
    /// - Parameter makeSecret: gives a key that nobody can guess.
    package init(
        store: any Open311KeyStore, now: @escaping @Sendable () -> Date,
        makeSecret: @escaping @Sendable () -> String = Self.randomSecret
    ) {
        self.store = store
        self.now = now
        self.makeSecret = makeSecret
    }

    /// Makes a key for a division of the scope.
    ///
    /// - Throws: `RowFaults`, `DivisionOutsideScope`, or a problem of the idempotency key.
    package func create(
        _ draft: Open311KeyDraft, once: IdempotencyKey, scope: ScopeFilter
    ) async throws -> NewOpen311Key {
        let key = try draft.key(at: now().wholeMilliseconds)
        guard scope.contains(key.division) else { throw DivisionOutsideScope() }
        let secret = makeSecret()
        let written = try await store.create(key, secret: secret, once: once)
        return NewOpen311Key(key: written.key, secret: written.isNew ? secret : nil)
    }

    /// Keys of a scope, the newest first.
    package func list(before id: Open311KeyID?, scope: ScopeFilter, limit: Int) async throws -> [Open311Key] {
        try await store.list(before: id, scope: scope, limit: limit)
    }

    /// Ends a key; again: nothing.
    ///
    /// - Returns: nil when there is none in the scope.
    package func revoke(_ id: Open311KeyID, scope: ScopeFilter) async throws -> Open311Key? {
        try await store.revoke(id, at: now().wholeMilliseconds, scope: scope)
    }

    /// 32 random bytes as hexadecimal digits behind a word by which a leaked key is known for what it is.
    @Sendable package static func randomSecret() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).reduce(into: "tiaokuai311_") { text, _ in
            let byte = UInt8.random(in: 0...255, using: &generator)
            text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
    }
}

/// Why an API key does not open anything.
package enum Open311KeyRefusal: Error, Sendable, Hashable {
    /// There is no such key, or it was revoked.
    case unknown
    /// It is used too often.
    case tooOften(seconds: Double)
}

/// Looks whose API key it is, and whether it comes too often.
package final class CheckOpen311Key: Sendable {
    /// So many keys' paces are remembered; the administrators' keys are far fewer.
    private static let pacesMax = 10_000

    private let store: any Open311KeyStore
    private let now: @Sendable () -> Date
    private let paces = Mutex<[Open311KeyID: KeyPace]>([:])

    /// Looks in a store, each time: a revoked key ends at once.
    package init(store: any Open311KeyStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// The key that has a secret.
    ///
    /// - Throws: `Open311KeyRefusal`.
    package func callAsFunction(_ secret: String) async throws -> Open311Key {
        guard (20...200).contains(secret.utf8.count), let key = try await store.holding(secret: secret) else {
            throw Open311KeyRefusal.unknown
        }
        let moment = now()
        let wait = paces.withLock { paces in
            if paces.count >= Self.pacesMax { paces = [:] }
            var pace = paces[key.id] ?? KeyPace(perMinute: key.requestsPerMinute, now: moment)
            defer { paces[key.id] = pace }
            return pace.take(perMinute: key.requestsPerMinute, now: moment)
        }
        if let wait { throw Open311KeyRefusal.tooOften(seconds: wait) }
        return key
    }
}
