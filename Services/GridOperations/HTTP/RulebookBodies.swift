import Foundation
import Hummingbird
import Models

/// A version of the rulebook in a list, without its content.
struct RulebookSummary: ResponseEncodable, Sendable {
    let number: Int
    let state: RulebookState
    let revision: Int
    let effectiveFrom: Date?
    let createdAt: Date
    let changedAt: Date

    init(_ version: RulebookVersion) {
        number = version.number
        state = version.state
        revision = version.revision
        effectiveFrom = version.effectiveFrom
        createdAt = version.createdAt
        changedAt = version.changedAt
    }
}

/// A version of the rulebook in an answer.
struct RulebookBody: ResponseEncodable, Sendable {
    let number: Int
    let state: RulebookState
    let revision: Int
    let effectiveFrom: Date?
    let createdAt: Date
    let changedAt: Date
    let content: Rulebook
    let findings: [RulebookFinding]?

    init(_ version: RulebookVersion) {
        number = version.number
        state = version.state
        revision = version.revision
        effectiveFrom = version.effectiveFrom
        createdAt = version.createdAt
        changedAt = version.changedAt
        content = version.content
        findings = version.findings
    }
}

/// What a trial says, in an answer: counts alone, since nobody above the town sees single incidents.
struct RulebookTrialBody: ResponseEncodable, Sendable {
    /// The figures of one clock.
    struct Clock: Encodable, Sendable {
        let clock: IncidentClockKind
        let present: Side
        let tried: Side
        let newlyMissed: Int
        let noLongerMissed: Int
        let earlier: Int
        let later: Int
        let same: Int
    }

    /// What became of the clocks by one of the two rulebooks.
    struct Side: Encodable, Sendable {
        let clocks: Int
        let missed: Int
        let escalated: Int
    }

    let since: Date
    let until: Date
    let isComplete: Bool
    let incidents: Int
    let clocks: [Clock]

    init(_ report: RulebookTrialReport) {
        since = report.since
        until = report.until
        isComplete = report.isComplete
        incidents = report.trial.incidents
        clocks = RulebookTrial.kinds.map { kind in
            let figures = report.trial.figures[kind] ?? RulebookTrial.Figures()
            return Clock(
                clock: kind,
                present: Side(
                    clocks: figures.present, missed: figures.presentMissed, escalated: figures.presentEscalated),
                tried: Side(clocks: figures.tried, missed: figures.triedMissed, escalated: figures.triedEscalated),
                newlyMissed: figures.newlyMissed, noLongerMissed: figures.noLongerMissed, earlier: figures.earlier,
                later: figures.later, same: figures.same)
        }
    }
}
