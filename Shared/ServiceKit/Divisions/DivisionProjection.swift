import Messaging
import Models
import Postgres

/// What a service that does not own divisions keeps of them, so that rows can be checked while their owner is down: the
/// table `divisions` of the service's schema, with `code`, `level` and `kind`.
package struct DivisionProjection: Sendable {
    private let table: String

    /// Names the schema, which comes from code and never from a request.
    package init(schema: String) { table = schema + ".divisions" }

    /// Takes in what the topic of divisions says, in the transaction of a batch.
    ///
    /// The last fact about a division stands; events that are not about divisions are passed over.
    ///
    /// - Throws: what decoding throws, or a `PostgresError`.
    package func learn(_ events: [ReceivedEvent], in transaction: PostgresTransaction) async throws {
        let divisions = KnownDivision.latest(of: try events.compactMap(Self.facts))
        guard !divisions.isEmpty else { return }
        _ = try await transaction.query(put(divisions))
    }

    /// Reads the divisions of some codes.
    package func known(among codes: Set<DivisionCode>) -> PostgresStatement {
        PostgresStatement(
            "select code, kind from \(table) where code = any($1::text[])", [.textArray(codes.map(\.digits))])
    }

    /// The divisions of `known(among:)`'s answer.
    ///
    /// - Throws: `UnknownStoredValue`.
    package static func divisions(in result: PostgresResult) throws -> [KnownDivision] {
        try result.rows.map { row in
            KnownDivision(code: try row.divisionCode("code"), kind: try row.wordIfPresent("kind"))
        }
    }

    private func put(_ divisions: [KnownDivision]) -> PostgresStatement {
        PostgresStatement(
            """
            insert into \(table) (code, level, kind)
            select d.code, d.level, d.kind
            from unnest($1::text[], $2::text[], $3::text[]) as d (code, level, kind)
            on conflict (code) do update set level = excluded.level, kind = excluded.kind
            """,
            [
                .textArray(divisions.map(\.code.digits)), .textArray(divisions.map(\.code.level.rawValue)),
                .textArray(divisions.map(\.kind?.rawValue)),
            ])
    }

    /// What an event says of a division; nil for events that say something else.
    private static func facts(_ event: ReceivedEvent) throws -> DivisionFacts? {
        if let registered = try event.payload(DivisionRegistered.self) { return registered.division }
        if let changed = try event.payload(DivisionChanged.self) { return changed.division }
        return try event.payload(DivisionStated.self)?.division
    }
}
