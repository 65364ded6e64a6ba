import Foundation
import Hummingbird
import Models

/// How a reporter can be reached, in full.
struct ContactBody: Encodable, Sendable {
    let name: String?
    let mobile: String

    init(_ contact: IncidentContact) {
        name = contact.name?.value.text
        mobile = contact.mobile.value
    }
}

/// An incident in an answer.
package struct IncidentBody: ResponseEncodable, Sendable {
    let id: IncidentID
    let number: String
    let externalNumber: String?
    let gridCode: String
    let function: GridFunction
    /// The reporter left the function open and the community desk has not set it yet.
    let functionIsProvisional: Bool
    let category: String?
    let attributes: [String: String]?
    let rulebook: Int?
    let title: String
    let description: String
    let longitude: Double
    let latitude: Double
    let source: IncidentSource
    let urgency: IncidentUrgency
    let state: IncidentState
    let reportedAt: Date
    let reporterID: PersonID?
    let anonymous: Bool
    /// Whether the reporter left a way to reach him; it is shown by `contact/unmask` alone.
    let hasContact: Bool?
    let isHistorical: Bool
    let organisation: String?
    let helpers: [String]?
    let feedback: IncidentFeedback?
    /// The incident that it is the same as.
    let joinedTo: IncidentID?
    /// How many reports there are of it; absent for one.
    let reports: Int?
    let handledBy: PersonID?
    let result: String?
    let closedAt: Date?
    let version: Int
    /// The steps since the report; only in the answer about one incident.
    let steps: [Step]?
    /// The clocks that were started on it, in the answer about one incident; the one that is due, in a list of deadlines.
    let clocks: [Clock]?
    /// Its pictures, without their content; only in the answer about one incident.
    let photos: [PhotoBody]?

    /// One clock of the incident.
    struct Clock: Encodable, Sendable {
        let clock: IncidentClockKind
        let round: Int
        let state: String
        let startedAt: Date
        let dueAt: Date
        let since: Date
        let isExtended: Bool
        let level: Int?

        init(_ clock: IncidentClock) {
            self.clock = clock.kind
            round = clock.round
            state = clock.state.rawValue
            startedAt = clock.startedAt
            dueAt = clock.dueAt
            since = clock.since
            isExtended = clock.isExtended
            level = clock.level
        }
    }

    /// One step of the incident's way.
    struct Step: Encodable, Sendable {
        let version: Int
        let action: String
        let actor: PersonID
        let at: Date
        let state: IncidentState
        let organisation: String?
        let note: String?

        init(_ step: IncidentStep) {
            version = step.version
            action = step.action.rawValue
            actor = step.actor
            at = step.at
            state = step.state
            organisation = step.organisation
            note = step.note
        }
    }

    /// The body that shows an incident, with its steps and clocks where they are given.
    ///
    /// - Parameter scope: of the reader; a unit that handles it does not learn who reported it (H11).
    package init(_ incident: Incident, of record: IncidentRecord? = nil, to scope: ScopeFilter) {
        self.init(incident, of: record, clocks: record?.clocks, to: scope)
    }

    /// The body that shows an incident of a list.
    init(_ listed: ListedIncident, to scope: ScopeFilter) {
        self.init(listed.incident, of: nil, clocks: listed.clock.map { [$0] }, to: scope)
    }

    private init(_ incident: Incident, of record: IncidentRecord?, clocks: [IncidentClock]?, to scope: ScopeFilter) {
        id = incident.id
        number = incident.number
        externalNumber = incident.report.externalNumber
        gridCode = incident.gridCode.digits
        function = incident.report.function
        functionIsProvisional = incident.report.functionIsProvisional
        category = incident.category
        attributes = incident.attributes.isEmpty ? nil : incident.attributes
        rulebook = incident.rulebook
        title = incident.report.title
        description = incident.report.description
        longitude = incident.report.position.longitude
        latitude = incident.report.position.latitude
        source = incident.report.source
        urgency = incident.report.urgency
        state = incident.state
        reportedAt = incident.report.reportedAt
        let seesReporter = scope.contains(incident.gridCode) || scope.own != nil
        reporterID = seesReporter ? incident.report.reporterID : nil
        hasContact = seesReporter ? record?.hasContact : nil
        anonymous = incident.report.isAnonymous
        isHistorical = incident.isHistorical
        organisation = incident.organisation
        helpers = incident.helpers.isEmpty ? nil : incident.helpers
        feedback = incident.feedback
        joinedTo = incident.joinedTo
        reports = incident.facts.reports
        handledBy = incident.handledBy
        result = incident.result
        closedAt = incident.closedAt
        version = incident.version
        steps = record?.steps.map(Step.init)
        self.clocks = clocks?.map(Clock.init)
        photos = record?.photos.map { PhotoBody($0) }
    }
}

/// An incident of a list, with the key of its place in it.
struct ListedIncidentBody: Encodable, Sendable {
    let body: IncidentBody
    let key: String

    init(_ listed: ListedIncident, to scope: ScopeFilter) {
        body = IncidentBody(listed, to: scope)
        key = listed.place.key
    }

    func encode(to encoder: any Encoder) throws { try body.encode(to: encoder) }
}
