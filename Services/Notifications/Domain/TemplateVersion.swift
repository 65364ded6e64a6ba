import Foundation
import Models

/// A version of a template: a draft until a second person approves it, and then unchanged for ever.
package struct TemplateVersion: Sendable, Equatable {
    /// Where it stands.
    package enum State: String, Sendable, CaseIterable {
        case draft, approved
    }

    /// Which template.
    package var key: TemplateKey
    /// From 1, growing.
    package var version: Int
    /// Where it stands.
    package var state: State
    /// Whether messages are written with it: the approved version that came last.
    package var isInForce: Bool
    /// Counts the changes of a draft.
    package var revision: Int
    /// The words.
    package var words: TemplateWords
    /// Who wrote it; nil for the suite's own, and for who was erased.
    package var author: String?
    /// When it was begun.
    package var createdAt: Date
    /// When it was approved.
    package var approvedAt: Date?

    /// Gathers what is known of it.
    package init(
        key: TemplateKey, version: Int, state: State, isInForce: Bool, revision: Int, words: TemplateWords,
        author: String?, createdAt: Date, approvedAt: Date? = nil
    ) {
        self.key = key
        self.version = version
        self.state = state
        self.isInForce = isInForce
        self.revision = revision
        self.words = words
        self.author = author
        self.createdAt = createdAt
        self.approvedAt = approvedAt
    }

    /// Whether somebody may approve it.
    ///
    /// - Throws: a refusal: it is no draft, or it is his own.
    package func checkApproval(by approver: String) throws(TemplateRefusal) {
        guard state == .draft else { throw .noDraft }
        guard author != approver else { throw .approverIsAuthor }
    }
}

/// Why something is not done with a template.
package enum TemplateRefusal: Error, Sendable, Hashable {
    /// There is no such template, or no such version.
    case unknown
    /// There is no draft to approve.
    case noDraft
    /// Who wrote it may not approve it.
    case approverIsAuthor
    /// Somebody changed it meanwhile.
    case changed
}
