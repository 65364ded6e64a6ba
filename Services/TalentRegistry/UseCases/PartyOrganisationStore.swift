import Foundation
import Models

/// Keeps Party organisations and their member counts.
package protocol PartyOrganisationStore: Sendable {
    /// Lets the domain decide on registrations and does what it decides, in one transaction with the events.
    ///
    /// Nobody else registers organisations of the same county meanwhile. `decide` may be called more than once.
    func register(
        _ organisations: [PartyOrganisation], at time: Date,
        deciding decide: @escaping @Sendable (PartyOrganisationDirectory) -> PartyOrganisationDirectory.Plan
    ) async throws -> [Numbered<RowOutcome>]

    /// Lets the domain decide on reports and does what it decides, in one transaction with the events. The
    /// organisations are locked; `decide` may be called more than once. One outside the scope is as if it did not exist.
    func report(
        _ counts: [MemberCount], scope: ScopeFilter, at time: Date,
        deciding decide: @escaping @Sendable (MemberCountLedger) -> MemberCountLedger.Plan
    ) async throws -> [Numbered<RowOutcome>]

    /// Lists organisations of a scope whose division's code begins with a prefix, in the order of division and code.
    func organisations(
        within prefix: String, scope: ScopeFilter, after position: PartyOrganisationPosition?, limit: Int
    ) async throws -> [PartyOrganisationView]
}

/// Where a page of organisations ended.
package struct PartyOrganisationPosition: Sendable, Hashable {
    /// The division of the last organisation.
    package let divisionCode: String
    /// The code of the last organisation.
    package let code: String

    /// Names a position.
    package init(divisionCode: String, code: String) {
        self.divisionCode = divisionCode
        self.code = code
    }
}

/// An organisation as lists show it.
package struct PartyOrganisationView: Sendable, Hashable {
    /// The organisation.
    package let organisation: PartyOrganisation
    /// Its latest member counts, if it has reported any.
    package let latestCount: MemberCount?

    /// Gathers the parts.
    package init(organisation: PartyOrganisation, latestCount: MemberCount?) {
        self.organisation = organisation
        self.latestCount = latestCount
    }
}
