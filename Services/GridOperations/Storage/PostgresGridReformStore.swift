import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Merges and splits grids in PostgreSQL, with everything that moves along in the same transaction.
package struct PostgresGridReformStore: GridReformStore {
    private let pool: PostgresPool
    private let outbox: Outbox

    /// Writes through an outbox and looks through its pool.
    package init(pool: PostgresPool, outbox: Outbox) {
        self.pool = pool
        self.outbox = outbox
    }

    package func carryOut(
        _ reform: GridReform, ifVersion version: Int?, key: IdempotencyKey, scope: ScopeFilter, on day: CalendarDay,
        at moment: Date
    ) async throws -> GridReformReceipt {
        try await outbox.transaction { transaction in
            try await Idempotency.once(key, in: transaction) {
                // Sheets of grids and of staff wait until the end of this, and then see the old grids ended.
                transaction.enqueue(BulkLock.grids.statement)
                transaction.enqueue(BulkLock.staff.statement)
                let plan = try await plan(reform, ifVersion: version, scope: scope, in: transaction)
                return try await write(plan, reform.kind, on: day, at: moment, in: transaction)
            }
        }
    }

    package func moveStrays(at moment: Date) async throws -> Int {
        let pairs = try await pool.query(
            """
            select s.grid_code, s.successor_code from grid.grid_successors s
            where exists (select from grid.incidents i where i.grid_code = s.grid_code
                          and i.state in ('reported', 'filed', 'dispatched', 'inProgress', 'handled', 'joined'))
            order by s.grid_code, s.successor_code limit 1000
            """
        ).rows.map { GridSuccession(old: try $0.gridCode("grid_code"), new: try $0.gridCode("successor_code")) }
        guard !pairs.isEmpty else { return 0 }
        return try await outbox.transaction { transaction in
            let moved = try await PostgresIncidentMover.move(pairs, in: transaction)
            return (moved.count, try Self.stated(moved, at: moment))
        }
    }

    // MARK: - Deciding

    private func plan(
        _ reform: GridReform, ifVersion version: Int?, scope: ScopeFilter, in transaction: PostgresTransaction
    ) async throws -> GridReformPlan {
        let codes = reform.ending.map(\.digits)
        let results = try await transaction.pipeline([
            """
            select \(unescaped: PostgresGridStore.columns) from grid.grids
            where (code in (select unnest(\(codes)::text[]))
                   or parent_code in (select unnest(\(codes)::text[])) and valid_to is null)
              and \(scope: scope, on: "code")
            order by code for update
            """,
            """
            select code from grid.grids
            where code in (select unnest(\(reform.successors.map(\.code.digits))::text[]))
            """,
            GridReformQuery.union(reform.ending),
        ])
        let found = try results[0].rows.map(RecordedGrid.init)
        let ending = Set(reform.ending)
        if let version, let leading = found.first(where: { $0.code == reform.code }), leading.version != version {
            throw VersionMismatch()
        }
        var plan = try GridReformPlan(
            reform, grids: found.filter { ending.contains($0.code) },
            groups: found.filter { !ending.contains($0.code) },
            used: Set(try results[1].rows.map { try $0.gridCode("code") }),
            union: try results[2].rows.first?.decodeIfPresent("boundary", as: String.self).map {
                try GridBoundary(wellKnownText: $0)
            })
        let checks = try await transaction.pipeline([
            GridReformQuery.findings(plan.successors, following: reform.ending),
            GridReformQuery.places(of: plan.ending.map(\.code), in: plan.successors),
        ])
        let findings = try checks[0].rows.map(GridReformQuery.finding)
        guard findings.isEmpty else { throw RowFaults(findings.map { $0.fault(in: reform) }) }
        try plan.place(
            Dictionary(
                uniqueKeysWithValues: try checks[1].rows.map { (try $0.gridCode("code"), try $0.gridCode("part")) }))
        return plan
    }

    // MARK: - Writing

    private func write(
        _ plan: GridReformPlan, _ kind: GridReform.Kind, on day: CalendarDay, at moment: Date,
        in transaction: PostgresTransaction
    ) async throws -> (GridReformReceipt, [OutgoingEvent]) {
        let new = plan.successors + plan.groups
        for statement in Self.gridStatements(plan, kind, on: day) { transaction.enqueue(statement) }
        let held = try await transaction.query(
            """
            update grid.assignments set ended_at = greatest(started_at, \(moment))
            where grid_code in (select unnest(\(plan.ending.map(\.code.digits))::text[])) and ended_at is null
            returning id, grid_code, role, person_id, team_code
            """
        ).rows.map { try GridAssignmentFacts($0) }.sorted { $0.assignmentID.description < $1.assignmentID.description }
        let started = plan.holdings(held)
        if !started.isEmpty { transaction.enqueue(PostgresGridAssignmentStore.insertion(started, at: moment)) }
        for statement in PostgresFieldStore.follow(plan.pairs) { transaction.enqueue(statement) }
        let moved = try await PostgresIncidentMover.move(plan.pairs, in: transaction)
        let ended = plan.ended(on: day)
        var payloads: [any EventPayload] = []
        for grid in ended {
            payloads.append(kind == .merge ? GridMerged(grid: grid.facts) : GridSplit(grid: grid.facts))
        }
        for grid in new { payloads.append(GridActivated(grid: grid.facts)) }
        for holding in held { payloads.append(GridAssignmentEnded(assignment: holding)) }
        for holding in started { payloads.append(GridStaffed(assignment: holding)) }
        let events = try payloads.map { try OutgoingEvent($0, occurredAt: moment) } + Self.stated(moved, at: moment)
        let receipt = GridReformReceipt(
            kind: kind, on: day, ended: ended.map(\.code).sorted(), successors: new.map(\.code).sorted(),
            incidents: moved.count, holdings: started.count)
        return (receipt, events)
    }

    private static func stated(_ incidents: [Incident], at moment: Date) throws -> [OutgoingEvent] {
        try incidents.map { try OutgoingEvent(IncidentStated(incident: $0.facts), occurredAt: moment) }
    }

    private static func gridStatements(
        _ plan: GridReformPlan, _ kind: GridReform.Kind, on day: CalendarDay
    ) -> [PostgresStatement] {
        let today = PostgresValue.date(day.description)
        let new = plan.successors + plan.groups
        return [
            """
            update grid.grids set valid_to = \(today), version = version + 1, updated_at = now()
            where code in (select unnest(\(plan.ending.map(\.code.digits))::text[]))
            """,
            // No `on conflict`: a code that was ever used is refused by the key.
            PostgresStatement(
                """
                insert into grid.grids (code, name, households, boundary, valid_from)
                select g.code, g.name, g.households, st_geomfromtext(g.boundary, 4326), $5
                from unnest($1::text[], $2::text[], $3::int4[], $4::text[]) as g (code, name, households, boundary)
                """,
                [
                    .textArray(new.map(\.code.digits)), .textArray(new.map(\.name)),
                    .int4Array(new.map { $0.households.map(Int32.init) }),
                    .textArray(new.map(\.boundary.wellKnownText)), today,
                ]),
            PostgresStatement(
                """
                insert into grid.grid_successors (grid_code, successor_code, kind, day)
                select s.old, s.new, $3, $4 from unnest($1::text[], $2::text[]) as s (old, new)
                """,
                [
                    .textArray(plan.pairs.map(\.old.digits)), .textArray(plan.pairs.map(\.new.digits)),
                    .text(kind.rawValue), today,
                ]),
        ]
    }
}
