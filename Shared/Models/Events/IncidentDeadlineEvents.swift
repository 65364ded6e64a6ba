import Foundation

/// The clocks that run on an incident.
package enum IncidentClockKind: String, Sendable, Codable, CaseIterable {
    /// From the report until somebody has taken it up.
    case response
    /// From the filing until the result holds.
    case resolve
    /// From a whistle until every unit that it called has answered.
    case whistle
}

/// What readers know of a clock that runs on an incident.
package struct DeadlineFacts: Codable, Sendable, Equatable {
    /// Which clock.
    package var clock: IncidentClockKind
    /// How often it was started: 1, and one more with each reopening.
    package var round: Int
    /// When the time is up, or was; while the clock is paused, when it would have been.
    package var dueAt: Date
    /// How far it has come: 0 reminded, 1 missed, more for each step up the line; nil before any of it.
    package var level: Int?
    /// The division whose leaders must know now; nil when nobody above the handlers need know.
    package var escalatedTo: DivisionCode?
    /// Says that the time was extended.
    package var isExtended: Bool

    /// Gathers the facts.
    package init(
        clock: IncidentClockKind, round: Int, dueAt: Date, level: Int? = nil, escalatedTo: DivisionCode? = nil,
        isExtended: Bool = false
    ) {
        self.clock = clock
        self.round = round
        self.dueAt = dueAt
        self.level = level
        self.escalatedTo = escalatedTo
        self.isExtended = isExtended
    }
}

/// An event about a clock of an incident; every one carries the incident and the clock as they are after the event.
package protocol IncidentDeadlineEvent: EventPayload {
    /// The incident after the event.
    var incident: IncidentFacts { get }
    /// The clock after the event.
    var deadline: DeadlineFacts { get }
    /// Wraps the facts.
    init(incident: IncidentFacts, deadline: DeadlineFacts)
}

extension IncidentDeadlineEvent {
    package static var topic: Topic { .incident }
    package var aggregateID: String { incident.incidentID.description }
    package var divisionCode: DivisionCode? { incident.gridCode.community }
}

/// Most of the time of a clock is over.
package struct IncidentDeadlineApproaching: IncidentDeadlineEvent {
    package static let name = "IncidentDeadlineApproaching"
    package var incident: IncidentFacts
    package var deadline: DeadlineFacts
    package init(incident: IncidentFacts, deadline: DeadlineFacts) {
        self.incident = incident
        self.deadline = deadline
    }
}

/// The time of a clock is over, or it is time for the next in line to know (EV-19).
package struct IncidentDeadlineMissed: IncidentDeadlineEvent {
    package static let name = "IncidentDeadlineMissed"
    package var incident: IncidentFacts
    package var deadline: DeadlineFacts
    package init(incident: IncidentFacts, deadline: DeadlineFacts) {
        self.incident = incident
        self.deadline = deadline
    }
}

/// The time of a clock was extended, with approval (EV-19).
package struct IncidentDueExtended: IncidentDeadlineEvent {
    package static let name = "IncidentDueExtended"
    package var incident: IncidentFacts
    package var deadline: DeadlineFacts
    package init(incident: IncidentFacts, deadline: DeadlineFacts) {
        self.incident = incident
        self.deadline = deadline
    }
}

/// The handling waits for something outside, and its clock stands.
package struct IncidentPaused: IncidentDeadlineEvent {
    package static let name = "IncidentPaused"
    package var incident: IncidentFacts
    package var deadline: DeadlineFacts
    package init(incident: IncidentFacts, deadline: DeadlineFacts) {
        self.incident = incident
        self.deadline = deadline
    }
}

/// The handling goes on after a pause, with the time that was left.
package struct IncidentResumed: IncidentDeadlineEvent {
    package static let name = "IncidentResumed"
    package var incident: IncidentFacts
    package var deadline: DeadlineFacts
    package init(incident: IncidentFacts, deadline: DeadlineFacts) {
        self.incident = incident
        self.deadline = deadline
    }
}
