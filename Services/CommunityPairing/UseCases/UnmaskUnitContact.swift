import Models

/// Shows the contact person of one unit in full, to call the unit.
package struct UnmaskUnitContact: Sendable {
    private let contacts: any UnitContacts

    /// Makes the use case over what reads contacts.
    package init(contacts: any UnitContacts) { self.contacts = contacts }

    /// Shows the contact person, written down before it is shown.
    ///
    /// - Returns: nil when there is no such unit in the scope.
    package func callAsFunction(
        _ unit: UnifiedSocialCreditCode, _ order: UnmaskOrder, scope: ScopeFilter
    ) async throws -> UnmaskedPerson? {
        try await contacts.unmask(unit, order, scope: scope)
    }
}

/// Reads the contact persons of units one by one.
package protocol UnitContacts: Sendable {
    /// Reads one contact person in full: of a unit of the scope, or of one that helps in it.
    ///
    /// - Throws: `UnmaskLimitReached`.
    func unmask(
        _ unit: UnifiedSocialCreditCode, _ order: UnmaskOrder, scope: ScopeFilter
    ) async throws -> UnmaskedPerson?
}
