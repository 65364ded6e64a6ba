import Foundation
import Hummingbird
import Models

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
    let isHistorical: Bool
    let organisation: String?
    let handledBy: PersonID?
    let result: String?
    let closedAt: Date?
    let version: Int
    /// The steps since the report; only in the answer about one incident.
    let steps: [Step]?
    /// The clocks that were started on it, in the answer about one incident; the one that is due, in a list of deadlines.
    let clocks: [Clock]?

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
    package init(_ incident: Incident, of record: IncidentRecord? = nil) {
        self.init(incident, steps: record?.steps, clocks: record?.clocks)
    }

    /// The body that shows an incident of a list.
    init(_ listed: ListedIncident) { self.init(listed.incident, steps: nil, clocks: listed.clock.map { [$0] }) }

    private init(_ incident: Incident, steps: [IncidentStep]?, clocks: [IncidentClock]?) {
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
        reporterID = incident.report.reporterID
        anonymous = incident.report.isAnonymous
        isHistorical = incident.isHistorical
        organisation = incident.organisation
        handledBy = incident.handledBy
        result = incident.result
        closedAt = incident.closedAt
        version = incident.version
        self.steps = steps?.map(Step.init)
        self.clocks = clocks?.map(Clock.init)
    }
}

/// An incident of a list, with the key of its place in it.
struct ListedIncidentBody: Encodable, Sendable {
    let body: IncidentBody
    let key: String

    init(_ listed: ListedIncident) {
        body = IncidentBody(listed)
        key = listed.place.key
    }

    func encode(to encoder: any Encoder) throws { try body.encode(to: encoder) }
}
