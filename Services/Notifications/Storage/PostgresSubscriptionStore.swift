import Foundation
import Models
import Postgres
import ServiceKit

/// Subscriptions in PostgreSQL.
package struct PostgresSubscriptionStore: SubscriptionStore {
    private let pool: PostgresPool
    private let audit: AuditTrail

    /// Reads and writes through a pool, with entries in an audit trail.
    package init(pool: PostgresPool, audit: AuditTrail) {
        self.pool = pool
        self.audit = audit
    }

    package func list(of person: PersonID) async throws -> [Subscription] {
        // The caller's own; his divisions say nothing of him.
        try await RowScope.service {
            try await pool.query(
                """
                select kind, code, event from notify.subscriptions where person_id = \(person.rawValue)
                order by kind, code, event limit \(KeepSubscriptions.countMax)
                """
            ).rows.map { row in
                let event: String = try row.decode("event")
                return Subscription(
                    kind: try row.word("kind"), code: try row.decode("code"), event: NewsEvent(rawValue: event))
            }
        }
    }

    package func replace(_ subscriptions: [Subscription], of person: PersonID, at moment: Date) async throws {
        let audit = self.audit
        try await RowScope.service {
            try await pool.withTransaction { transaction in
                transaction.enqueue("delete from notify.subscriptions where person_id = \(person.rawValue)")
                transaction.enqueue(
                    PostgresStatement(
                        """
                        insert into notify.subscriptions (person_id, kind, code, event, created_at)
                        select $1::uuid, s.kind, s.code, s.event, $2::timestamptz
                        from unnest($3::text[], $4::text[], $5::text[]) as s (kind, code, event)
                        on conflict do nothing
                        """,
                        [
                            .uuid(person.rawValue), .timestamptz(moment),
                            .textArray(subscriptions.map(\.kind.rawValue)), .textArray(subscriptions.map(\.code)),
                            .textArray(subscriptions.map { $0.event?.rawValue ?? "" }),
                        ]))
                audit.record(
                    [
                        AuditEntry(
                            .changed, "subscriptions", id: person.description,
                            details: ["count": .count(subscriptions.count)])
                    ], in: transaction)
            }
        }
    }
}
