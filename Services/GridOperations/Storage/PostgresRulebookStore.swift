import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Versions of the rulebook in PostgreSQL.
///
/// Nobody is told of their changes, which the audit trail has.
package struct PostgresRulebookStore: RulebookStore {
    private let pool: PostgresPool
    private let audit: AuditTrail

    /// Reads and writes through a pool, with entries in an audit trail.
    package init(pool: PostgresPool, audit: AuditTrail) {
        self.pool = pool
        self.audit = audit
    }

    private static let columns = "number, state, revision, content, findings, effective_from, created_at, changed_at"

    package func list(before number: Int?, limit: Int) async throws -> [RulebookVersion] {
        try await pool.query(
            """
            select \(unescaped: Self.columns) from grid.rulebooks
            where number < \(Int32(clamping: number ?? .max)) order by number desc limit \(limit)
            """
        ).rows.map(RulebookVersion.init)
    }

    package func find(_ number: Int) async throws -> RulebookVersion? {
        try await pool.query(
            "select \(unescaped: Self.columns) from grid.rulebooks where number = \(Int32(clamping: number))"
        ).rows.first.map(RulebookVersion.init)
    }

    package func create(_ content: Rulebook, at moment: Date, key: IdempotencyKey) async throws -> Int {
        let text = try Self.text(content)
        return try await pool.withTransaction { transaction in
            try await Idempotency.once(key, in: transaction) {
                let row = try await transaction.query(
                    """
                    insert into grid.rulebooks (state, content, created_at, changed_at)
                    values ('draft', \(text), \(moment), \(moment)) returning number
                    """
                ).rows[0]
                let number = Int(try row.decode("number", as: Int32.self))
                audit.record([Self.entry(number, "create")], in: transaction)
                return (number, [])
            }.0
        }
    }

    package func change(
        _ number: Int,
        _ decide: @escaping @Sendable (RulebookVersion, RulebookSurroundings, Date?) throws -> RulebookVersion
    ) async throws -> RulebookVersion {
        try await pool.withTransaction { transaction in
            // One at a time, so that two cannot be published for the same moments; changes are rare.
            transaction.enqueue(BulkLock.rulebooks.statement)
            let results = try await transaction.pipeline([
                "select \(unescaped: Self.columns) from grid.rulebooks where number = \(Int32(clamping: number))",
                "select max(effective_from) as last from grid.rulebooks",
            ])
            guard let row = results[0].rows.first else { throw RulebookRefusal.unknown }
            let before = try RulebookVersion(row)
            let county = try await Self.surroundings(of: before.content, in: transaction)
            let after = try decide(before, county, try results[1].rows[0].decodeIfPresent("last"))
            transaction.enqueue(
                """
                update grid.rulebooks
                set state = \(after.state.rawValue), revision = \(Int32(after.revision)),
                    content = \(try Self.text(after.content)), findings = \(try after.findings.map(Self.text)),
                    effective_from = \(after.effectiveFrom)::timestamptz, changed_at = \(after.changedAt)
                where number = \(Int32(number))
                """)
            audit.record([Self.entry(number, after.state.rawValue)], in: transaction)
            return after
        }
    }

    // MARK: - The county

    /// So many areas without staff are named.
    private static let unstaffedMax = 50

    private static func surroundings(
        of content: Rulebook, in transaction: PostgresTransaction
    ) async throws -> RulebookSurroundings {
        let prefixes = Set(content.routes.map(\.gridPrefix)).subtracting([""]).sorted()
        let results = try await transaction.pipeline([
            """
            select p.prefix from unnest(\(prefixes)::text[]) as p (prefix)
            where not exists (select from grid.divisions d
                              where d.code >= p.prefix collate "C" and d.code < (p.prefix || ':') collate "C")
              and not exists (select from grid.grids g
                              where g.code >= p.prefix collate "C" and g.code < (p.prefix || ':') collate "C")
            """,
            """
            select g.code, count(*) over () as total from grid.grids g
            where length(g.code) = 15 and not exists (
                select from grid.assignments a
                where a.grid_code = g.code and a.role = 'gridWorker' and a.ended_at is null)
            order by g.code limit \(unstaffedMax)
            """,
        ])
        return RulebookSurroundings(
            unknownPrefixes: Set(try results[0].rows.map { try $0.decode("prefix", as: String.self) }),
            unstaffedAreas: try results[1].rows.map { try $0.gridCode("code") },
            unstaffedCount: try results[1].rows.first.map { try $0.decode("total") } ?? 0)
    }

    private static func text(_ value: some Encodable) throws -> String {
        String(decoding: try SuiteJSON.encode(value), as: UTF8.self)
    }

    private static func entry(_ number: Int, _ act: String) -> AuditEntry {
        AuditEntry(.changed, "rulebook", id: "\(number)", details: ["act": .code(act)])
    }
}

extension RulebookVersion {
    fileprivate init(_ row: PostgresRow) throws {
        func document<Value: Decodable>(_ text: String) throws -> Value {
            try SuiteJSON.decode(Value.self, from: Array(text.utf8))
        }
        self.init(
            number: Int(try row.decode("number", as: Int32.self)), state: try row.word("state"),
            revision: Int(try row.decode("revision", as: Int32.self)),
            content: try document(row.decode("content")),
            findings: try row.decodeIfPresent("findings", as: String.self).map(document),
            effectiveFrom: try row.decodeIfPresent("effective_from"), createdAt: try row.decode("created_at"),
            changedAt: try row.decode("changed_at"))
    }
}
