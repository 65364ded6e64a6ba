import Foundation

/// The five grid functions 五项职能, the first level of the incident categories.
package enum GridFunction: String, Sendable, Codable, CaseIterable {
    case policyPublicity
    case cultureForThePeople
    case emergencyManagement
    case assistanceAndRelief
    case disputeMediation
}

/// Who or what brought a report.
package enum IncidentSource: String, Sendable, Codable, CaseIterable {
    case gridWorker
    case resident
    case volunteer
    case unit
    case hotline
    case patrol
    case system
}

/// How pressing a report is.
package enum IncidentUrgency: String, Sendable, Codable, CaseIterable {
    case ordinary
    case urgent
    case emergency
}

/// The states of an incident (seven phases of GB/T 30428; `DOMAIN.md` 2.5.2).
package enum IncidentState: String, Sendable, Codable, CaseIterable {
    case reported
    case filed
    case rejected
    case dispatched
    case inProgress
    case handled
    case closed
    case withdrawn
    /// Long closed: nobody can be reached about it any more.
    case archived
    /// It is the same as another, and follows that one.
    case joined

    /// Nothing more is expected to happen, though a closed incident may be reopened, and a joined one split off again.
    package var isEnd: Bool {
        switch self {
        case .rejected, .closed, .withdrawn, .archived, .joined: true
        case .reported, .filed, .dispatched, .inProgress, .handled: false
        }
    }
}

/// What readers know of an incident: no text that a person wrote, and no contact.
package struct IncidentFacts: Codable, Sendable, Equatable {
    /// Which incident.
    package var incidentID: IncidentID
    /// The serial number that people quote.
    package var number: String
    /// The smallest grid around the point.
    package var gridCode: GridCode
    /// The function, first level of the category.
    package var function: GridFunction
    /// The code of the category in the county's rulebook, once the desk has set it.
    package var category: String?
    /// How pressing it is.
    package var urgency: IncidentUrgency
    /// Who or what brought it.
    package var source: IncidentSource
    /// The state after the event.
    package var state: IncidentState
    /// When it was reported.
    package var reportedAt: Date
    /// The inbox of the reporter, when the reporter left one.
    package var reporterID: PersonID?
    /// The organisation that leads, from dispatch on.
    package var organisation: String?
    /// Organisations that help the leading one; nil for none.
    package var helpers: [String]?
    /// What was said of the handling after the close; nil as long as nothing was.
    package var feedback: IncidentFeedback?
    /// The incident that it is the same as, and follows; nil for none.
    package var joinedTo: IncidentID?
    /// How many reports there are of it, with those that were joined to it; nil for one.
    package var reports: Int?
    /// Says that the incident came from an old sheet, so that nobody is told of it as news.
    package var isHistorical: Bool

    /// Gathers the facts.
    package init(
        incidentID: IncidentID, number: String, gridCode: GridCode, function: GridFunction, urgency: IncidentUrgency,
        source: IncidentSource, state: IncidentState, reportedAt: Date, reporterID: PersonID? = nil,
        organisation: String? = nil, isHistorical: Bool = false, category: String? = nil, helpers: [String]? = nil,
        feedback: IncidentFeedback? = nil, joinedTo: IncidentID? = nil, reports: Int? = nil
    ) {
        self.joinedTo = joinedTo
        self.reports = reports
        self.category = category
        self.helpers = helpers
        self.feedback = feedback
        self.incidentID = incidentID
        self.number = number
        self.gridCode = gridCode
        self.function = function
        self.urgency = urgency
        self.source = source
        self.state = state
        self.reportedAt = reportedAt
        self.reporterID = reporterID
        self.organisation = organisation
        self.isHistorical = isHistorical
    }
}

/// What was said of the handling of an incident after its close 回访: about the work, not about a person.
package struct IncidentFeedback: Codable, Sendable, Hashable {
    /// Whether the matter is settled.
    package enum Resolved: String, Codable, Sendable, CaseIterable {
        case yes
        case no
        case unknown
    }

    /// How the handling was found.
    package enum Satisfaction: String, Codable, Sendable, CaseIterable {
        case satisfied
        case ordinary
        case dissatisfied
        case noAnswer
    }

    /// Whether the matter is settled.
    package var resolved: Resolved
    /// How the handling was found.
    package var satisfaction: Satisfaction
    /// When it was said.
    package var on: Date

    /// Gathers the answers.
    package init(resolved: Resolved, satisfaction: Satisfaction, on: Date) {
        self.resolved = resolved
        self.satisfaction = satisfaction
        self.on = on
    }
}

/// An event about an incident; every one carries the incident as it is after the event.
package protocol IncidentEvent: EventPayload {
    /// The incident after the event.
    var incident: IncidentFacts { get }
    /// Wraps the facts.
    init(incident: IncidentFacts)
}

extension IncidentEvent {
    package static var topic: Topic { .incident }
    package var aggregateID: String { incident.incidentID.description }
    package var divisionCode: DivisionCode? { incident.gridCode.community }
}

/// A report came in and its grid was found (EV-18).
package struct IncidentReported: IncidentEvent {
    package static let name = "IncidentReported"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// The community desk accepted the report and set its category.
package struct IncidentFiled: IncidentEvent {
    package static let name = "IncidentFiled"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// The report was refused with a reason.
package struct IncidentRejected: IncidentEvent {
    package static let name = "IncidentRejected"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// The incident was sent to the organisation that leads its handling.
package struct IncidentDispatched: IncidentEvent {
    package static let name = "IncidentDispatched"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// The organisation took the incident on.
package struct IncidentAccepted: IncidentEvent {
    package static let name = "IncidentAccepted"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// The organisation gave the incident back with a reason.
package struct IncidentReturned: IncidentEvent {
    package static let name = "IncidentReturned"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// The result of the handling was reported.
package struct IncidentHandled: IncidentEvent {
    package static let name = "IncidentHandled"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// Another person than the handler verified the result.
package struct IncidentClosed: IncidentEvent {
    package static let name = "IncidentClosed"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// Verification failed, or the incident was opened again after closing.
package struct IncidentReopened: IncidentEvent {
    package static let name = "IncidentReopened"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// The reporter took the report back.
package struct IncidentWithdrawn: IncidentEvent {
    package static let name = "IncidentWithdrawn"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// Half a year after the close: the reporter and the contact are erased, here and by whoever reads this.
package struct IncidentArchived: IncidentEvent {
    package static let name = "IncidentArchived"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// The report is of the same matter as another, and follows that one from now on.
package struct IncidentJoined: IncidentEvent {
    package static let name = "IncidentJoined"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// The report turned out to be a matter of its own, and is where it was before it was joined.
package struct IncidentSplit: IncidentEvent {
    package static let name = "IncidentSplit"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// After the close somebody said how the handling was; the facts hold it.
package struct IncidentFeedbackRecorded: IncidentEvent {
    package static let name = "IncidentFeedbackRecorded"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}

/// The present state of an incident, said again for readers that came late.
package struct IncidentStated: IncidentEvent {
    package static let name = "IncidentStated"
    package var incident: IncidentFacts
    package init(incident: IncidentFacts) { self.incident = incident }
}
