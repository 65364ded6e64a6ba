import Foundation
import Models
import Postgres
import ServiceKit

/// Whistles as rows of `grid.whistles` and `grid.whistle_calls`, both ways.
enum WhistleColumns {
    /// The columns of a whistle `w` for a select list.
    static let list =
        "w.id, w.incident_id, w.incident_number, w.round, w.grid_code, w.kind, w.reason, w.blown_at, w.due_at"

    /// Inserts a whistle.
    static func insertion(_ whistle: Whistle, of incident: Incident) -> PostgresStatement {
        """
        insert into grid.whistles (
            id, incident_id, incident_number, round, grid_code, kind, reason, blown_at, due_at)
        values (\(whistle.id.rawValue), \(incident.id.rawValue), \(incident.number), \(Int32(whistle.round)),
                \(incident.gridCode.digits), \(whistle.kind.rawValue), \(whistle.reason), \(whistle.blownAt),
                \(whistle.dueAt))
        """
    }

    /// Inserts the calls of a whistle that has just been blown.
    static func insertion(_ calls: [Whistle.Call], of whistle: Whistle, grid: GridCode) -> PostgresStatement {
        """
        insert into grid.whistle_calls (whistle_id, organisation, incident_id, grid_code)
        select \(whistle.id.rawValue), c.organisation, \(whistle.incident.rawValue), \(grid.digits)
        from unnest(\(calls.map(\.organisation))::text[]) as c (organisation)
        """
    }

    /// Writes what a unit has answered.
    static func update(_ call: Whistle.Call, of whistle: WhistleID) -> PostgresStatement {
        """
        update grid.whistle_calls
        set answered_at = \(call.answeredAt), arrived_at = \(call.arrivedAt), result = \(call.result),
            closed_at = \(call.closedAt)
        where whistle_id = \(whistle.rawValue) and organisation = \(call.organisation)
        """
    }

    /// Nothing is expected of anybody any more.
    static func ending(of incident: IncidentID, at moment: Date) -> PostgresStatement {
        """
        update grid.whistle_calls set closed_at = \(moment)
        where incident_id = \(incident.rawValue) and closed_at is null
        """
    }

    /// The calls of whistles, in the order of codes.
    static func calls(of whistles: [WhistleID]) -> PostgresStatement {
        """
        select whistle_id, organisation, answered_at, arrived_at, result, closed_at from grid.whistle_calls
        where whistle_id = any(\(whistles.map(\.rawValue))::uuid[]) order by whistle_id, organisation
        """
    }
}

extension Whistle {
    /// Reads a row with the columns of `WhistleColumns.list`, without calls.
    init(_ row: PostgresRow, calls: [Call]) throws {
        self.init(
            id: try row.identifier("id"), incident: try row.identifier("incident_id"),
            round: Int(try row.decode("round", as: Int32.self)), kind: try row.word("kind"),
            reason: try row.decode("reason"), blownAt: try row.decode("blown_at", as: Date.self).wholeMilliseconds,
            dueAt: try row.decode("due_at", as: Date.self).wholeMilliseconds, calls: calls)
    }
}

extension Whistle.Call {
    /// Reads a row of `WhistleColumns.calls`.
    init(_ row: PostgresRow) throws {
        func time(_ column: String) throws -> Date? {
            try row.decodeIfPresent(column, as: Date.self)?.wholeMilliseconds
        }
        self.init(
            organisation: try row.decode("organisation"), answeredAt: try time("answered_at"),
            arrivedAt: try time("arrived_at"), result: try row.decodeIfPresent("result"),
            closedAt: try time("closed_at"))
    }
}
