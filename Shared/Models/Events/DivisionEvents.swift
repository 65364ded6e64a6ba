/// What readers know of a division.
package struct DivisionFacts: Codable, Sendable, Equatable {
    /// The code of 6, 9 or 12 digits.
    package var code: DivisionCode
    /// The division's official name; a place, not a person.
    package var name: String
    /// The level, which follows from the code.
    package var level: DivisionLevel
    /// The kind, for villages and communities.
    package var kind: CommunityKind?
    /// Managed households 管理户数, if stated.
    package var households: Int?

    /// Gathers the facts.
    package init(
        code: DivisionCode, name: String, level: DivisionLevel, kind: CommunityKind? = nil, households: Int? = nil
    ) {
        self.code = code
        self.name = name
        self.level = level
        self.kind = kind
        self.households = households
    }
}

/// An event about a division; every one carries the division as it is after the event.
package protocol DivisionEvent: EventPayload {
    /// The division after the event.
    var division: DivisionFacts { get }
}

extension DivisionEvent {
    package static var topic: Topic { .division }
    package var aggregateID: String { division.code.digits }
    package var divisionCode: DivisionCode? { division.code }
}

/// A division was entered for the first time.
package struct DivisionRegistered: DivisionEvent {
    package static let name = "DivisionRegistered"
    package var division: DivisionFacts
    /// Wraps the facts.
    package init(division: DivisionFacts) { self.division = division }
}

/// A division's name, kind or households changed (EV-01, EV-03).
package struct DivisionChanged: DivisionEvent {
    package static let name = "DivisionChanged"
    package var division: DivisionFacts
    /// Wraps the facts.
    package init(division: DivisionFacts) { self.division = division }
}

/// The present state of a division, said again for readers that came late.
package struct DivisionStated: DivisionEvent {
    package static let name = "DivisionStated"
    package var division: DivisionFacts
    /// Wraps the facts.
    package init(division: DivisionFacts) { self.division = division }
}
