import Foundation
import Models

/// An incident 事件: a report in a grid and what has become of it.
package struct Incident: Sendable, Hashable {
    /// Which incident.
    package let id: IncidentID
    /// The serial number that people quote.
    package let number: String
    /// The smallest grid around the point.
    package var gridCode: GridCode
    /// Says that it came from an old sheet.
    package let isHistorical: Bool
    /// What was reported.
    package var report: IncidentReport
    /// Where it stands.
    package var state = IncidentState.reported
    /// How often it has changed, from 1.
    package var version = 1
    /// The code of the category in its rulebook, once the desk has set it.
    package var category: String?
    /// What its category asks about it, by the codes of the attributes; without personal numbers.
    package var attributes: [String: String] = [:]
    /// The version of the rules that it keeps to: those in force when it was reported; nil from before there were any.
    package var rulebook: Int?
    /// The organisation that leads, from dispatch on.
    package var organisation: String?
    /// Organisations that help the leading one, from dispatch on.
    package var helpers: [String] = []
    /// Organisations that have given it back; each may do so once.
    package var returnedBy: [String] = []
    /// Who reported the present result.
    package var handledBy: PersonID?
    /// The present result.
    package var result: String?
    /// When it was closed; nil unless it is.
    package var closedAt: Date?
    /// The incident that it is the same as; nil unless it is joined.
    package var joinedTo: IncidentID?
    /// Where it stood before it was joined.
    package var stateBeforeJoin: IncidentState?
    /// How many are joined to it.
    package var members = 0
    /// What was said of the handling after the present close.
    package var feedback: IncidentFeedback?

    /// Makes an incident that has just been reported.
    package init(
        id: IncidentID, number: String, gridCode: GridCode, isHistorical: Bool = false, report: IncidentReport
    ) {
        self.id = id
        self.number = number
        self.gridCode = gridCode
        self.isHistorical = isHistorical
        self.report = report
    }

    /// What readers of events learn of it: no text that a person wrote.
    package var facts: IncidentFacts {
        IncidentFacts(
            incidentID: id, number: number, gridCode: gridCode, function: report.function, urgency: report.urgency,
            source: report.source, state: state, reportedAt: report.reportedAt, reporterID: report.reporterID,
            organisation: organisation, isHistorical: isHistorical, category: category,
            helpers: helpers.isEmpty ? nil : helpers, feedback: feedback, joinedTo: joinedTo,
            reports: members > 0 ? members + 1 : nil)
    }
}

/// A step of an incident's way, as it is kept beside the incident.
package struct IncidentStep: Sendable, Hashable {
    /// The version of the incident after the step.
    package let version: Int
    /// What was done.
    package let action: IncidentAction
    /// Who did it.
    package let actor: PersonID
    /// When.
    package let at: Date
    /// The state after it.
    package let state: IncidentState
    /// The organisation concerned, for dispatch, accept, return and the answer to a whistle.
    package let organisation: String?
    /// The reason, the result or the method of the verification.
    package let note: String?

    /// Gathers the fields.
    package init(
        version: Int, action: IncidentAction, actor: PersonID, at: Date, state: IncidentState, organisation: String?,
        note: String?
    ) {
        self.version = version
        self.action = action
        self.actor = actor
        self.at = at
        self.state = state
        self.organisation = organisation
        self.note = note
    }
}
