import Foundation
import Models
import Postgres
import ServiceKit

/// Inboxes in PostgreSQL.
package struct PostgresInboxStore: InboxStore {
    private let pool: PostgresPool
    private let audit: AuditTrail

    /// Reads and marks through a pool, and writes into the audit trail of the same database.
    package init(pool: PostgresPool, audit: AuditTrail) {
        self.pool = pool
        self.audit = audit
    }

    /// Messages with the words of the version in which they were written.
    private static let messages = """
        select d.sequence, d.event, d.subject, d.subject_id, d.template, d.template_version, d.slots, d.urgency,
            d.occurred_at, d.recorded_at, d.read_at, d.archived_at, d.snoozed_until,
            coalesce(t.title_zh, d.template) as title_zh, coalesce(t.title_en, d.template) as title_en,
            coalesce(t.body_zh, d.template) as body_zh, coalesce(t.body_en, d.template) as body_en
        from notify.deliveries d left join notify.templates t
            on t.code = d.template and t.channel = 'inApp' and t.version = d.template_version
        """

    package func newest(
        of person: PersonID, in box: InboxBox, scope: ScopeFilter, before sequence: Int64?, limit: Int, at moment: Date
    ) async throws -> [Delivery] {
        try await pool.query(
            """
            \(unescaped: Self.messages)
            where person_id = \(person.rawValue) and d.state = 'SENT' and sequence < \(sequence ?? Int64.max)
              and \(ownerIn: scope) and \(box: box, at: moment)
            order by sequence desc limit \(limit)
            """
        ).rows.map(Self.delivery)
    }

    package func following(
        _ sequence: Int64, of person: PersonID, scope: ScopeFilter, limit: Int
    ) async throws -> [Delivery] {
        try await pool.query(
            """
            \(unescaped: Self.messages)
            where person_id = \(person.rawValue) and d.state = 'SENT' and sequence > \(sequence)
              and \(ownerIn: scope)
            order by sequence limit \(limit)
            """
        ).rows.map(Self.delivery)
    }

    package func heads(of people: [PersonID]) async throws -> [PersonID: Int64] {
        let rows = try await pool.query(
            "select person_id, head from notify.inboxes where person_id = any(\(people.map(\.rawValue)))"
        ).rows
        var heads: [PersonID: Int64] = [:]
        for row in rows { heads[PersonID(rawValue: try row.decode("person_id"))] = try row.decode("head") }
        return heads
    }

    package func unread(of person: PersonID, scope: ScopeFilter) async throws -> Int {
        try await pool.query(
            "select unread from notify.inboxes where person_id = \(person.rawValue) and \(ownerIn: scope)"
        ).rows.first?.decode("unread") ?? 0
    }

    package func counts(of person: PersonID, scope: ScopeFilter, at moment: Date) async throws -> InboxCounts {
        let results = try await pool.pipeline([
            """
            select unread from notify.inboxes where person_id = \(person.rawValue) and \(ownerIn: scope)
            """,
            """
            select count(*) filter (where \(box: .inbox, at: moment)) as inbox,
                count(*) filter (where \(box: .archive, at: moment)) as archived,
                count(*) filter (where \(box: .snoozed, at: moment)) as snoozed
            from notify.deliveries
            where person_id = \(person.rawValue) and state = 'SENT' and \(ownerIn: scope)
            """,
        ])
        let row = results[1].rows[0]
        return InboxCounts(
            inbox: try row.decode("inbox"), unread: try results[0].rows.first?.decode("unread") ?? 0,
            archived: try row.decode("archived"), snoozed: try row.decode("snoozed"))
    }

    package func sort(
        _ sequence: Int64, of person: PersonID, _ act: InboxAct, scope: ScopeFilter, at moment: Date
    ) async throws -> Bool {
        let audit = self.audit
        return try await pool.withTransaction { transaction in
            let result = try await transaction.query(
                """
                with message as (
                    select id, read_at from notify.deliveries
                    where person_id = \(person.rawValue) and state = 'SENT' and sequence = \(sequence)
                      and \(ownerIn: scope)
                ), marked as (
                    update notify.deliveries d set \(act: act, at: moment) from message m
                    where d.id = m.id and d.state = 'SENT' and \(changing: act)
                    returning d.id, m.read_at is null and d.read_at is not null as was_read
                ), counted as (
                    update notify.inboxes set unread = unread - 1
                    where person_id = \(person.rawValue) and exists (select from marked where was_read)
                )
                select exists (select from marked) as marked from message
                """)
            guard let row = result.rows.first else { return false }
            if try row.decode("marked") {
                audit.record(
                    [AuditEntry(.changed, "inbox", id: person.description, details: [act.word: .count(1)])],
                    in: transaction)
            }
            return true
        }
    }

    package func unstaffedAreas(
        scope: ScopeFilter, after last: (code: String, audience: String)?, limit: Int
    ) async throws -> [UnstaffedArea] {
        try await pool.query(
            """
            select area_code, recipient, count(*) filter (where state = 'WAITING') as waiting,
                count(*) filter (where state = 'SKIPPED') as undelivered, min(occurred_at) as since
            from notify.deliveries
            where (state = 'WAITING' or reason = 'no-recipient')
              and (area_code, recipient) > (\(last?.code ?? ""), \(last?.audience ?? ""))
              and \(scope: scope, on: "area_code")
            group by area_code, recipient order by area_code, recipient limit \(limit)
            """
        ).rows.map { row in
            UnstaffedArea(
                code: try row.decode("area_code"), audience: try row.decode("recipient"),
                waiting: try row.decode("waiting"), undelivered: try row.decode("undelivered"),
                since: try row.decode("since"))
        }
    }

    private static func delivery(_ row: PostgresRow) throws -> Delivery {
        Delivery(
            sequence: try row.decode("sequence"), event: try row.decode("event"), subject: try row.word("subject"),
            subjectID: try row.decode("subject_id"), template: try row.decode("template"),
            templateVersion: Int(try row.decode("template_version", as: Int32.self)), words: try row.templateWords(),
            slots: try row.messageSlots("slots"), urgency: try row.word("urgency"),
            occurredAt: try row.decode("occurred_at"), deliveredAt: try row.decode("recorded_at"),
            readAt: try row.decodeIfPresent("read_at"), archivedAt: try row.decodeIfPresent("archived_at"),
            snoozedUntil: try row.decodeIfPresent("snoozed_until"))
    }
}

