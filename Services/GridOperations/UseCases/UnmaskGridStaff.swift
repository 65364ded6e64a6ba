import Models

/// Shows one person of the staff of grids in full, to call that person.
package struct UnmaskGridStaff: Sendable {
    private let people: any GridPeople

    /// Makes the use case over what reads people.
    package init(people: any GridPeople) { self.people = people }

    /// Shows the holder of a post, written down before it is shown.
    ///
    /// - Returns: nil when there is no such present holding of a person in the scope.
    package func callAsFunction(
        _ assignment: GridAssignmentID, _ order: UnmaskOrder, scope: ScopeFilter
    ) async throws -> UnmaskedPerson? {
        try await people.unmask(assignment, order, scope: scope)
    }
}

/// Reads the people of grids one by one.
package protocol GridPeople: Sendable {
    /// Reads the holder of one present holding in full.
    ///
    /// - Throws: `UnmaskLimitReached`.
    func unmask(
        _ assignment: GridAssignmentID, _ order: UnmaskOrder, scope: ScopeFilter
    ) async throws -> UnmaskedPerson?
}
