import Models

/// Shows how the reporter of one incident can be reached, to call him back.
package struct UnmaskIncidentContact: Sendable {
    private let contacts: any IncidentContacts

    /// Makes the use case over what reads contacts.
    package init(contacts: any IncidentContacts) { self.contacts = contacts }

    /// Shows the contact, written down before it is shown.
    ///
    /// - Parameter openOnly: whether the incident must still be open.
    /// - Returns: nil when there is no such incident with a contact in the scope.
    /// - Throws: `UnmaskLimitReached`.
    package func callAsFunction(
        _ incident: IncidentID, _ order: UnmaskOrder, scope: ScopeFilter, openOnly: Bool
    ) async throws -> IncidentContact? {
        try await contacts.unmask(incident, order, scope: scope, openOnly: openOnly)
    }
}

/// Reads the contacts of reporters one by one.
package protocol IncidentContacts: Sendable {
    /// Reads the contact of one incident in full.
    ///
    /// - Throws: `UnmaskLimitReached`.
    func unmask(
        _ incident: IncidentID, _ order: UnmaskOrder, scope: ScopeFilter, openOnly: Bool
    ) async throws -> IncidentContact?
}
