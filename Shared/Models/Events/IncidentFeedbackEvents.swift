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

/// The reporter was asked what became of it; the last answer counts.
package struct IncidentFeedbackRecorded: EventPayload {
    package static let name = "IncidentFeedbackRecorded"
    package var incident: IncidentFacts
    package var feedback: IncidentFeedback

    package init(incident: IncidentFacts, feedback: IncidentFeedback) {
        self.incident = incident
        self.feedback = feedback
    }
}

extension IncidentFeedbackRecorded {
    package static var topic: Topic { .incident }
    package var aggregateID: String { incident.incidentID.description }
    package var divisionCode: DivisionCode? { incident.gridCode.community }
}
