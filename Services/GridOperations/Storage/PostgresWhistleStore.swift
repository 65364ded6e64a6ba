import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Whistles in PostgreSQL.
package struct PostgresWhistleStore: WhistleStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let shelf: RulebookShelf

    /// Writes through an outbox by the rules of a shelf, and reads from its pool.
    package init(pool: PostgresPool, outbox: Outbox, shelf: RulebookShelf) {
        self.pool = pool
        self.outbox = outbox
        self.shelf = shelf
    }

    /// A unit that is called need not have the incident itself: the first statement looks whether the whistle is the
    /// caller's, and what follows runs as the service.
    package func answer(
        _ id: WhistleID, key: IdempotencyKey, scope: ScopeFilter, at moment: Date,
        _ decide: @escaping @Sendable (IncidentCase, Whistle) throws -> IncidentCaseChange
    ) async throws -> ShownWhistle {
        let found = try await pool.query(
            "select w.incident_id from grid.whistles w where w.id = \(id.rawValue) and \(whistlesOf: scope)")
        guard let row = found.rows.first else { throw WhistleNotFound() }
        let incident: IncidentID = try row.identifier("incident_id")
        _ = try await RowScope.service {
            try await outbox.transaction { transaction in
                try await Idempotency.once(key, in: transaction) {
                    let (present, whistle) = try await lock(id, of: incident, at: moment, in: transaction)
                    let change = try decide(present, whistle)
                    try change.enqueue(after: present, in: transaction)
                    for call in change.whistle?.calls ?? [] where !whistle.calls.contains(call) {
                        transaction.enqueue(WhistleColumns.update(call, of: id))
                    }
                    return (id, try change.outgoing())
                }
            }
        }
        guard let whistle = try await find(id, scope: scope) else { throw WhistleNotFound() }
        return whistle
    }

    /// Locks the incident, as every order on it does, and reads the whistle behind that lock.
    private func lock(
        _ id: WhistleID, of incident: IncidentID, at moment: Date, in transaction: PostgresTransaction
    ) async throws -> (IncidentCase, Whistle) {
        let results = try await transaction.pipeline([
            "select \(unescaped: IncidentColumns.list) from grid.incidents where id = \(incident.rawValue) for update",
            PostgresIncidentStore.clocks(of: incident),
            "select \(unescaped: WhistleColumns.list) from grid.whistles w where w.id = \(id.rawValue)",
            WhistleColumns.calls(of: [id]),
        ])
        guard let row = results[0].rows.first, let blown = results[2].rows.first else { throw WhistleNotFound() }
        let locked = try Incident(row)
        let present = IncidentCase(
            incident: locked, clocks: try results[1].rows.map { try IncidentClock($0) },
            rules: try await shelf.version(of: locked, at: moment, in: transaction))
        return (present, try Whistle(blown, calls: try results[3].rows.map(Whistle.Call.init)))
    }

    package func find(_ id: WhistleID, scope: ScopeFilter) async throws -> ShownWhistle? {
        try await shown(
            "select \(unescaped: WhistleColumns.list) from grid.whistles w where w.id = \(id.rawValue) and \(whistlesOf: scope)"
        ).first
    }

    package func list(
        _ filter: WhistleFilter, scope: ScopeFilter, before: WhistleID?, limit: Int
    ) async throws -> [ShownWhistle] {
        // A unit looks for what called it, and so does who asks for one unit.
        let organisations = filter.organisation.map { [$0] } ?? (scope.prefixes.isEmpty ? scope.units : [])
        return try await shown(
            organisations.isEmpty
                ? Self.newest(isOpen: filter.isOpen, scope: scope, before: before, limit: limit)
                : Self.calling(organisations, isOpen: filter.isOpen, scope: scope, before: before, limit: limit))
    }

    /// The newest whistles in a scope, walked back in the order of their ids.
    private static func newest(
        isOpen: Bool, scope: ScopeFilter, before: WhistleID?, limit: Int
    ) -> PostgresStatement {
        """
        select \(unescaped: WhistleColumns.list) from grid.whistles w
        where w.id < \(before?.rawValue ?? .afterAll) and \(scope: scope, on: "w.grid_code")
          and (not \(isOpen) or exists (select from grid.whistle_calls c
                                        where c.whistle_id = w.id and c.closed_at is null))
        order by w.id desc limit \(limit)
        """
    }

    /// The newest whistles that called units.
    private static func calling(
        _ organisations: [String], isOpen: Bool, scope: ScopeFilter, before: WhistleID?, limit: Int
    ) -> PostgresStatement {
        """
        select \(unescaped: WhistleColumns.list) from grid.whistles w
        where w.id in (
            select c.whistle_id from grid.whistle_calls c
            where c.organisation = any(\(organisations)) and c.whistle_id < \(before?.rawValue ?? .afterAll)
              and \(unescaped: isOpen ? "c.closed_at is null" : "true"))
          and \(whistlesOf: scope)
        order by w.id desc limit \(limit)
        """
    }

    /// Reads whistles with their calls, the newest first.
    private func shown(_ statement: PostgresStatement) async throws -> [ShownWhistle] {
        let rows = try await pool.query(statement).rows
        guard !rows.isEmpty else { return [] }
        let called = WhistleColumns.calls(of: try rows.map { try $0.identifier("id") })
        var calls: [WhistleID: [Whistle.Call]] = [:]
        for row in try await pool.query(called).rows {
            calls[try row.identifier("whistle_id"), default: []].append(try Whistle.Call(row))
        }
        return try rows.map { row in
            ShownWhistle(
                whistle: try Whistle(row, calls: calls[try row.identifier("id")] ?? []),
                incidentNumber: try row.decode("incident_number"), gridCode: try row.gridCode("grid_code"))
        }
    }
}

extension PostgresStatement.StringInterpolation {
    /// The condition that a whistle `w` is in a scope, in brackets: by its grid, or because it called a unit of the caller.
    fileprivate mutating func appendInterpolation(whistlesOf scope: ScopeFilter) {
        guard !scope.units.isEmpty else { return appendInterpolation(scope: scope, on: "w.grid_code") }
        appendLiteral("(")
        appendInterpolation(scope: scope, on: "w.grid_code")
        appendLiteral(
            " or exists (select from grid.whistle_calls u where u.whistle_id = w.id and u.organisation = any(")
        appendInterpolation(scope.units)
        appendLiteral(")))")
    }
}
