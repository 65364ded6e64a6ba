import Foundation
import Models
import Postgres
import ServiceKit

/// Clocks of incidents as rows of `grid.clocks`, both ways.
package enum ClockColumns {
    /// The columns of a clock for a select list.
    static let list = """
        kind, round, rulebook, calendar, started_at, allowance, spent, state, since, due_at, is_extended, level
        """

    /// A clock of an incident as it shall be kept.
    package struct Row: Sendable {
        let incident: IncidentID
        let grid: GridCode
        let clock: IncidentClock
        let nextActionAt: Date?

        /// Joins a clock with its incident and what the rules say of it.
        package init(_ clock: IncidentClock, of incident: Incident, by rules: RulebookInForce) {
            self.incident = incident.id
            grid = incident.gridCode
            self.clock = clock
            nextActionAt = clock.nextActionAt(by: rules)
        }
    }

    /// Inserts the clock of a new report; a statement without arrays, since it is one of the busiest.
    package static func insertion(_ row: Row) -> PostgresStatement {
        let clock = row.clock
        return """
            insert into grid.clocks (
                incident_id, kind, round, grid_code, rulebook, calendar, started_at, allowance, spent, state, since, due_at,
                is_extended, level, next_action_at)
            values (
                \(row.incident.rawValue), \(clock.kind.rawValue), \(Int32(clock.round)), \(row.grid.digits),
                \(Int32(clock.rulebook)), \(clock.calendar), \(clock.startedAt), \(clock.allowance), \(clock.spent),
                \(clock.state.rawValue), \(clock.since), \(clock.dueAt), \(clock.isExtended),
                \(clock.level.map(Int32.init)), \(row.nextActionAt))
            """
    }

    /// Writes a clock that an order started or changed; a statement without arrays, as for a report.
    ///
    /// - Parameter isKnown: whether there is a row of it already, which the lock on the incident keeps as it is.
    static func writing(_ row: Row, isKnown: Bool) -> PostgresStatement {
        guard isKnown else { return insertion(row) }
        let clock = row.clock
        return """
            update grid.clocks
            set allowance = \(clock.allowance), spent = \(clock.spent), state = \(clock.state.rawValue), since = \(clock.since),
                due_at = \(clock.dueAt), is_extended = \(clock.isExtended), level = \(clock.level.map(Int32.init)),
                next_action_at = \(row.nextActionAt)
            where incident_id = \(row.incident.rawValue) and kind = \(clock.kind.rawValue) and round = \(Int32(clock.round))
            """
    }

    /// Writes clocks that were started or changed, any number of them.
    package static func upsert(_ rows: [Row]) -> PostgresStatement {
        PostgresStatement(
            """
            insert into grid.clocks (
                incident_id, kind, round, grid_code, rulebook, calendar, started_at, allowance, spent, state, since, due_at,
                is_extended, level, next_action_at)
            select * from unnest(
                $1::uuid[], $2::text[], $3::int4[], $4::text[], $5::int4[], $6::text[], $7::timestamptz[], $8::int8[],
                $9::int8[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::boolean[], $14::int4[],
                $15::timestamptz[])
            on conflict (incident_id, kind, round) do update
            set allowance = excluded.allowance, spent = excluded.spent, state = excluded.state, since = excluded.since,
                due_at = excluded.due_at, is_extended = excluded.is_extended, level = excluded.level,
                next_action_at = excluded.next_action_at
            """,
            [
                .uuidArray(rows.map(\.incident.rawValue)), .textArray(rows.map(\.clock.kind.rawValue)),
                .int4Array(rows.map { Int32($0.clock.round) }), .textArray(rows.map(\.grid.digits)),
                .int4Array(rows.map { Int32($0.clock.rulebook) }), .textArray(rows.map(\.clock.calendar)),
                .timestamptzArray(rows.map(\.clock.startedAt)),
                .int8Array(rows.map { Int64($0.clock.allowance) }), .int8Array(rows.map { Int64($0.clock.spent) }),
                .textArray(rows.map(\.clock.state.rawValue)), .timestamptzArray(rows.map(\.clock.since)),
                .timestamptzArray(rows.map(\.clock.dueAt)), .boolArray(rows.map(\.clock.isExtended)),
                .int4Array(rows.map { $0.clock.level.map(Int32.init) }), .timestamptzArray(rows.map(\.nextActionAt)),
            ])
    }

    /// Writes down what was done; its key refuses what was done before.
    static func insertion(_ actions: [(incident: Incident, action: DeadlineAction)]) -> PostgresStatement {
        PostgresStatement(
            """
            insert into grid.deadline_actions (incident_id, kind, round, level, grid_code, scheduled_at, acted_at)
            select * from unnest(
                $1::uuid[], $2::text[], $3::int4[], $4::int4[], $5::text[], $6::timestamptz[], $7::timestamptz[])
            """,
            [
                .uuidArray(actions.map(\.incident.id.rawValue)), .textArray(actions.map(\.action.kind.rawValue)),
                .int4Array(actions.map { Int32($0.action.round) }), .int4Array(actions.map { Int32($0.action.level) }),
                .textArray(actions.map(\.incident.gridCode.digits)),
                .timestamptzArray(actions.map(\.action.scheduledAt)), .timestamptzArray(actions.map(\.action.actedAt)),
            ])
    }
}

extension IncidentClock {
    /// Reads a row with the columns of `ClockColumns.list`.
    ///
    /// - Parameter prefix: what stands before the names of the columns.
    init(_ row: PostgresRow, prefix: String = "") throws {
        func time(_ column: String) throws -> Date { try row.decode(prefix + column, as: Date.self).wholeMilliseconds }
        func number(_ column: String) throws -> Int { Int(try row.decode(prefix + column, as: Int32.self)) }
        self.init(
            kind: try row.word(prefix + "kind"), round: try number("round"), rulebook: try number("rulebook"),
            calendar: try row.decodeIfPresent(prefix + "calendar"), startedAt: try time("started_at"),
            allowance: try row.decode(prefix + "allowance"), spent: try row.decode(prefix + "spent"),
            state: try row.word(prefix + "state"), since: try time("since"), dueAt: try time("due_at"),
            isExtended: try row.decode(prefix + "is_extended"),
            level: try row.decodeIfPresent(prefix + "level", as: Int32.self).map(Int.init))
    }
}
