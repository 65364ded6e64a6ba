/// What kind of Party organisation it is.
package enum PartyOrganisationKind: String, Sendable, Codable, CaseIterable {
    case countyCommittee
    case workCommittee
    case townCommittee
    case generalBranch
    case branch
    case partyGroup
    case workingGroup
}

/// What readers know of a Party organisation.
package struct PartyOrganisationFacts: Codable, Sendable, Equatable {
    /// The organisation's code.
    package var code: String
    /// Its kind.
    package var kind: PartyOrganisationKind
    /// The code of the organisation one level up.
    package var parentCode: String?
    /// Where it is.
    package var divisionCode: DivisionCode

    /// Gathers the facts.
    package init(code: String, kind: PartyOrganisationKind, parentCode: String? = nil, divisionCode: DivisionCode) {
        self.code = code
        self.kind = kind
        self.parentCode = parentCode
        self.divisionCode = divisionCode
    }
}

/// Member counts of an organisation on a day.
///
/// The groups overlap: their sum is not the total (ruling A02).
package struct MemberCountFacts: Codable, Sendable, Equatable {
    /// The organisation that reports.
    package var organisationCode: String
    /// Where it is.
    package var divisionCode: DivisionCode
    /// The day of the figures.
    package var asOf: CalendarDay
    /// All members.
    package var total: Int
    /// Retired veteran members 离退休党员.
    package var retired: Int
    /// Members in "two new" organisations.
    package var twoNew: Int
    /// Members aged 35 or under.
    package var age35OrLess: Int
    /// Members aged 60 or over.
    package var age60OrMore: Int
    /// Members with a college diploma or above.
    package var collegeOrAbove: Int

    /// Gathers the facts.
    package init(
        organisationCode: String, divisionCode: DivisionCode, asOf: CalendarDay, total: Int, retired: Int, twoNew: Int,
        age35OrLess: Int, age60OrMore: Int, collegeOrAbove: Int
    ) {
        self.organisationCode = organisationCode
        self.divisionCode = divisionCode
        self.asOf = asOf
        self.total = total
        self.retired = retired
        self.twoNew = twoNew
        self.age35OrLess = age35OrLess
        self.age60OrMore = age60OrMore
        self.collegeOrAbove = collegeOrAbove
    }
}

/// An event about a Party organisation itself.
package protocol PartyOrganisationEvent: EventPayload {
    /// The organisation after the event.
    var organisation: PartyOrganisationFacts { get }
}

extension PartyOrganisationEvent {
    package static var topic: Topic { .partyOrganisation }
    package var aggregateID: String { organisation.code }
    package var divisionCode: DivisionCode? { organisation.divisionCode }
}

/// A Party organisation was entered for the first time (EV-02).
package struct PartyOrganisationRegistered: PartyOrganisationEvent {
    package static let name = "PartyOrganisationRegistered"
    package var organisation: PartyOrganisationFacts
    /// Wraps the facts.
    package init(organisation: PartyOrganisationFacts) { self.organisation = organisation }
}

/// A Party organisation changed.
package struct PartyOrganisationChanged: PartyOrganisationEvent {
    package static let name = "PartyOrganisationChanged"
    package var organisation: PartyOrganisationFacts
    /// Wraps the facts.
    package init(organisation: PartyOrganisationFacts) { self.organisation = organisation }
}

/// The present state of a Party organisation, said again for readers that came late.
package struct PartyOrganisationStated: PartyOrganisationEvent {
    package static let name = "PartyOrganisationStated"
    package var organisation: PartyOrganisationFacts
    /// Wraps the facts.
    package init(organisation: PartyOrganisationFacts) { self.organisation = organisation }
}

/// An event about the member counts of an organisation.
package protocol MemberCountEvent: EventPayload {
    /// The counts.
    var count: MemberCountFacts { get }
}

extension MemberCountEvent {
    package static var topic: Topic { .partyOrganisation }
    package var aggregateID: String { count.organisationCode }
    package var divisionCode: DivisionCode? { count.divisionCode }
}

/// An organisation reported its member counts for a day, or corrected them (EV-02).
package struct MemberCountReported: MemberCountEvent {
    package static let name = "MemberCountReported"
    package var count: MemberCountFacts
    /// Wraps the facts.
    package init(count: MemberCountFacts) { self.count = count }
}

/// Member counts said again for readers that came late.
package struct MemberCountStated: MemberCountEvent {
    package static let name = "MemberCountStated"
    package var count: MemberCountFacts
    /// Wraps the facts.
    package init(count: MemberCountFacts) { self.count = count }
}
