import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Divisions in PostgreSQL.
package struct PostgresDivisionStore: DivisionStore {
    private let pool: PostgresPool
    private let outbox: Outbox

    /// Writes through an outbox and reads from its pool.
    package init(pool: PostgresPool, outbox: Outbox) {
        self.pool = pool
        self.outbox = outbox
    }

    package func register(
        _ rows: [Numbered<Division>], county: DivisionCode?, at moment: Date
    ) async throws -> [Numbered<RowOutcome>] {
        try await outbox.transaction { transaction in
            transaction.enqueue(BulkLock.divisions.statement)
            let codes = Set(rows.flatMap { [$0.content.code, $0.content.code.parent].compactMap { $0?.digits } })
            let result = try await transaction.query(
                """
                select code, name, kind, households from grid.divisions
                where code in (select unnest(\(codes.sorted())::text[])) order by code for update
                """)
            let known = try result.rows.map(Division.init)
            let intake = DivisionIntake(
                rows, known: Dictionary(known.map { ($0.code, $0) }) { first, _ in first }, county: county)
            if !intake.written.isEmpty { transaction.enqueue(Self.upsert(intake.written)) }
            return (intake.outcomes, try intake.events.map { try OutgoingEvent($0, occurredAt: moment) })
        }
    }

    package func list(
        prefix: String, scope: ScopeFilter, after: String?, limit: Int
    ) async throws -> [Division] {
        let range = CodeRange(prefix: prefix)
        return try await pool.query(
            """
            select code, name, kind, households from grid.divisions
            where code >= \(range.lowerBound) and code < \(range.upperBound) and code > \(after ?? "")
              and \(scope: scope, on: "code")
            order by code limit \(limit)
            """
        ).rows.map(Division.init)
    }

    private static func upsert(_ divisions: [Division]) -> PostgresStatement {
        PostgresStatement(
            """
            insert into grid.divisions (code, name, kind, households)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::int4[])
            on conflict (code) do update
            set name = excluded.name, kind = excluded.kind, households = excluded.households, updated_at = now()
            """,
            [
                .textArray(divisions.map(\.code.digits)), .textArray(divisions.map(\.name)),
                .textArray(divisions.map { $0.kind?.rawValue }),
                .int4Array(divisions.map { $0.households.map(Int32.init) }),
            ])
    }
}

extension Division {
    /// Reads a row of `grid.divisions`.
    init(_ row: PostgresRow) throws {
        self.init(
            code: try row.divisionCode("code"), name: try row.decode("name"),
            kind: try row.wordIfPresent("kind"), households: try row.decodeIfPresent("households"))
    }
}
