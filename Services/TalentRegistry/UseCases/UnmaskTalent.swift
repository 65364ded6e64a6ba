import Models

/// Shows one person of the talent ledger in full.
package struct UnmaskTalent: Sendable {
    private let people: any TalentPeople

    /// Makes the use case over what finds people.
    package init(people: any TalentPeople) { self.people = people }

    /// Shows the person of an entry, written down before it is shown.
    ///
    /// - Returns: nil when there is no such entry in the scope.
    package func callAsFunction(
        _ id: TalentID, _ order: UnmaskOrder, scope: ScopeFilter
    ) async throws -> UnmaskedTalent? {
        try await people.unmask(id, order, scope: scope)
    }
}

/// Finds people of the talent ledger one by one.
package protocol TalentPeople: Sendable {
    /// Reads one entry's person in full; see `UnmaskTalent`.
    ///
    /// - Throws: `UnmaskLimitReached`.
    func unmask(_ id: TalentID, _ order: UnmaskOrder, scope: ScopeFilter) async throws -> UnmaskedTalent?

    /// The entry of the person with an identity number, masked; nil when there is none in the scope.
    func entry(ofIdentity number: Personal<String>, scope: ScopeFilter) async throws -> TalentView?
}

/// A person of the ledger in full, and where he is listed.
package struct UnmaskedTalent: Sendable, Hashable {
    /// The village or community that surveyed the person.
    package let divisionCode: String
    /// Name and number.
    package let person: UnmaskedPerson

    /// Gathers the parts.
    package init(divisionCode: String, person: UnmaskedPerson) {
        self.divisionCode = divisionCode
        self.person = person
    }
}
