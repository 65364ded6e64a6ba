import Foundation
import Models

/// Keeps people and the talent ledger.
///
/// What says who a person is, it keeps encrypted or not at all.
package protocol TalentStore: Sendable {
    /// Lets the domain decide on rows of the ledger and does what it decides, in one transaction with the events.
    ///
    /// People are found again by the keyed hash of their identity number, and are locked; `decide` may be called more
    /// than once.
    func list(
        _ rows: [Numbered<TalentListing>], at time: Date,
        deciding decide: @escaping @Sendable (TalentLedger) -> TalentLedger.Plan
    ) async throws -> [Numbered<RowOutcome>]

    /// Lists entries of a scope whose division's code begins with a prefix, in the order of division and entry, with names and
    /// numbers masked.
    func talents(
        within prefix: String, scope: ScopeFilter, after position: TalentPosition?, limit: Int
    ) async throws -> [TalentView]
}

/// Where a page of the ledger ended.
package struct TalentPosition: Sendable, Hashable {
    /// The division of the last entry.
    package let divisionCode: String
    /// The last entry.
    package let talentID: TalentID

    /// Names a position.
    package init(divisionCode: String, talentID: TalentID) {
        self.divisionCode = divisionCode
        self.talentID = talentID
    }
}

/// An entry of the ledger as lists show it.
package struct TalentView: Sendable, Hashable {
    /// Which entry.
    package let talentID: TalentID
    /// The masked name.
    package let maskedName: String
    /// The masked mobile number.
    package let maskedMobile: String
    /// What is kept of the person.
    package let traits: PersonTraits
    /// The entry.
    package let talent: Talent
    /// When the person was listed first.
    package let listedAt: Date

    /// Gathers the parts.
    package init(
        talentID: TalentID, maskedName: String, maskedMobile: String, traits: PersonTraits, talent: Talent,
        listedAt: Date
    ) {
        self.talentID = talentID
        self.maskedName = maskedName
        self.maskedMobile = maskedMobile
        self.traits = traits
        self.talent = talent
        self.listedAt = listedAt
    }
}
