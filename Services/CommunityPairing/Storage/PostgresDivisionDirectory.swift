import Models
import Postgres

/// Keeps the projection of divisions, on whatever executor it is given: a reader's transaction or a pool.
package struct PostgresDivisionDirectory: DivisionDirectory {
    private let executor: any PostgresExecutor

    /// Makes the directory.
    package init(executor: any PostgresExecutor) { self.executor = executor }

    package func put(_ divisions: [KnownDivision]) async throws {
        _ = try await executor.query(
            PostgresStatement(
                """
                insert into pairing.divisions (code, level, kind)
                select d.code, d.level, d.kind
                from unnest($1::text[], $2::text[], $3::text[]) as d (code, level, kind)
                on conflict (code) do update set level = excluded.level, kind = excluded.kind
                """,
                [
                    .textArray(divisions.map(\.code.digits)), .textArray(divisions.map(\.code.level.rawValue)),
                    .textArray(divisions.map(\.kind?.rawValue)),
                ]))
    }

    /// Reads the divisions of some codes.
    static func known(among codes: Set<DivisionCode>) -> PostgresStatement {
        PostgresStatement(
            "select code, kind from pairing.divisions where code = any($1::text[])",
            [.textArray(codes.map(\.digits))])
    }

    /// The divisions of `known(among:)`'s answer.
    static func divisions(in result: PostgresResult) throws -> [KnownDivision] {
        try result.rows.map { row in
            KnownDivision(code: try row.divisionCode("code"), kind: try row.wordIfPresent("kind"))
        }
    }
}
