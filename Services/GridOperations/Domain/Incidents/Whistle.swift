import Foundation
import Models

/// An order to call several units to an incident 吹哨.
package struct WhistleOrder: Sendable, Hashable {
    /// The whistle's id.
    package let id: WhistleID
    /// How it calls.
    package let kind: WhistleKind
    /// The codes of those that are called, each once.
    package let organisations: [String]
    /// Why; without personal numbers.
    package let reason: String

    /// How many units a whistle calls at most.
    package static let organisationsMax = 20

    /// Gathers the fields.
    package init(id: WhistleID, kind: WhistleKind, organisations: [String], reason: String) {
        self.id = id
        self.kind = kind
        self.organisations = organisations
        self.reason = reason
    }
}

/// What a unit that was called says: that it has come, what it did, or both at once.
package struct WhistleAnswer: Sendable, Hashable {
    /// The code of the unit.
    package let organisation: String
    /// Whether it has come to the place.
    package let hasArrived: Bool
    /// What it did, which ends its part; without personal numbers.
    package let result: String?

    /// Gathers the fields.
    package init(organisation: String, hasArrived: Bool, result: String?) {
        self.organisation = organisation
        self.hasArrived = hasArrived
        self.result = result
    }
}

/// A whistle: a call of a town for several units to come to an incident, and what they answered.
package struct Whistle: Sendable, Hashable {
    /// The part of one unit.
    package struct Call: Sendable, Hashable {
        /// The code of the unit.
        package let organisation: String
        /// When it first answered.
        package var answeredAt: Date?
        /// When it came to the place.
        package var arrivedAt: Date?
        /// What it did; nil as long as its part is not done.
        package var result: String?
        /// When nothing more was expected of it: it was done, or the incident came to its end.
        package var closedAt: Date?

        /// Gathers the fields.
        package init(
            organisation: String, answeredAt: Date? = nil, arrivedAt: Date? = nil, result: String? = nil,
            closedAt: Date? = nil
        ) {
            self.organisation = organisation
            self.answeredAt = answeredAt
            self.arrivedAt = arrivedAt
            self.result = result
            self.closedAt = closedAt
        }
    }

    /// Which whistle.
    package let id: WhistleID
    /// The incident that it calls to.
    package let incident: IncidentID
    /// How many there have been for the incident with this one.
    package let round: Int
    /// How it calls.
    package let kind: WhistleKind
    /// Why.
    package let reason: String
    /// When it was blown.
    package let blownAt: Date
    /// When all are to have answered.
    package let dueAt: Date
    /// What is expected of whom.
    package var calls: [Call]

    /// Gathers the fields.
    package init(
        id: WhistleID, incident: IncidentID, round: Int, kind: WhistleKind, reason: String, blownAt: Date, dueAt: Date,
        calls: [Call]
    ) {
        self.id = id
        self.incident = incident
        self.round = round
        self.kind = kind
        self.reason = reason
        self.blownAt = blownAt
        self.dueAt = dueAt
        self.calls = calls
    }

    /// Whether everybody has answered.
    package var isAnswered: Bool { calls.allSatisfy { $0.answeredAt != nil } }

    /// What readers of events learn of it.
    package var facts: WhistleFacts {
        WhistleFacts(
            whistleID: id, round: round, kind: kind, organisations: calls.map(\.organisation),
            answered: calls.filter { $0.answeredAt != nil }.map(\.organisation), dueAt: dueAt)
    }

    /// Takes an answer in.
    ///
    /// - Returns: the part of the unit afterwards.
    /// - Throws: `IncidentRefusal`.
    package mutating func take(_ answer: WhistleAnswer, at moment: Date) throws(IncidentRefusal) -> Call {
        guard let index = calls.firstIndex(where: { $0.organisation == answer.organisation }) else {
            throw .notCalled(organisation: answer.organisation)
        }
        var call = calls[index]
        guard call.closedAt == nil else { throw .alreadyAnswered(organisation: answer.organisation) }
        call.answeredAt = call.answeredAt ?? moment
        if answer.hasArrived { call.arrivedAt = call.arrivedAt ?? moment }
        if let result = answer.result { (call.result, call.closedAt) = (result, moment) }
        calls[index] = call
        return call
    }
}
