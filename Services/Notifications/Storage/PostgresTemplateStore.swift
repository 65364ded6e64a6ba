import Foundation
import Models
import Postgres
import ServiceKit

/// Templates in PostgreSQL.
package struct PostgresTemplateStore: TemplateStore {
    private let pool: PostgresPool
    private let audit: AuditTrail

    /// Reads and writes through a pool, with entries in an audit trail.
    package init(pool: PostgresPool, audit: AuditTrail) {
        self.pool = pool
        self.audit = audit
    }

    private static let columns = """
        code, channel, version, state, in_force, revision, title_zh, title_en, body_zh, body_en, author, created_at,
        approved_at
        """

    package func list(after last: (code: String, channel: String)?, limit: Int) async throws -> [TemplateVersion] {
        try await pool.query(
            """
            select distinct on (code, channel) \(unescaped: Self.columns) from notify.templates
            where (code, channel) > (\(last?.code ?? ""), \(last?.channel ?? ""))
            order by code, channel, version desc limit \(limit)
            """
        ).rows.map(TemplateVersion.init)
    }

    package func versions(of key: TemplateKey, before version: Int?, limit: Int) async throws -> [TemplateVersion] {
        try await pool.query(
            """
            select \(unescaped: Self.columns) from notify.templates
            where code = \(key.code) and channel = \(key.channel.rawValue)
              and version < \(Int32(clamping: version ?? .max))
            order by version desc limit \(limit)
            """
        ).rows.map(TemplateVersion.init)
    }

    package func find(_ key: TemplateKey, version: Int) async throws -> TemplateVersion? {
        try await pool.query(
            """
            select \(unescaped: Self.columns) from notify.templates
            where code = \(key.code) and channel = \(key.channel.rawValue) and version = \(Int32(clamping: version))
            """
        ).rows.first.map(TemplateVersion.init)
    }

    package func draft(
        _ key: TemplateKey, _ words: TemplateWords, by author: String, ifRevision revision: Int?, at moment: Date
    ) async throws -> TemplateVersion {
        try await change(key) { transaction, draft, last in
            if let revision, revision != draft?.revision ?? 0 { throw TemplateRefusal.changed }
            // Whoever changed a draft has written it: he cannot approve it, and who began it can.
            return """
                insert into notify.templates as t (code, channel, version, state, title_zh, title_en, body_zh, body_en,
                    author, created_at)
                values (\(key.code), \(key.channel.rawValue), \(Int32(draft?.version ?? last + 1)), 'draft',
                    \(words.title.chinese), \(words.title.english), \(words.body.chinese), \(words.body.english),
                    \(author), \(moment))
                on conflict (code, channel, version) do update
                set title_zh = excluded.title_zh, title_en = excluded.title_en, body_zh = excluded.body_zh,
                    body_en = excluded.body_en, author = excluded.author, revision = t.revision + 1
                where t.state = 'draft'
                returning \(unescaped: Self.columns)
                """
        }
    }

    package func approve(
        _ key: TemplateKey, by approver: String, ifRevision revision: Int?, at moment: Date,
        _ check: @escaping @Sendable (TemplateVersion, [NewsEvent]) throws -> Void
    ) async throws -> TemplateVersion {
        try await change(key) { transaction, draft, _ in
            guard let draft else { throw TemplateRefusal.noDraft }
            if let revision, revision != draft.revision { throw TemplateRefusal.changed }
            let events = try await transaction.query(
                """
                select distinct event from notify.routes
                where in_force and template = \(key.code) and \(key.channel.rawValue) = any (channels)
                """
            ).rows.map { try $0.word("event", as: NewsEvent.self) }
            try check(draft, events)
            transaction.enqueue(
                """
                update notify.templates set in_force = false
                where code = \(key.code) and channel = \(key.channel.rawValue) and in_force
                """)
            return """
                update notify.templates set state = 'approved', in_force = true, revision = revision + 1,
                    approver = \(approver), approved_at = \(moment)
                where code = \(key.code) and channel = \(key.channel.rawValue) and version = \(Int32(draft.version))
                returning \(unescaped: Self.columns)
                """
        }
    }

    package func send(
        _ version: TemplateVersion, _ slots: MessageSlots, of event: NewsEvent, to person: PersonID, code: String,
        at moment: Date
    ) async throws {
        // An inbox is its owner's, and he is who asks.
        let audit = self.audit
        try await RowScope.service {
            try await pool.withTransaction { transaction in
                transaction.enqueue(
                    try DeliveryStatements.deliver(version, slots, of: event, to: person, code: code, at: moment))
                audit.record([Self.entry(version, "test")], in: transaction)
            }
        }
    }

    /// Locks a template, and changes it by the statement that `decide` gives.
    private func change(
        _ key: TemplateKey,
        _ decide: @escaping @Sendable (PostgresTransaction, TemplateVersion?, Int) async throws -> PostgresStatement
    ) async throws -> TemplateVersion {
        let audit = self.audit
        let name = "notify.templates \(key.code) \(key.channel.rawValue)"
        return try await pool.withTransaction { transaction in
            // One at a time, so that there is one draft and one version in force; changes are rare.
            let results = try await transaction.pipeline([
                "select pg_advisory_xact_lock(hashtextextended(\(name), 0))",
                """
                select \(unescaped: Self.columns) from notify.templates
                where code = \(key.code) and channel = \(key.channel.rawValue) order by version desc limit 1
                """,
            ])
            let last = try results[1].rows.first.map(TemplateVersion.init)
            let draft = last.flatMap { $0.state == .draft ? $0 : nil }
            let statement = try await decide(transaction, draft, last?.version ?? 0)
            guard let row = try await transaction.query(statement).rows.first else { throw TemplateRefusal.changed }
            let version = try TemplateVersion(row)
            audit.record([Self.entry(version, version.state.rawValue)], in: transaction)
            return version
        }
    }

    private static func entry(_ version: TemplateVersion, _ act: String) -> AuditEntry {
        AuditEntry(
            .changed, "message-template", id: "\(version.key.code).\(version.key.channel.rawValue).\(version.version)",
            details: ["act": .code(act)])
    }
}

extension TemplateVersion {
    fileprivate init(_ row: PostgresRow) throws {
        self.init(
            key: TemplateKey(code: try row.decode("code"), channel: try row.word("channel")),
            version: Int(try row.decode("version", as: Int32.self)), state: try row.word("state"),
            isInForce: try row.decode("in_force"), revision: Int(try row.decode("revision", as: Int32.self)),
            words: try row.templateWords(), author: try row.decodeIfPresent("author"),
            createdAt: try row.decode("created_at"), approvedAt: try row.decodeIfPresent("approved_at"))
    }
}
