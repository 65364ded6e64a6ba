import Foundation
import Models

/// Ends somebody's holding of a role in a grid, so that another may take it.
package struct EndGridAssignment: Sendable {
    private let store: any GridAssignmentStore
    private let now: @Sendable () -> Date

    /// Writes to a store, with a clock for the end of holdings.
    package init(store: any GridAssignmentStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Ends a holding; says whether there is such a holding in the scope.
    package func callAsFunction(_ assignment: GridAssignmentID, scope: ScopeFilter) async throws -> Bool {
        try await store.end(assignment, scope: scope, at: now())
    }
}
