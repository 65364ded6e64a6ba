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

    /// The body that shows an incident, with its steps where they are given.
    package init(_ incident: Incident, steps: [IncidentStep]? = nil) {
        id = incident.id
        number = incident.number
        externalNumber = incident.report.externalNumber
        gridCode = incident.gridCode.digits
        function = incident.report.function
        functionIsProvisional = incident.report.functionIsProvisional
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
    }
}
