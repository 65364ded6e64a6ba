/// What readers know of a talent: that there is one, and where.
///
/// Nothing personal.
package struct TalentFacts: Codable, Sendable, Equatable {
    /// Which entry of the ledger.
    package var talentID: TalentID
    /// The village or community that surveyed the person.
    package var divisionCode: DivisionCode

    /// Gathers the facts.
    package init(talentID: TalentID, divisionCode: DivisionCode) {
        self.talentID = talentID
        self.divisionCode = divisionCode
    }
}

/// An event about an entry of the talent ledger.
package protocol TalentEvent: EventPayload {
    /// The entry after the event.
    var talent: TalentFacts { get }
}

extension TalentEvent {
    package static var topic: Topic { .talent }
    package var aggregateID: String { talent.talentID.description }
    package var divisionCode: DivisionCode? { talent.divisionCode }
}

/// A person was listed on the talent ledger (EV-07).
package struct TalentListed: TalentEvent {
    package static let name = "TalentListed"
    package var talent: TalentFacts
    /// Wraps the facts.
    package init(talent: TalentFacts) { self.talent = talent }
}

/// A person was taken off the talent ledger (EV-07).
package struct TalentRemoved: TalentEvent {
    package static let name = "TalentRemoved"
    package var talent: TalentFacts
    /// Wraps the facts.
    package init(talent: TalentFacts) { self.talent = talent }
}

/// A present entry, said again for readers that came late.
package struct TalentStated: TalentEvent {
    package static let name = "TalentStated"
    package var talent: TalentFacts
    /// Wraps the facts.
    package init(talent: TalentFacts) { self.talent = talent }
}
