import Foundation
import Models

/// A type of message that somebody does not want on a channel.
package struct MutedKind: Sendable, Hashable, Codable {
    /// The type, or `*` for every one.
    package var kind: String
    /// The channel's name, or `*` for every one outside the inbox.
    package var channel: String

    /// Names it.
    package init(kind: String, channel: String) {
        self.kind = kind
        self.channel = channel
    }

    /// Whether both are words that can be meant.
    package var isValid: Bool {
        let isWord = (1...64).contains(kind.utf8.count) && kind.allSatisfy { $0.isASCII && $0.isLetter }
        return (kind == "*" || isWord) && (channel == "*" || ChannelCode(rawValue: channel) != nil)
    }
}

/// Where it is kept what people have muted and who wants nothing more.
package protocol PreferenceStore: Sendable {
    /// What a person has muted.
    func muted(by person: PersonID, scope: ScopeFilter) async throws -> [MutedKind]
    /// Replaces what a person has muted.
    func replace(_ muted: [MutedKind], of person: PersonID, scope: ScopeFilter, at moment: Date) async throws
    /// The channel that a link of unsubscribing is for; nil for one that is not ours.
    func channel(ofLink token: String) -> ChannelCode?
    /// Notes that the person of a link wants nothing on its channel, ever; again changes nothing.
    ///
    /// - Returns: the channel; nil for a link that is not ours.
    func optOut(byLink token: String, at moment: Date) async throws -> ChannelCode?
}

/// Keeps what people want to hear.
package struct KeepPreferences: Sendable {
    /// How many entries somebody may have.
    package static let entriesMax = 200
    private let store: any PreferenceStore
    private let now: @Sendable () -> Date

    /// Keeps in a store, with the time of a clock.
    package init(store: any PreferenceStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// What a person has muted, in the order of the words.
    package func read(_ person: PersonID, scope: ScopeFilter) async throws -> [MutedKind] {
        try await store.muted(by: person, scope: scope)
    }

    /// Replaces it, and gives what is kept now.
    package func replace(
        _ muted: [MutedKind], of person: PersonID, scope: ScopeFilter
    ) async throws -> [MutedKind] {
        try await store.replace(Array(Set(muted)), of: person, scope: scope, at: now())
        return try await store.muted(by: person, scope: scope)
    }

    /// The channel of a link of unsubscribing.
    package func channel(ofLink token: String) -> ChannelCode? { store.channel(ofLink: token) }

    /// Unsubscribes for ever.
    package func unsubscribe(byLink token: String) async throws -> ChannelCode? {
        try await store.optOut(byLink: token, at: now())
    }
}
