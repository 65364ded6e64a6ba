import Foundation

/// How a town calls units together 吹哨.
package enum WhistleKind: String, Sendable, Codable, CaseIterable {
    /// 日常: what comes up every day and needs more than one.
    case daily
    /// 攻坚: what has not been settled for long.
    case hard
    /// 应急: what cannot wait.
    case emergency
}

/// What readers know of a whistle: no text that a person wrote.
package struct WhistleFacts: Codable, Sendable, Equatable {
    /// Which whistle.
    package var whistleID: WhistleID
    /// How many there have been for the incident with this one.
    package var round: Int
    /// How it calls.
    package var kind: WhistleKind
    /// The codes of those that are called.
    package var organisations: [String]
    /// Those of them that have answered.
    package var answered: [String]
    /// When all are to have answered.
    package var dueAt: Date

    /// Gathers the facts.
    package init(
        whistleID: WhistleID, round: Int, kind: WhistleKind, organisations: [String], answered: [String], dueAt: Date
    ) {
        self.whistleID = whistleID
        self.round = round
        self.kind = kind
        self.organisations = organisations
        self.answered = answered
        self.dueAt = dueAt
    }
}

/// What readers know of an answer to a whistle: not what was written.
package struct WhistleAnswerFacts: Codable, Sendable, Equatable {
    /// The code of the unit.
    package var organisation: String
    /// Whether it has come to the place.
    package var hasArrived: Bool
    /// Whether it has done its part.
    package var isDone: Bool

    /// Gathers the facts.
    package init(organisation: String, hasArrived: Bool, isDone: Bool) {
        self.organisation = organisation
        self.hasArrived = hasArrived
        self.isDone = isDone
    }
}

/// An event about a whistle; every one carries the incident and the whistle as they are after the event.
package protocol WhistleEvent: EventPayload {
    /// The incident after the event.
    var incident: IncidentFacts { get }
    /// The whistle after the event.
    var whistle: WhistleFacts { get }
}

extension WhistleEvent {
    package static var topic: Topic { .incident }
    package var aggregateID: String { incident.incidentID.description }
    package var divisionCode: DivisionCode? { incident.gridCode.community }
}

/// A town called units to an incident (EV-20).
package struct WhistleBlown: WhistleEvent {
    package static let name = "WhistleBlown"
    package var incident: IncidentFacts
    package var whistle: WhistleFacts
    /// Wraps the facts.
    package init(incident: IncidentFacts, whistle: WhistleFacts) {
        self.incident = incident
        self.whistle = whistle
    }
}

/// A unit that was called answered: it arrived, or said what it did (EV-20).
package struct WhistleAnswered: WhistleEvent {
    package static let name = "WhistleAnswered"
    package var incident: IncidentFacts
    package var whistle: WhistleFacts
    /// Whose answer it was.
    package var answer: WhistleAnswerFacts
    /// Wraps the facts.
    package init(incident: IncidentFacts, whistle: WhistleFacts, answer: WhistleAnswerFacts) {
        self.incident = incident
        self.whistle = whistle
        self.answer = answer
    }
}
