import Models
import Postgres
import ServiceKit

extension PersonalDataInventory {
    /// What the sending of messages keeps of persons.
    static let sendings = PersonalDataInventory(
        tables: [
            PersonalTable(
                "notify.sendings", key: "id", keyType: "bigint",
                columns: [
                    id("person_id", "to whom a message goes", .rule("sendings")),
                    PersonalColumn(
                        "title", holds: "the message's heading", .plain, .noticeDelivery, .labourRelation,
                        .rule("sendings")),
                    PersonalColumn(
                        "body", holds: "the message, what, where and a link", .plain, .noticeDelivery, .labourRelation,
                        .rule("sendings")),
                    PersonalColumn(
                        "slots", holds: "the values of the provider's template", .plain, .noticeDelivery,
                        .labourRelation, .rule("sendings")),
                ]),
            PersonalTable(
                "notify.digest_items", key: "sending_id", keyType: "bigint",
                columns: [
                    PersonalColumn(
                        "title", holds: "the heading of a message that a digest joins", .plain, .noticeDelivery,
                        .labourRelation, .rule("sendings"))
                ]),
            PersonalTable(
                "notify.contacts", key: "id", keyType: "bigint",
                columns: [
                    id("person_id", "whose address it is", .untilRemoved("until its producer erases it")),
                    PersonalColumn(
                        "address_encrypted", holds: "an address: mobile number, e-mail or user id",
                        .encrypted(field: AddressSealer.field), .noticeDelivery, .labourRelation,
                        .untilRemoved("until its producer erases it")),
                    PersonalColumn(
                        "address_hash", holds: "the address, for limits and opt-outs", .keyedHash, .noticeDelivery,
                        .labourRelation, .untilRemoved("until its producer erases it")),
                ], lookups: [LookupColumn("address_hash", of: "address_encrypted")]),
            PersonalTable(
                "notify.opt_outs", key: "subject_hash", keyType: "bytea",
                columns: [
                    PersonalColumn(
                        "subject_hash", holds: "who or which address wants nothing more", .keyedHash, .noticeDelivery,
                        .consent, .untilRemoved("for ever, as the person asked"))
                ]),
            PersonalTable(
                "notify.preferences", key: "person_id", keyType: "uuid",
                columns: [id("person_id", "who muted it", .untilRemoved("until the person takes it back"))]),
            PersonalTable(
                "notify.daily_counts", key: "person_id", keyType: "uuid",
                columns: [id("person_id", "who was sent messages on a day", .rule("daily-counts"))]),
        ],
        retention: [sendingRule, countRule],
        impersonal: [
            "notify.sendings.reason": "a code", "notify.paces.subject": "a keyed hash of an address",
            "notify.reminders.subject": "a grid's code",
        ])

    /// Half a year after the outcome nobody need know any more who was told what.
    private static let sendingRule = RetentionRule(
        "sendings", of: "sending", after: "the outcome", keeping: .months(6)
    ) { due in
        """
        with due as (
            select s.id from notify.sendings s
            where s.person_id is not null and s.settled_at < \(due.before)
              and \(notHeld: "sending", id: "s.id::text", on: due.day)
              and \(notHeld: "inbox", id: "s.person_id::text", on: due.day)
            order by s.settled_at, s.id limit \(due.limit) for update skip locked
        ), items as (
            delete from notify.digest_items i using due where i.sending_id = due.id
        )
        update notify.sendings s set person_id = null, title = null, body = null, slots = '{}'
        from due where s.id = due.id
        returning s.id::text as id
        """
    }

    private static let countRule = RetentionRule(
        "daily-counts", of: "daily-count", after: "the day", keeping: .days(3)
    ) { due in
        """
        with due as (
            select c.person_id, c.day from notify.daily_counts c
            where c.day < (\(due.before)::timestamptz at time zone 'Asia/Shanghai')::date
              and \(notHeld: "daily-count", id: "c.person_id::text", on: due.day)
            order by c.day limit \(due.limit) for update skip locked
        )
        delete from notify.daily_counts c using due where c.person_id = due.person_id and c.day = due.day
        returning c.person_id::text as id
        """
    }

    private static func id(_ name: String, _ holds: String, _ retention: Retention) -> PersonalColumn {
        PersonalColumn(name, holds: holds + ", by an id", .plain, .noticeDelivery, .labourRelation, retention)
    }
}
