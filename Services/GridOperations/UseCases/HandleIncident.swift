import Foundation
import Models

/// There is no such incident.
package struct IncidentNotFound: Error, Sendable, Hashable {
    package init() {}
}

/// The incident has another version than the one that the caller has read.
package struct VersionMismatch: Error, Sendable, Hashable {
    package init() {}
}

/// Where incidents change.
package protocol IncidentStore: Sendable {
    /// Locks an incident, lets `decide` change it, and writes the change with its step, its clocks and its events.
    ///
    /// - Parameter moment: says which rules count for an incident from before there were any.
    /// - Returns: the incident with its clocks afterwards.
    /// - Throws: `IncidentNotFound`, also for one outside the scope; what `decide` throws.
    func change(
        _ id: IncidentID, scope: ScopeFilter, at moment: Date,
        _ decide: @escaping @Sendable (IncidentCase) throws -> IncidentCaseChange
    ) async throws -> IncidentCase
}

/// Carries out orders on incidents: file, reject, dispatch, accept and the rest of the state machine.
package struct HandleIncident: Sendable {
    private let store: any IncidentStore
    private let now: @Sendable () -> Date

    /// Changes incidents of a store, with a clock for the steps.
    package init(store: any IncidentStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Carries out an order.
    ///
    /// - Parameters:
    ///   - action: what to do.
    ///   - draft: what it needs.
    ///   - version: the version that the caller has read; nil for any.
    ///   - scope: where the incident must lie.
    /// - Returns: the incident afterwards.
    /// - Throws: `RowFaults`, `IncidentNotFound`, `VersionMismatch`, `IncidentRefusal`.
    package func callAsFunction(
        _ action: IncidentAction, on id: IncidentID, _ draft: IncidentCommandDraft, ifVersion version: Int?,
        scope: ScopeFilter
    ) async throws -> Incident {
        let (command, actor) = try draft.checked(action)
        let moment = now()
        return try await store.change(id, scope: scope, at: moment) { present in
            if let version, version != present.incident.version { throw VersionMismatch() }
            return try present.carryingOut(command, by: actor, at: moment)
        }.incident
    }
}
