import Foundation
import Models

/// What was reported: the part of an incident that comes from outside.
package struct IncidentReport: Sendable, Hashable {
    /// The number in the sheet that it was imported from; nil for a report made here.
    package var externalNumber: String?
    /// When it was reported, to the millisecond.
    package var reportedAt: Date
    /// The function, first level of the category.
    package var function: GridFunction
    /// Says that the reporter left the function open and nobody has set it yet.
    package var functionIsProvisional = false
    /// A short title without personal numbers.
    package var title: String
    /// What is the matter, without personal numbers.
    package var description: String
    /// Where.
    package var position: Position
    /// Who or what brought it.
    package var source: IncidentSource
    /// How pressing it is.
    package var urgency: IncidentUrgency
    /// The reporter's inbox, when there is one to answer to.
    package var reporterID: PersonID?
    /// Says that the reporter wished to stay unnamed.
    package var isAnonymous = false
    /// How the reporter can be reached; only on its way in, since it is kept apart.
    package var contact: IncidentContact?
    /// The category that the reporter chose; only on its way in, since the incident has it.
    package var classification: IncidentClassification?
    /// How it came over Open311; only on its way in, since it is kept apart.
    package var open311: Open311Origin?

    /// Gathers the fields.
    package init(
        externalNumber: String? = nil, reportedAt: Date, function: GridFunction, title: String, description: String,
        position: Position, source: IncidentSource, urgency: IncidentUrgency
    ) {
        self.externalNumber = externalNumber
        self.reportedAt = reportedAt.wholeMilliseconds
        self.function = function
        self.title = title
        self.description = description
        self.position = position
        self.source = source
        self.urgency = urgency
    }

    /// The function of a report whose reporter left it open, until the community desk files it: the general door.
    package static let provisionalFunction = GridFunction.assistanceAndRelief
}

/// The category that a reporter chose, and what he answered to what it asks.
package struct IncidentClassification: Sendable, Hashable {
    /// The code of the category.
    package let category: String
    /// Whether he stated a function beside it, which must then be the category's.
    package let statesFunction: Bool
    /// The answers, by the codes of the attributes.
    package let attributes: [String: String]

    /// Gathers the parts.
    package init(category: String, statesFunction: Bool, attributes: [String: String]) {
        self.category = category
        self.statesFunction = statesFunction
        self.attributes = attributes
    }
}

extension Date {
    /// The time to the millisecond, as texts, events and the database keep it alike.
    package var wholeMilliseconds: Date {
        Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000).rounded() / 1000)
    }
}
