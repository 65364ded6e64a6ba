import Foundation

/// What a reporter says of the result.
package struct IncidentFeedback: Codable, Sendable, Equatable {
    /// Whether it is settled in the reporter's eyes.
    package enum Resolved: String, Codable, Sendable, CaseIterable {
        case yes
        case no
        case unknown
    }

    /// How satisfied the reporter is.
    package enum Satisfaction: String, Codable, Sendable, CaseIterable {
        case satisfied
        case ordinary
        case dissatisfied
        case noAnswer
    }

    /// Whether it is settled in the reporter's eyes.
    package var resolved: Resolved
    /// How satisfied the reporter is.
    package var satisfaction: Satisfaction
    /// When it was asked.
    package var on: CalendarDay

    /// Gathers the fields.
    package init(resolved: Resolved, satisfaction: Satisfaction, on: CalendarDay) {
        self.resolved = resolved
        self.satisfaction = satisfaction
        self.on = on
    }
}

/// An event about what a reporter says; it carries the incident and the answer as they are after the event.
package protocol IncidentFeedbackEvent: EventPayload {
    /// The incident after the event.
    var incident: IncidentFacts { get }
    /// What the reporter says.
    var feedback: IncidentFeedback { get }
    /// Wraps the facts.
    init(incident: IncidentFacts, feedback: IncidentFeedback)
}

extension IncidentFeedbackEvent {
    package static var topic: Topic { .incident }
    package var aggregateID: String { incident.incidentID.description }
    package var divisionCode: DivisionCode? { incident.gridCode.community }
}

/// The reporter was asked what became of it; the last answer counts.
package struct IncidentFeedbackRecorded: IncidentFeedbackEvent {
    package static let name = "IncidentFeedbackRecorded"
    package var incident: IncidentFacts
    package var feedback: IncidentFeedback
    package init(incident: IncidentFacts, feedback: IncidentFeedback) {
        self.incident = incident
        self.feedback = feedback
    }
}
