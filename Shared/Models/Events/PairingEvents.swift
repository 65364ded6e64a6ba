/// What kind of unit it is, as the county's sheet says.
package enum UnitKind: String, Sendable, Codable, CaseIterable {
    case government
    case publicInstitution
    case stateEnterprise
    case massOrganisation
    case financialInstitution
    case school
    case hospital
}

/// What readers know of a unit.
package struct UnitFacts: Codable, Sendable, Equatable {
    /// The unified social credit code.
    package var unitCode: UnifiedSocialCreditCode
    /// The kind.
    package var kind: UnitKind
    /// How many Party members the unit registered (a count, never a roster).
    package var memberCount: Int

    /// Gathers the facts.
    package init(unitCode: UnifiedSocialCreditCode, kind: UnitKind, memberCount: Int) {
        self.unitCode = unitCode
        self.kind = kind
        self.memberCount = memberCount
    }
}

/// An event about a unit.
package protocol UnitEvent: EventPayload {
    /// The unit after the event.
    var unit: UnitFacts { get }
}

extension UnitEvent {
    package static var topic: Topic { .unit }
    package var aggregateID: String { unit.unitCode.text }
    package var divisionCode: DivisionCode? { nil }
}

/// A unit was enrolled (EV-25).
package struct UnitEnrolled: UnitEvent {
    package static let name = "UnitEnrolled"
    package var unit: UnitFacts
    /// Wraps the facts.
    package init(unit: UnitFacts) { self.unit = unit }
}

/// A unit's kind or member count changed.
package struct UnitChanged: UnitEvent {
    package static let name = "UnitChanged"
    package var unit: UnitFacts
    /// Wraps the facts.
    package init(unit: UnitFacts) { self.unit = unit }
}

/// The present state of a unit, said again for readers that came late.
package struct UnitStated: UnitEvent {
    package static let name = "UnitStated"
    package var unit: UnitFacts
    /// Wraps the facts.
    package init(unit: UnitFacts) { self.unit = unit }
}

/// What readers know of a pairing.
package struct PairingFacts: Codable, Sendable, Equatable {
    /// Which pairing.
    package var pairingID: PairingID
    /// The unit that helps.
    package var unitCode: UnifiedSocialCreditCode
    /// The community or village that it helps.
    package var targetCode: DivisionCode
    /// The first day.
    package var from: CalendarDay
    /// The last day.
    package var to: CalendarDay

    /// Gathers the facts.
    package init(
        pairingID: PairingID, unitCode: UnifiedSocialCreditCode, targetCode: DivisionCode, from: CalendarDay,
        to: CalendarDay
    ) {
        self.pairingID = pairingID
        self.unitCode = unitCode
        self.targetCode = targetCode
        self.from = from
        self.to = to
    }
}

/// An event about a pairing.
package protocol PairingEvent: EventPayload {
    /// The pairing after the event.
    var pairing: PairingFacts { get }
}

extension PairingEvent {
    package static var topic: Topic { .pairing }
    package var aggregateID: String { pairing.pairingID.description }
    package var divisionCode: DivisionCode? { pairing.targetCode }
}

/// A pairing came into force (EV-24).
package struct PairingActivated: PairingEvent {
    package static let name = "PairingActivated"
    package var pairing: PairingFacts
    /// Wraps the facts.
    package init(pairing: PairingFacts) { self.pairing = pairing }
}

/// A pairing's term changed.
package struct PairingChanged: PairingEvent {
    package static let name = "PairingChanged"
    package var pairing: PairingFacts
    /// Wraps the facts.
    package init(pairing: PairingFacts) { self.pairing = pairing }
}

/// A pairing ended (EV-24).
package struct PairingEnded: PairingEvent {
    package static let name = "PairingEnded"
    package var pairing: PairingFacts
    /// Wraps the facts.
    package init(pairing: PairingFacts) { self.pairing = pairing }
}

/// The present state of a pairing, said again for readers that came late.
package struct PairingStated: PairingEvent {
    package static let name = "PairingStated"
    package var pairing: PairingFacts
    /// Wraps the facts.
    package init(pairing: PairingFacts) { self.pairing = pairing }
}
