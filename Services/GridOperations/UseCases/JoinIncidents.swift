import Foundation
import Models

/// What joining or splitting makes of both incidents.
package struct JoinChange: Sendable {
    /// The report that joins or is split off.
    package let member: IncidentCaseChange
    /// The incident that it follows, or followed.
    package let primary: Incident

    package init(member: IncidentCaseChange, primary: Incident) {
        self.member = member
        self.primary = primary
    }
}

/// Where reports of one matter are joined.
package protocol JoinStore: Sendable {
    /// Locks a report and the incident that it is to follow, or follows; lets `decide` change both, and writes the change.
    ///
    /// - Parameter primary: nil for the one that it is joined to.
    /// - Returns: the report afterwards.
    /// - Throws: `IncidentNotFound`, also for one outside the scope; what `decide` throws.
    func change(
        _ member: IncidentID, with primary: IncidentID?, scope: ScopeFilter, at moment: Date,
        _ decide: @escaping @Sendable (IncidentCase, Incident?) throws -> JoinChange
    ) async throws -> Incident

    /// Open incidents around another, the newest first.
    func candidates(for incident: Incident, scope: ScopeFilter, limit: Int) async throws -> [Incident]
}

/// Finds, joins and splits reports of one matter.
package struct JoinIncidents: Sendable {
    private let store: any JoinStore
    private let read: ReadIncidents
    private let now: @Sendable () -> Date
    /// How many are compared: the newest around a place.
    private static let candidatesMax = 200

    /// Joins in a store, with a clock for the steps.
    package init(store: any JoinStore, read: ReadIncidents, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.read = read
        self.now = now
    }

    /// How many reports may follow one incident.
    package static let membersMax = 100

    /// What may be the same as an incident, the likest first.
    ///
    /// - Throws: `IncidentNotFound`.
    package func similar(to id: IncidentID, scope: ScopeFilter) async throws -> [SimilarIncident] {
        guard let incident = try await read.one(id, scope: scope)?.incident else { throw IncidentNotFound() }
        return SimilarIncident.proposals(
            for: incident,
            among: try await store.candidates(for: incident, scope: scope, limit: Self.candidatesMax))
    }

    /// Lets a report follow another incident.
    ///
    /// - Returns: the report afterwards.
    /// - Throws: `IncidentNotFound`, `VersionMismatch`, `IncidentRefusal`.
    package func join(
        _ id: IncidentID, to primary: IncidentID, by actor: PersonID, ifVersion version: Int?, scope: ScopeFilter
    ) async throws -> Incident {
        let moment = now()
        return try await store.change(id, with: primary, scope: scope, at: moment) { present, other in
            if let version, version != present.incident.version { throw VersionMismatch() }
            guard primary != id else { throw IncidentRefusal.joinsItself }
            guard var other else { throw IncidentNotFound() }
            guard !other.state.isEnd else { throw IncidentRefusal.primaryEnded(other.state) }
            guard other.members < Self.membersMax else { throw IncidentRefusal.tooManyJoined(max: Self.membersMax) }
            let change = try present.carryingOut(.join(to: primary), by: actor, at: moment)
            other.members += 1
            other.version += 1
            return JoinChange(member: change, primary: other)
        }
    }

    /// Splits a report off again.
    ///
    /// - Returns: the report afterwards.
    /// - Throws: `IncidentNotFound`, `VersionMismatch`, `IncidentRefusal`.
    package func split(
        _ id: IncidentID, by actor: PersonID, ifVersion version: Int?, scope: ScopeFilter
    ) async throws -> Incident {
        let moment = now()
        return try await store.change(id, with: nil, scope: scope, at: moment) { present, other in
            if let version, version != present.incident.version { throw VersionMismatch() }
            let change = try present.carryingOut(.split, by: actor, at: moment)
            guard var other else { throw IncidentNotFound() }
            other.members = max(0, other.members - 1)
            other.version += 1
            return JoinChange(member: change, primary: other)
        }
    }
}
