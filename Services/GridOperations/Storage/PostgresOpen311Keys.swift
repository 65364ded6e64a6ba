import Foundation
import Models
import Postgres
import ServiceKit

/// API keys in PostgreSQL, by their hash.
package struct PostgresOpen311Keys: Open311KeyStore {
    private let pool: PostgresPool
    private let audit: AuditTrail

    /// Reads and writes through a pool, with entries in an audit trail.
    package init(pool: PostgresPool, audit: AuditTrail) {
        self.pool = pool
        self.audit = audit
    }

    private static let columns = "id, name, division_code, requests_per_minute, created_at, revoked_at"

    package func create(
        _ key: Open311Key, secret: String, once: IdempotencyKey
    ) async throws -> (key: Open311Key, isNew: Bool) {
        try await pool.withTransaction { transaction in
            let (written, _) = try await Idempotency.once(once, in: transaction) {
                transaction.enqueue(
                    """
                    insert into grid.open311_keys (id, key_hash, name, division_code, requests_per_minute, created_at)
                    values (\(key.id.rawValue), \(Self.hash(secret)), \(key.name), \(key.division.digits),
                            \(Int32(key.requestsPerMinute)), \(key.createdAt))
                    """)
                audit.record([Self.entry(key)], in: transaction)
                return (key, [])
            }
            return (written, written.id == key.id)
        }
    }

    package func list(before id: Open311KeyID?, scope: ScopeFilter, limit: Int) async throws -> [Open311Key] {
        try await pool.query(
            """
            select \(unescaped: Self.columns) from grid.open311_keys
            where \(scope: scope, on: "division_code") and (\(id?.rawValue)::uuid is null or id < \(id?.rawValue))
            order by id desc limit \(limit)
            """
        ).rows.map(Open311Key.init)
    }

    package func revoke(_ id: Open311KeyID, at moment: Date, scope: ScopeFilter) async throws -> Open311Key? {
        try await pool.withTransaction { transaction in
            let rows = try await transaction.query(
                """
                update grid.open311_keys set revoked_at = \(moment)
                where id = \(id.rawValue) and revoked_at is null and \(scope: scope, on: "division_code")
                returning \(unescaped: Self.columns)
                """
            ).rows
            if let row = rows.first {
                let key = try Open311Key(row)
                audit.record([Self.entry(key)], in: transaction)
                return key
            }
            return try await transaction.query(
                """
                select \(unescaped: Self.columns) from grid.open311_keys
                where id = \(id.rawValue) and \(scope: scope, on: "division_code")
                """
            ).rows.first.map(Open311Key.init)
        }
    }

    /// Nobody's scope is known before the key is; the row says it.
    package func holding(secret: String) async throws -> Open311Key? {
        try await RowScope.service {
            try await pool.query(
                """
                select \(unescaped: Self.columns) from grid.open311_keys
                where key_hash = \(Self.hash(secret)) and revoked_at is null
                """
            ).rows.first.map(Open311Key.init)
        }
    }

    private static func hash(_ secret: String) -> [UInt8] { ContentHash(of: Array(secret.utf8)).bytes }

    private static func entry(_ key: Open311Key) -> AuditEntry {
        AuditEntry(
            .changed, "open311-key", id: key.id.description, divisionCode: key.division.digits,
            details: ["action": .code(key.revokedAt == nil ? "create" : "revoke")])
    }
}

extension Open311Key {
    fileprivate init(_ row: PostgresRow) throws {
        let code: String = try row.decode("division_code")
        guard let division = DivisionCode(code) else {
            throw PostgresDecodingFailure(reason: "division_code is no division's")
        }
        self.init(
            id: try row.identifier("id"), name: try row.decode("name"), division: division,
            requestsPerMinute: Int(try row.decode("requests_per_minute", as: Int32.self)),
            createdAt: try row.decode("created_at", as: Date.self).wholeMilliseconds,
            revokedAt: try row.decodeIfPresent("revoked_at", as: Date.self)?.wholeMilliseconds)
    }
}
