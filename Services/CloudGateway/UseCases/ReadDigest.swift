import Foundation
import Models

/// What the digest is counted from.
package protocol DigestStore: Sendable {
    /// Counts everything of a scope that the digest needs, seen at one moment.
    func counts(scope: ScopeFilter) async throws -> DigestCounts
}

/// Reads the one-page digest (REP-20).
package struct ReadDigest: Sendable {
    private let store: any DigestStore
    private let now: @Sendable () -> Date

    /// Reads from a store, with a clock for the day of a digest without member counts.
    package init(store: any DigestStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// The digest of a scope, and the moment at which it was read.
    package func callAsFunction(scope: ScopeFilter) async throws -> (digest: Digest, readAt: Date) {
        let moment = now()
        return (Digest(try await store.counts(scope: scope), today: CalendarDay(inShanghai: moment)), moment)
    }
}
