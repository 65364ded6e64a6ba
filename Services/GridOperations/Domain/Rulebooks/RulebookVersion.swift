import Foundation
import Models

/// How far a version of the rulebook has come.
package enum RulebookState: String, Codable, Sendable, CaseIterable {
    /// It may be changed.
    case draft
    /// The last check found nothing that forbids to publish it; a change makes it a draft again.
    case checked
    /// It counts from its moment on, and never changes.
    case published
}

/// A version of the rulebook as it is kept.
package struct RulebookVersion: Sendable, Hashable {
    /// Its number.
    package let number: Int
    package var state: RulebookState
    /// How often it has changed, from 1.
    package var revision: Int
    package var content: Rulebook
    /// What the last check found; nil when it has changed since.
    package var findings: [RulebookFinding]?
    /// Reports from this moment on keep to it; nil until it is published.
    package var effectiveFrom: Date?
    package let createdAt: Date
    package var changedAt: Date

    package init(
        number: Int, state: RulebookState = .draft, revision: Int = 1, content: Rulebook,
        findings: [RulebookFinding]? = nil, effectiveFrom: Date? = nil, createdAt: Date, changedAt: Date
    ) {
        self.number = number
        self.state = state
        self.revision = revision
        self.content = content
        self.findings = findings
        self.effectiveFrom = effectiveFrom
        self.createdAt = createdAt
        self.changedAt = changedAt
    }
}

/// Why an order about a version of the rulebook cannot be carried out.
package enum RulebookRefusal: Error, Sendable, Hashable {
    /// There is no such version.
    case unknown
    /// It is published and stays as it is.
    case published
    /// It has not been checked since it last changed, or the check found something that forbids to publish it.
    case notChecked
    /// What is to be published would now be found at fault, for example since a year has ended.
    case errors([RulebookFinding])
    /// Reports cannot keep to it from that moment on: the first that is allowed.
    case tooSoon(earliest: Date)
}

/// Orders about a version; each says what the version is afterwards.
extension RulebookVersion {
    /// How long before reports keep to it a version is published at least, so that every replica knows it in time.
    package static let noticeMin: TimeInterval = 60

    /// Puts other content in its place.
    ///
    /// - Throws: `RulebookRefusal`.
    package func replacing(_ content: Rulebook, at moment: Date) throws(RulebookRefusal) -> RulebookVersion {
        try changed(at: moment) { version in
            version.content = content
            version.state = .draft
            version.findings = nil
        }
    }

    /// Keeps what a check has found.
    ///
    /// - Throws: `RulebookRefusal`.
    package func checked(_ findings: [RulebookFinding], at moment: Date) throws(RulebookRefusal) -> RulebookVersion {
        try changed(at: moment) { version in
            version.findings = findings
            version.state = findings.contains { $0.severity == .error } ? .draft : .checked
        }
    }

    /// Makes it count.
    ///
    /// - Parameters:
    ///   - start: from when on; nil for as soon as possible.
    ///   - last: from when on the last published version counts.
    ///   - findings: what a check finds now.
    /// - Throws: `RulebookRefusal`.
    package func published(
        from start: Date?, after last: Date?, finding findings: [RulebookFinding], at moment: Date
    ) throws(RulebookRefusal) -> RulebookVersion {
        guard state != .published else { throw .published }
        guard state == .checked else { throw .notChecked }
        let errors = findings.filter { $0.severity == .error }
        guard errors.isEmpty else { throw .errors(errors) }
        let notice = moment.addingTimeInterval(Self.noticeMin)
        let earliest = last.map { max(notice, $0.addingTimeInterval(1)) } ?? notice
        let start = (start ?? earliest).wholeMilliseconds
        guard start >= earliest.wholeMilliseconds else { throw .tooSoon(earliest: earliest) }
        return try changed(at: moment) { version in
            version.findings = findings
            version.state = .published
            version.effectiveFrom = start
        }
    }

    private func changed(
        at moment: Date, _ change: (inout RulebookVersion) -> Void
    ) throws(RulebookRefusal) -> RulebookVersion {
        guard state != .published else { throw .published }
        var after = self
        change(&after)
        after.revision += 1
        after.changedAt = moment
        return after
    }
}
