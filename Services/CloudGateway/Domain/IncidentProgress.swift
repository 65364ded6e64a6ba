import Foundation
import Models

/// What a run of events tells of an incident beside its present state.
package struct IncidentProgress: Sendable, Equatable {
    /// A time that is set, taken back, or not spoken of.
    package enum Moment: Sendable, Equatable {
        case unsaid
        case none
        case at(Date)
    }

    /// Where it lies.
    package private(set) var gridCode: GridCode
    /// When the desk first took it in or refused it, as far as these events tell.
    package private(set) var respondedAt: Date?
    /// When it was closed.
    package private(set) var closedAt = Moment.unsaid
    /// Whether a time limit was missed.
    package private(set) var hasMissed = false
    /// What the reporter said last.
    package private(set) var feedback: IncidentFeedback?

    /// Knows where an incident lies.
    package init(gridCode: GridCode) { self.gridCode = gridCode }

    /// Notes that the incident moved.
    package mutating func note(gridCode: GridCode) { self.gridCode = gridCode }

    /// Notes that the desk took it in or refused it; the first time counts.
    package mutating func noteResponse(at moment: Date) { respondedAt = min(respondedAt ?? moment, moment) }

    /// Notes that it was closed.
    package mutating func noteClose(at moment: Date) { closedAt = .at(moment) }

    /// Notes that it is open again.
    package mutating func noteReopening() { closedAt = .none }

    /// Notes that a time limit was missed.
    package mutating func noteMiss() { hasMissed = true }

    /// Notes what the reporter said.
    package mutating func note(_ feedback: IncidentFeedback) { self.feedback = feedback }
}
