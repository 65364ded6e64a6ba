import Models

/// Finds the entry of one person by the whole identity number.
package struct FindTalent: Sendable {
    private let people: any TalentPeople

    /// Makes the use case over what finds people.
    package init(people: any TalentPeople) { self.people = people }

    /// Finds an entry; the number is checked, hashed and forgotten.
    ///
    /// - Returns: nil when there is none in the scope.
    /// - Throws: `RowFaults` for what is no identity number.
    package func callAsFunction(_ draft: FindTalentDraft, scope: ScopeFilter) async throws -> TalentView? {
        var reader = RowReader()
        let identity = reader.identityNumber(draft.identityNumber, "identityNumber")
        return try await people.entry(ofIdentity: Personal(try reader.checked(identity).number), scope: scope)
    }
}

/// What a search for a person gives.
package struct FindTalentDraft: Decodable, Sendable {
    /// The whole citizen identity number.
    package var identityNumber: String?

    /// Gathers the fields.
    package init(identityNumber: String?) { self.identityNumber = identityNumber }
}
