import Foundation
import Models

/// Where versions of the rulebook are kept.
package protocol RulebookStore: Sendable {
    /// Versions without their content's weight being spared, the newest number first.
    func list(before number: Int?, limit: Int) async throws -> [RulebookVersion]

    /// A version by its number.
    func find(_ number: Int) async throws -> RulebookVersion?

    /// Writes a new draft, once for a key.
    ///
    /// - Returns: the number of the draft, or of the one that the first request with the same key and body wrote.
    /// - Throws: a problem when the key was used for another body.
    func create(_ content: Rulebook, at moment: Date, key: IdempotencyKey) async throws -> Int

    /// Locks a version, lets `decide` change it, and writes it.
    ///
    /// - Parameter decide: gets the version, what a check must know of the county, and from when on the last published
    ///   version counts.
    /// - Throws: `RulebookRefusal.unknown`; what `decide` throws.
    func change(
        _ number: Int,
        _ decide: @escaping @Sendable (RulebookVersion, RulebookSurroundings, Date?) throws -> RulebookVersion
    ) async throws -> RulebookVersion
}

/// A new draft as a request states it: its content, or the number of the version that it begins as.
package struct RulebookDraft: Decodable, Sendable {
    package var content: Rulebook?
    package var copyOf: Int?

    package init(content: Rulebook? = nil, copyOf: Int? = nil) {
        self.content = content
        self.copyOf = copyOf
    }
}

/// Keeps the county's rulebook: drafts, checks, publishing.
package struct KeepRulebooks: Sendable {
    private let store: any RulebookStore
    private let now: @Sendable () -> Date

    /// Writes to a store, with a clock for what is due when.
    package init(store: any RulebookStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Versions, the newest number first.
    package func list(before number: Int?, limit: Int) async throws -> [RulebookVersion] {
        try await store.list(before: number, limit: limit)
    }

    /// A version by its number.
    ///
    /// - Throws: `RulebookRefusal.unknown`.
    package func one(_ number: Int) async throws -> RulebookVersion {
        guard let version = try await store.find(number) else { throw RulebookRefusal.unknown }
        return version
    }

    /// Begins a draft.
    ///
    /// - Throws: `RowFaults`, `RulebookRefusal`, or a problem of the key.
    package func create(_ draft: RulebookDraft, key: IdempotencyKey, scope: ScopeFilter) async throws -> RulebookVersion
    {
        try Self.requireCounty(scope)
        let content: Rulebook
        if let stated = draft.content {
            content = try stated.bounded()
        } else if let number = draft.copyOf {
            content = try await one(number).content
        } else {
            throw RowFaults([.required("content")])
        }
        return try await one(try await store.create(content, at: now(), key: key))
    }

    /// Puts other content into a draft.
    ///
    /// - Parameter revision: the revision that the caller has read; nil for any.
    /// - Throws: `RowFaults`, `VersionMismatch`, `RulebookRefusal`.
    package func replace(
        _ number: Int, _ content: Rulebook, ifRevision revision: Int?, scope: ScopeFilter
    ) async throws -> RulebookVersion {
        try Self.requireCounty(scope)
        let content = try content.bounded()
        let moment = now()
        return try await change(number, ifRevision: revision) { version, _, _ in
            try version.replacing(content, at: moment)
        }
    }

    /// Checks a draft and keeps what was found.
    ///
    /// - Throws: `VersionMismatch`, `RulebookRefusal`.
    package func check(_ number: Int, ifRevision revision: Int?, scope: ScopeFilter) async throws -> RulebookVersion {
        try Self.requireCounty(scope)
        let moment = now()
        let today = try CountyCalendar.day(of: moment)
        return try await change(number, ifRevision: revision) { version, county, _ in
            try version.checked(RulebookCheck(version.content, today: today, in: county).findings, at: moment)
        }
    }

    /// Makes a checked version count from a moment on.
    ///
    /// - Throws: `VersionMismatch`, `RulebookRefusal`.
    package func publish(
        _ number: Int, from start: Date?, ifRevision revision: Int?, scope: ScopeFilter
    ) async throws -> RulebookVersion {
        try Self.requireCounty(scope)
        let moment = now()
        let today = try CountyCalendar.day(of: moment)
        return try await change(number, ifRevision: revision) { version, county, last in
            let findings = RulebookCheck(version.content, today: today, in: county).findings
            return try version.published(from: start, after: last, finding: findings, at: moment)
        }
    }

    private func change(
        _ number: Int, ifRevision revision: Int?,
        _ decide: @escaping @Sendable (RulebookVersion, RulebookSurroundings, Date?) throws -> RulebookVersion
    ) async throws -> RulebookVersion {
        try await store.change(number) { version, county, last in
            if let revision, revision != version.revision { throw VersionMismatch() }
            return try decide(version, county, last)
        }
    }

    /// The rules are those of the whole county: who administers a part of it does not write them.
    private static func requireCounty(_ scope: ScopeFilter) throws(RowFaults) {
        guard scope.hasCounty else { throw RowFaults([.wholeCounty("content")]) }
    }
}

extension RowFault {
    /// Something of the whole county, written by who administers a part of it.
    fileprivate static func wholeCounty(_ field: String) -> RowFault {
        RowFault(
            field: field, code: .outsideScope, "规则适用于全县，请由县级管理员提交",
            "the rules are those of the whole county; its administrator must send them"
        )
    }
}
