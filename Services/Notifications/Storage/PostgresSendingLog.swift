import Foundation
import Models
import Postgres
import ServiceKit

/// Outcomes in PostgreSQL.
package struct PostgresSendingLog: SendingLog {
    private let pool: PostgresPool
    private let audit: AuditTrail

    /// Reads through a pool, and writes into the audit trail of the same database.
    package init(pool: PostgresPool, audit: AuditTrail) {
        self.pool = pool
        self.audit = audit
    }

    package func list(
        _ filter: SendingFilter, scope: ScopeFilter, before id: Int64?, limit: Int
    ) async throws -> [SendingEntry] {
        try await pool.query(
            """
            select id, event_id, kind, channel, lane::int8 as lane, division_code, template, state, reason, provider_code,
                receipt, attempts::int8 as attempts, ordered_at, not_before, settled_at
            from notify.sendings
            where id < \(id ?? Int64.max) and \(scope: scope, on: "division_code")
              and (\(filter.state?.rawValue)::text is null or state = \(filter.state?.rawValue)::text)
              and (\(filter.channel?.rawValue)::text is null or channel = \(filter.channel?.rawValue)::text)
            order by id desc limit \(limit)
            """
        ).rows.map { row in
            SendingEntry(
                id: try row.decode("id"), eventID: try row.decode("event_id"), kind: try row.decode("kind"),
                channel: try row.decode("channel"), lane: SendingLane(rawValue: try row.decode("lane")) ?? .campaign,
                divisionCode: try row.decode("division_code"), template: try row.decode("template"),
                state: try SendingState(stored: row), reason: try row.decodeIfPresent("reason"),
                providerCode: try row.decodeIfPresent("provider_code"), receipt: try row.decodeIfPresent("receipt"),
                attempts: try row.decode("attempts"), orderedAt: try row.decode("ordered_at"),
                notBefore: try row.decode("not_before"), settledAt: try row.decodeIfPresent("settled_at"))
        }
    }

    package func retry(
        _ id: Int64, attempts: Int, cause: RetryCause, scope: ScopeFilter, at moment: Date
    ) async throws -> ResendOutcome {
        let audit = self.audit
        return try await pool.withTransaction { transaction in
            let found = try await transaction.query(
                """
                select state, coalesce(reason, '') as reason, attempts::int8 as attempts, division_code,
                    person_id is not null as is_known
                from notify.sendings where id = \(id) and \(scope: scope, on: "division_code") for update
                """
            ).rows.first
            guard let found else { return .absent }
            let state = try SendingState(stored: found)
            if state == .queued { return .queued }
            guard try found.decode("is_known"), try found.decode("attempts") == attempts,
                state.mayBeRetried(after: SendingReason(rawValue: try found.decode("reason")))
            else { return .notNow }
            transaction.enqueue(
                """
                update notify.sendings set state = 'QUEUED', reason = null, settled_at = null, not_before = \(moment),
                    ordered_at = \(moment), forgiven = attempts
                where id = \(id)
                """)
            audit.record(
                [
                    AuditEntry(
                        .changed, "sending", id: String(id), divisionCode: try found.decode("division_code"),
                        details: ["retry": .code(cause.rawValue)])
                ], in: transaction)
            return .queued
        }
    }
}

extension SendingState {
    /// Reads the column `state`.
    fileprivate init(stored row: PostgresRow) throws {
        let word: String = try row.decode("state")
        guard let state = Self(rawValue: word) else {
            throw PostgresDecodingFailure(reason: "is a word that this release does not know")
        }
        self = state
    }
}
