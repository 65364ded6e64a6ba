import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// States every grid for readers that came late, those that ended too, each followed by its present staff.
package struct GridAnnouncer: Announcer {
    package let topics = [Topic.grid]
    private let now: @Sendable () -> Date

    /// Takes the time of the statements from a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let grids = try await transaction.query(
            """
            select \(unescaped: PostgresGridStore.columns) from grid.grids
            where code > \(cursor ?? "") order by code limit \(limit) for update
            """
        ).rows.map { try RecordedGrid($0).facts }
        // A statement of its own, so that it sees what was committed before the grids were locked.
        let staff = Dictionary(grouping: try await staff(of: grids.map(\.code.digits), in: transaction), by: \.gridCode)
        let moment = now()
        let events = try grids.flatMap { grid in
            [try OutgoingEvent(GridStated(grid: grid), occurredAt: moment)]
                + (try staff[grid.code, default: []].map {
                    try OutgoingEvent(GridAssignmentStated(assignment: $0), occurredAt: moment)
                })
        }
        return (events, grids.count < limit ? nil : grids.last?.code.digits)
    }

    private func staff(
        of grids: [String], in transaction: PostgresTransaction
    ) async throws -> [GridAssignmentFacts] {
        try await transaction.query(
            """
            select id, grid_code, role, person_id, team_code from grid.assignments
            where grid_code in (select unnest(\(grids)::text[])) and ended_at is null order by grid_code, started_at, id
            """
        ).rows.map(GridAssignmentFacts.init)
    }
}
