import Foundation
import Models

/// Where templates are kept.
package protocol TemplateStore: Sendable {
    /// The newest version of each template, by code and channel.
    ///
    /// - Parameter last: only those after it; nil for the first.
    func list(after last: (code: String, channel: String)?, limit: Int) async throws -> [TemplateVersion]

    /// The versions of a template, the newest first.
    func versions(of key: TemplateKey, before version: Int?, limit: Int) async throws -> [TemplateVersion]

    /// One version.
    func find(_ key: TemplateKey, version: Int) async throws -> TemplateVersion?

    /// Writes the draft of a template: a new one, or other words into the one that there is.
    ///
    /// - Parameter revision: the draft's revision that the caller has read, 0 for no draft; nil for any.
    /// - Throws: `TemplateRefusal.changed`.
    func draft(
        _ key: TemplateKey, _ words: TemplateWords, by author: String, ifRevision revision: Int?, at moment: Date
    ) async throws -> TemplateVersion

    /// Approves the draft of a template, and messages are written with it from now on.
    ///
    /// - Parameter check: says whether it may be; gets the draft and the events whose routes in force name the template.
    /// - Throws: `TemplateRefusal`; what `check` throws.
    func approve(
        _ key: TemplateKey, by approver: String, ifRevision revision: Int?, at moment: Date,
        _ check: @escaping @Sendable (TemplateVersion, [NewsEvent]) throws -> Void
    ) async throws -> TemplateVersion

    /// Puts a message with a template's words into an inbox.
    func send(
        _ version: TemplateVersion, _ slots: MessageSlots, of event: NewsEvent, to person: PersonID, code: String,
        at moment: Date
    ) async throws
}

/// Keeps the words of messages: drafts, a second person's approval, trying out.
package struct KeepTemplates: Sendable {
    private let store: any TemplateStore
    private let watcher: InboxWatcher
    private let now: @Sendable () -> Date

    /// Keeps in a store, with the time of a clock.
    package init(store: any TemplateStore, watcher: InboxWatcher, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.watcher = watcher
        self.now = now
    }

    /// The newest version of each template.
    package func list(after last: (code: String, channel: String)?, limit: Int) async throws -> [TemplateVersion] {
        try await store.list(after: last, limit: limit)
    }

    /// The versions of a template, the newest first.
    package func versions(of key: TemplateKey, before version: Int?, limit: Int) async throws -> [TemplateVersion] {
        try await store.versions(of: key, before: version, limit: limit)
    }

    /// Writes a draft.
    ///
    /// - Throws: `MessageFaults`, `TemplateRefusal`.
    package func draft(
        _ key: TemplateKey, _ words: TemplateWords, by author: String, ifRevision revision: Int?, scope: ScopeFilter
    ) async throws -> TemplateVersion {
        try Self.requireCounty(scope)
        let faults = words.faults
        guard faults.isEmpty else { throw MessageFaults(faults) }
        return try await store.draft(key, words, by: author, ifRevision: revision, at: now())
    }

    /// Approves a draft, which somebody else has written, for all events whose routes name it.
    ///
    /// - Throws: `MessageFaults` for slots that one of those events does not have, `TemplateRefusal`.
    package func approve(
        _ key: TemplateKey, by approver: String, ifRevision revision: Int?, scope: ScopeFilter
    ) async throws -> TemplateVersion {
        try Self.requireCounty(scope)
        return try await store.approve(key, by: approver, ifRevision: revision, at: now()) { draft, events in
            try draft.checkApproval(by: approver)
            let slots = draft.words.slots
            let faults = events.compactMap { event -> RowFault? in
                let foreign = slots.subtracting(event.slots)
                return foreign.isEmpty ? nil : .slotOfOtherEvent("words", Array(foreign), event)
            }
            guard faults.isEmpty else { throw MessageFaults(faults) }
        }
    }

    /// The words as a reader would see them after an event, with made-up values.
    ///
    /// - Throws: `TemplateRefusal.unknown`; `MessageFaults` for slots that the event does not have.
    package func preview(_ key: TemplateKey, version: Int, of event: NewsEvent) async throws -> TemplateWords {
        let found = try await checked(key, version, event)
        return try found.words.filled(MessageSlots(sampleOf: event))
    }

    /// Sends the words, with made-up values, to the inbox of who asks.
    ///
    /// - Throws: as `preview`.
    package func test(
        _ key: TemplateKey, version: Int, of event: NewsEvent, to person: PersonID, scope: ScopeFilter
    ) async throws {
        let found = try await checked(key, version, event)
        try await store.send(
            found, MessageSlots(sampleOf: event), of: event, to: person, code: scope.prefixes.first ?? "", at: now())
        watcher.wake()
    }

    private func checked(_ key: TemplateKey, _ version: Int, _ event: NewsEvent) async throws -> TemplateVersion {
        guard let found = try await store.find(key, version: version) else { throw TemplateRefusal.unknown }
        let foreign = found.words.slots.subtracting(event.slots)
        guard foreign.isEmpty else { throw MessageFaults([.slotOfOtherEvent("event", Array(foreign), event)]) }
        return found
    }

    /// The words are those of the whole county.
    private static func requireCounty(_ scope: ScopeFilter) throws(MessageFaults) {
        guard scope.hasCounty else { throw MessageFaults([.outsideScope("code")]) }
    }
}