extension InboxAct {
    fileprivate var word: String {
        switch self {
        case .read: "read"
        case .archive: "archive"
        case .unarchive: "unarchive"
        case .snooze: "snooze"
        }
    }
}

extension PostgresStatement.StringInterpolation {
    /// The condition that a row's person is the caller, in brackets.
    fileprivate mutating func appendInterpolation(ownerIn scope: ScopeFilter) {
        guard !scope.isEverything else { return appendLiteral("(true)") }
        guard let own = scope.own.flatMap({ PersonID($0) }) else { return appendLiteral("(false)") }
        appendLiteral("(person_id = ")
        appendInterpolation(own.rawValue)
        appendLiteral(")")
    }

    /// The condition that a message is in a part of its inbox, in brackets.
    fileprivate mutating func appendInterpolation(box: InboxBox, at moment: Date) {
        switch box {
        case .all: appendLiteral("(true)")
        case .archive: appendLiteral("(archived_at is not null)")
        case .inbox, .snoozed:
            appendLiteral("(archived_at is null and coalesce(snoozed_until > ")
            appendInterpolation(moment)
            appendLiteral(", false) = ")
            appendLiteral(box == .snoozed ? "true)" : "false)")
        }
    }

    /// What an act sets.
    fileprivate mutating func appendInterpolation(act: InboxAct, at moment: Date) {
        switch act {
        case .read:
            appendLiteral("read_at = ")
            appendInterpolation(moment)
        case .archive:
            appendLiteral("archived_at = ")
            appendInterpolation(moment)
            appendLiteral(", read_at = coalesce(d.read_at, ")
            appendInterpolation(moment)
            appendLiteral("), snoozed_until = null")
        case .unarchive: appendLiteral("archived_at = null")
        case .snooze(let until):
            appendLiteral("snoozed_until = ")
            appendInterpolation(until)
            appendLiteral("::timestamptz")
        }
    }

    /// The condition that an act changes anything, in brackets.
    fileprivate mutating func appendInterpolation(changing act: InboxAct) {
        switch act {
        case .read: appendLiteral("(d.read_at is null)")
        case .archive: appendLiteral("(d.archived_at is null)")
        case .unarchive: appendLiteral("(d.archived_at is not null)")
        case .snooze(let until):
            appendLiteral("(d.snoozed_until is distinct from ")
            appendInterpolation(until)
            appendLiteral("::timestamptz)")
        }
    }
}
