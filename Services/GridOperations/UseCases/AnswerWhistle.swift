import Foundation
import Models

/// There is no such whistle in the scope.
package struct WhistleNotFound: Error, Sendable, Hashable {
    package init() {}
}

/// A whistle with what a reader must know of the incident, which he need not be able to see.
package struct ShownWhistle: Sendable, Hashable {
    package let whistle: Whistle
    /// The serial number of the incident.
    package let incidentNumber: String
    /// Where it is.
    package let gridCode: GridCode

    package init(whistle: Whistle, incidentNumber: String, gridCode: GridCode) {
        self.whistle = whistle
        self.incidentNumber = incidentNumber
        self.gridCode = gridCode
    }
}

/// Which whistles a list shall show.
package struct WhistleFilter: Sendable, Hashable {
    /// The code of a unit that was called; nil for any.
    package var organisation: String?
    /// Whether something must still be expected of somebody.
    package var isOpen: Bool

    /// Gathers the conditions.
    package init(organisation: String? = nil, isOpen: Bool = false) {
        self.organisation = organisation
        self.isOpen = isOpen
    }
}

/// Where whistles are kept.
package protocol WhistleStore: Sendable {
    /// Locks the incident of a whistle, lets `decide` take an answer in, and writes it with its step and events, once for a
    /// key.
    ///
    /// - Returns: the whistle as it is now.
    /// - Throws: `WhistleNotFound`, also for one outside the scope; what `decide` throws.
    func answer(
        _ id: WhistleID, key: IdempotencyKey, scope: ScopeFilter, at moment: Date,
        _ decide: @escaping @Sendable (IncidentCase, Whistle) throws -> IncidentCaseChange
    ) async throws -> ShownWhistle

    /// A whistle; nil when there is none in the scope.
    func find(_ id: WhistleID, scope: ScopeFilter) async throws -> ShownWhistle?

    /// Whistles, the newest first.
    func list(
        _ filter: WhistleFilter, scope: ScopeFilter, before: WhistleID?, limit: Int
    ) async throws -> [ShownWhistle]
}

/// Takes in what units answer to whistles.
package struct AnswerWhistle: Sendable {
    /// Where whistles are read.
    package let store: any WhistleStore
    private let now: @Sendable () -> Date

    /// Writes to a store, with a clock.
    package init(store: any WhistleStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    /// Takes an answer in.
    ///
    /// Who stands for units alone answers for these.
    ///
    /// - Returns: the whistle as it is now.
    /// - Throws: `RowFaults`, `WhistleNotFound`, `IncidentRefusal`, or a problem of the key.
    package func callAsFunction(
        _ draft: WhistleAnswerDraft, to id: WhistleID, key: IdempotencyKey, scope: ScopeFilter
    ) async throws -> ShownWhistle {
        let (answer, actor) = try draft.checked(of: scope.prefixes.isEmpty ? scope.units : [])
        guard !scope.prefixes.isEmpty || scope.units.contains(answer.organisation) else {
            throw IncidentRefusal.notCalled(organisation: answer.organisation)
        }
        let moment = now()
        return try await store.answer(id, key: key, scope: scope, at: moment) { present, whistle in
            try present.answering(whistle, with: answer, by: actor, at: moment)
        }
    }
}
