import Models
import Postgres
import ServiceKit

extension PersonalDataInventory {
    /// What notifications keep of persons: ids, and addresses as ciphertexts.
    package static let notify = PersonalDataInventory(
        tables: [
            PersonalTable(
                "notify.grid_assignments", key: "assignment_id", keyType: "uuid",
                columns: [
                    id("person_id", "who holds the post", .labourRelation, .untilRemoved("until the post ends"))
                ]),
            PersonalTable(
                "notify.post_ends", key: "person_id", keyType: "uuid",
                columns: [id("person_id", "whose post ended", .labourRelation, .rule("inboxes"))]),
            PersonalTable(
                "notify.inboxes", key: "person_id", keyType: "uuid",
                columns: [id("person_id", "whose inbox it is", .labourRelation, .rule("inboxes"))]),
            PersonalTable(
                "notify.deliveries", key: "id", keyType: "bigint",
                columns: [
                    id("person_id", "who was told", .labourRelation, .rule("deliveries")),
                    id(
                        "reporter_id", "who reported, while the delivery waits", .consent,
                        .untilRemoved("until the delivery is settled")),
                ]),
            PersonalTable(
                "notify.subscriptions", key: "person_id", keyType: "uuid",
                columns: [
                    id("person_id", "who asked to hear of it", .labourRelation, .untilRemoved("until taken back"))
                ]),
            PersonalTable(
                "notify.routes", key: "person_id", keyType: "uuid",
                columns: [
                    id("person_id", "who is told by name", .labourRelation, .untilRemoved("while the version is kept"))
                ]),
            PersonalTable(
                "notify.templates", key: "code", keyType: "text",
                columns: [
                    id("author", "who wrote the words", .labourRelation, .untilRemoved("while the version is kept")),
                    id("approver", "who approved them", .labourRelation, .untilRemoved("while the version is kept")),
                ]),
        ],
        retention: [deliveryRule, inboxRule],
        impersonal: [
            "notify.deliveries.reason": "a code", "notify.unaddressed.reason": "a code",
            "notify.deliveries.subject": "a word",
            "notify.deliveries.subject_id": "of an incident, a holding or a booking",
            "notify.templates.title_zh": "words of a form", "notify.templates.title_en": "words of a form",
        ]
    ).joined(with: .sendings)

    /// The last news of the incident, the end of the reader's last post, and six months; the unread ones are counted off.
    private static let deliveryRule = RetentionRule(
        "deliveries", of: "delivery", after: "the last news of the incident and the end of the reader's last post",
        keeping: .months(6)
    ) { due in
        """
        with due as (
            select d.id, d.person_id, d.state = 'SENT' and d.read_at is null as is_unread from notify.deliveries d
            where d.person_id is not null and d.recorded_at < \(due.before)
              and not exists (select from notify.deliveries n
                              where n.subject_id = d.subject_id and n.recorded_at >= \(due.before))
              and \(retired: "d.person_id", before: due)
              and \(notHeld: "delivery", id: "d.id::text", on: due.day)
              and \(notHeld: "inbox", id: "d.person_id::text", on: due.day)
            order by d.recorded_at, d.id limit \(due.limit) for update skip locked
        ), owners as materialized (
            -- In the order of persons, as everywhere.
            select i.person_id from notify.inboxes i where i.person_id in (select person_id from due)
            order by i.person_id for update
        ), counted as (
            update notify.inboxes i set unread = i.unread - u.unread
            from (select person_id, count(*) as unread from due where is_unread group by person_id) u, owners o
            where i.person_id = u.person_id and o.person_id = i.person_id
        )
        update notify.deliveries d set state = 'ERASED', reason = 'retention', person_id = null, sequence = null
        from due where d.id = due.id
        returning d.id::text as id
        """
    }

    /// An inbox that nothing is left of, with the end of its owner's last post.
    private static let inboxRule = RetentionRule(
        "inboxes", of: "inbox", after: "the end of the owner's last post, when no message is left", keeping: .months(6)
    ) { due in
        """
        with due as (
            select f.person_id, i.head
            from (select person_id from notify.inboxes union select person_id from notify.post_ends) f
            left join notify.inboxes i on i.person_id = f.person_id
            where \(retired: "f.person_id", before: due)
              and not exists (select from notify.deliveries d where d.person_id = f.person_id)
              and \(notHeld: "inbox", id: "f.person_id::text", on: due.day)
            order by f.person_id limit \(due.limit)
        ), emptied as (
            -- Not one that a message has come into meanwhile.
            delete from notify.inboxes i using due where i.person_id = due.person_id and i.head = due.head
        ), forgotten as (
            delete from notify.post_ends e using due where e.person_id = due.person_id
        )
        select person_id::text as id from due
        """
    }

    private static func id(
        _ name: String, _ holds: String, _ ground: LegalGround, _ retention: Retention
    ) -> PersonalColumn {
        PersonalColumn(name, holds: holds + ", by an id", .plain, .noticeDelivery, ground, retention)
    }
}

extension PostgresStatement.StringInterpolation {
    /// The condition that a person holds no post, and has held none since a rule's time began.
    ///
    /// - Parameter person: an expression of SQL that gives the person's id; trusted text.
    fileprivate mutating func appendInterpolation(retired person: String, before due: RetentionRule.Due) {
        appendLiteral("not exists (select from notify.grid_assignments a where a.person_id = \(person))")
        appendLiteral(" and not exists (select from notify.post_ends e where e.person_id = \(person)")
        appendLiteral(" and e.ended_at >= ")
        appendInterpolation(due.before)
        appendLiteral(")")
    }
}
