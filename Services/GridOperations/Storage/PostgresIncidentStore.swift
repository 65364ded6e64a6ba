import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Incidents in PostgreSQL: reading and changing them.
package struct PostgresIncidentStore: IncidentStore, IncidentReading {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let audit: AuditTrail
    private let shelf: RulebookShelf

    /// Writes through an outbox by the rules of a shelf, and reads from its pool with an entry in the audit trail where
    /// reporters are shown.
    package init(pool: PostgresPool, outbox: Outbox, audit: AuditTrail, shelf: RulebookShelf) {
        self.shelf = shelf
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
    }

    package func change(
        _ id: IncidentID, scope: ScopeFilter, at moment: Date,
        _ decide: @escaping @Sendable (IncidentCase) throws -> IncidentCaseChange
    ) async throws -> IncidentCase {
        guard scope.prefixes.isEmpty, !scope.units.isEmpty else {
            return try await changed(id, scope: scope, at: moment, decide)
        }
        // A unit that gives an incident back sees it no more, and the server lets nobody write a row that he could not read:
        // the statement's own condition is the fence then.
        return try await RowScope.service { try await changed(id, scope: scope, at: moment, decide) }
    }

    private func changed(
        _ id: IncidentID, scope: ScopeFilter, at moment: Date,
        _ decide: @escaping @Sendable (IncidentCase) throws -> IncidentCaseChange
    ) async throws -> IncidentCase {
        try await outbox.transaction { transaction in
            let results = try await transaction.pipeline([
                """
                select \(unescaped: IncidentColumns.list) from grid.incidents
                where id = \(id.rawValue) and \(incidentsOf: scope) for update
                """, Self.clocks(of: id),
            ])
            guard let row = results[0].rows.first else { throw IncidentNotFound() }
            let incident = try Incident(row)
            let rules = try await shelf.version(of: incident, at: moment, in: transaction)
            let before = IncidentCase(
                incident: incident, clocks: try results[1].rows.map { try IncidentClock($0) }, rules: rules)
            let change = try decide(before)
            try change.enqueue(after: before, in: transaction)
            let followed = try await JoinedIncidents.follow(change, in: transaction)
            return (change.after(before), try change.outgoing() + followed)
        }
    }

    static func clocks(of id: IncidentID) -> PostgresStatement {
        """
        select \(unescaped: ClockColumns.list) from grid.clocks
        where incident_id = \(id.rawValue) order by started_at, kind desc, round
        """
    }

    package func find(_ id: IncidentID, scope: ScopeFilter) async throws -> IncidentRecord? {
        let results = try await pool.pipeline([
            """
            select \(unescaped: IncidentColumns.list) from grid.incidents
            where id = \(id.rawValue) and \(incidentsOf: scope)
            """,
            """
            select version, action, actor_id, at, state, organisation, note from grid.incident_steps
            where incident_id = \(id.rawValue) order by version
            """, Self.clocks(of: id),
            "select from grid.incident_contacts where incident_id = \(id.rawValue)",
            PostgresPhotoStore.photos(of: id),
        ])
        guard let row = results[0].rows.first else { return nil }
        let incident = try Incident(row)
        try await audit.recordReporters(
            of: [incident], id: id.description, within: incident.gridCode.digits, with: pool)
        // The two statements may see different moments; steps that the incident does not know yet are left out.
        let steps = try results[1].rows.map(IncidentStep.init).filter { $0.version <= incident.version }
        return IncidentRecord(
            incident: incident, steps: steps, clocks: try results[2].rows.map { try IncidentClock($0) },
            hasContact: !results[3].rows.isEmpty, photos: try results[4].rows.map(IncidentPhoto.init))
    }

    package func list(
        _ filter: IncidentFilter, scope: ScopeFilter, before: IncidentID?, limit: Int
    ) async throws -> [Incident] {
        let statement = Self.list(filter, scope: scope, before: before, limit: limit)
        let incidents = try await pool.query(statement).rows.map(Incident.init)
        try await audit.recordReporters(of: incidents, id: nil, within: filter.gridPrefix, with: pool)
        return incidents
    }

    // MARK: - Lists

    static func list(
        _ filter: IncidentFilter, scope: ScopeFilter, before: IncidentID?, limit: Int
    ) -> PostgresStatement {
        scope.own == nil && scope.units.isEmpty && isNarrow(filter, scope)
            ? listInGrids(filter, scope: scope, before: before, limit: limit)
            : listInOrder(filter, scope: scope, before: before, limit: limit)
    }

    /// From this length on a prefix means few enough grids to look into each: a community's for all states, a town's for one.
    private static func isNarrow(_ filter: IncidentFilter, _ scope: ScopeFilter) -> Bool {
        let digits = filter.state == nil ? 12 : 9
        return filter.gridPrefix.utf8.count >= digits || scope.prefixes.allSatisfy { $0.utf8.count >= digits }
    }

    /// The newest of each grid and state under a prefix, then the newest of these.
    ///
    /// Every look is a short walk in one index, however many incidents there are and however rare the state is. Only those
    /// shown are read.
    private static func listInGrids(
        _ filter: IncidentFilter, scope: ScopeFilter, before: IncidentID?, limit: Int
    ) -> PostgresStatement {
        let range = CodeRange(prefix: filter.gridPrefix)
        let states = filter.state.map { [$0] } ?? IncidentState.allCases
        return """
            select i.* from (
                select n.id from grid.grids g
                cross join unnest(\(states.map(\.rawValue))::text[]) as s (state)
                cross join lateral (
                    select id from grid.incidents
                    where grid_code = g.code and state = s.state and id < \(Self.bound(before))
                    order by id desc limit \(limit)
                ) n
                where g.code >= \(range.lowerBound) and g.code < \(range.upperBound) and \(scope: scope, on: "g.code")
                order by n.id desc limit \(limit)
            ) newest
            cross join lateral (
                select \(unescaped: IncidentColumns.list) from grid.incidents where id = newest.id offset 0
            ) i
            order by i.id desc
            """
    }

    /// The newest of a town, the county, or everywhere: they are so many that walking back in the order of ids soon
    /// finds a page of them.
    private static func listInOrder(
        _ filter: IncidentFilter, scope: ScopeFilter, before: IncidentID?, limit: Int
    ) -> PostgresStatement {
        let range = CodeRange(prefix: filter.gridPrefix)
        guard let state = filter.state else {
            return """
                select \(unescaped: IncidentColumns.list) from grid.incidents
                where id < \(Self.bound(before)) and grid_code >= \(range.lowerBound) and grid_code < \(range.upperBound)
                  and \(incidentsOf: scope)
                order by id desc limit \(limit)
                """
        }
        return """
            select \(unescaped: IncidentColumns.list) from grid.incidents
            where state = \(state.rawValue) and id < \(Self.bound(before))
              and grid_code >= \(range.lowerBound) and grid_code < \(range.upperBound)
              and \(incidentsOf: scope)
            order by id desc limit \(limit)
            """
    }

    private static func bound(_ before: IncidentID?) -> UUID { before?.rawValue ?? .afterAll }
}

extension PostgresStatement.StringInterpolation {
    /// The condition that an incident is in a scope, in brackets: by its grid, because the caller reported it, or because it
    /// was sent to a unit of his.
    mutating func appendInterpolation(incidentsOf scope: ScopeFilter) {
        let own = scope.own.flatMap { PersonID($0) }
        if own == nil, scope.units.isEmpty { return appendInterpolation(scope: scope, on: "grid_code") }
        appendLiteral("(")
        appendInterpolation(scope: scope, on: "grid_code")
        if let own {
            appendLiteral(" or reporter_id = ")
            appendInterpolation(own.rawValue)
        }
        if !scope.units.isEmpty {
            appendLiteral(" or organisation = any(")
            appendInterpolation(scope.units)
            appendLiteral(")")
        }
        appendLiteral(")")
    }
}
