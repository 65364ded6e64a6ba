import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// What notifications keep of one person, by the id alone, for the person's own requests.
///
/// The id is that of the account; of somebody who holds a post the copy of grid operations names it.
package struct InboxSubjects: SubjectHolding {
    private let sealer: AddressSealer?

    /// - Parameter sealer: opens addresses for whom they belong to; without it there are none.
    package init(sealer: AddressSealer? = nil) { self.sealer = sealer }

    package var objectType: String { "inbox" }

    package var keys: Set<SubjectKey.Kind> { [.personID] }

    package var kinds: Set<SubjectRequestKind> { [.export, .erasure] }

    package func find(
        _ key: SubjectKey, scope: ScopeFilter, in transaction: PostgresTransaction
    ) async throws -> [SubjectPlace] {
        guard case .personID(let person) = key else { return [] }
        // At the present post, or where the person was last told of something.
        return try await transaction.query(
            """
            select f.area_code from (
                select a.grid_code as area_code, 0 as place, 0::int8 as age from notify.grid_assignments a
                where a.person_id = \(person.rawValue) and \(scope: scope, on: "a.grid_code")
                union all
                select d.area_code, 1, -d.id from notify.deliveries d
                where d.person_id = \(person.rawValue) and \(scope: scope, on: "d.area_code")
                union all
                select u.code, 2, 0 from notify.subscriptions u
                where u.person_id = \(person.rawValue) and u.kind <> 'organisation' and \(scope: scope, on: "u.code")
                union all
                select s.division_code, 3, -s.id from notify.sendings s
                where s.person_id = \(person.rawValue) and \(scope: scope, on: "s.division_code")
                union all
                select c.division_code, 4, c.id from notify.contacts c
                where c.person_id = \(person.rawValue) and \(scope: scope, on: "c.division_code")
            ) f order by f.place, f.age, f.area_code limit 1
            """
        ).rows.map { SubjectPlace(id: person.description, divisionCode: try $0.decode("area_code")) }
    }

    package func everything(of id: String, in transaction: PostgresTransaction) async throws -> [SubjectFact] {
        let posts = try await transaction.query(
            """
            select grid_code, role from notify.grid_assignments
            where person_id = \(id)::text::uuid order by grid_code, role
            """
        ).rows.map { row in
            let words: [String] = [try row.decode("grid_code"), try row.decode("role")]
            return SubjectFact("任职 post", words.joined(separator: " "), .noticeDelivery)
        }
        let messages = try await transaction.query(
            """
            select template, coalesce(slots::jsonb->>'number', subject) as subject, recorded_at, read_at, state
            from notify.deliveries
            where person_id = \(id)::text::uuid order by id
            """
        ).rows.map { row in
            let read: Date? = try row.decodeIfPresent("read_at")
            let words: [String] = [
                RFC3339.format(try row.decode("recorded_at")), try row.decode("template"),
                try row.decode("subject"), try row.decode("state"),
                read.map { "已读 read " + RFC3339.format($0) } ?? "未读 unread",
            ]
            return SubjectFact("消息 message", words.joined(separator: " "), .noticeDelivery)
        }
        let subscriptions = try await transaction.query(
            "select kind, code, event from notify.subscriptions where person_id = \(id)::text::uuid order by kind, code, event"
        ).rows.map { row in
            let words: [String] = [try row.decode("kind"), try row.decode("code"), try row.decode("event")]
            return SubjectFact("订阅 subscription", words.joined(separator: " "), .noticeDelivery)
        }
        return [SubjectFact("人员编号 person id", id, .noticeDelivery)] + posts + subscriptions + messages
            + (try await reached(id, in: transaction))
    }

    /// How the person is reached outside the inbox, what was sent there, and what is not wanted.
    private func reached(_ id: String, in transaction: PostgresTransaction) async throws -> [SubjectFact] {
        let addresses = try await transaction.query(
            "select kind, address_encrypted from notify.contacts where person_id = \(id)::text::uuid order by kind"
        ).rows.compactMap { row -> SubjectFact? in
            guard let sealer else { return nil }
            let address = try sealer.open(row.decode("address_encrypted"))
            let kind: String = try row.decode("kind")
            return SubjectFact("联系方式 address", "\(kind) \(address)", .noticeDelivery)
        }
        let sent = try await transaction.query(
            """
            select channel, kind, title, body, ordered_at, state from notify.sendings
            where person_id = \(id)::text::uuid order by id
            """
        ).rows.map { row in
            let words: [String] = [
                RFC3339.format(try row.decode("ordered_at")), try row.decode("channel"), try row.decode("kind"),
                try row.decode("state"), try row.decodeIfPresent("title") ?? "", try row.decodeIfPresent("body") ?? "",
            ]
            return SubjectFact("外发消息 message sent", words.joined(separator: " "), .noticeDelivery)
        }
        let muted = try await transaction.query(
            "select kind, channel from notify.preferences where person_id = \(id)::text::uuid order by kind, channel"
        ).rows.map { row in
            let words: [String] = [try row.decode("kind"), try row.decode("channel")]
            return SubjectFact("不接收 muted", words.joined(separator: " "), .noticeDelivery)
        }
        return addresses + sent + muted
    }

    package func correct(
        _ id: String, _ correction: SubjectCorrection, at time: Date, in transaction: PostgresTransaction
    ) async throws {
        // Nothing is kept that could be wrong; no such request is opened.
    }

    package func duty(
        toKeep id: String, at time: Date, in transaction: PostgresTransaction
    ) async throws -> SubjectRefusal? {
        let posts = try await transaction.query(
            "select from notify.grid_assignments where person_id = \(id)::text::uuid limit 1")
        return posts.rows.isEmpty ? nil : .postInForce
    }

    package func erase(
        _ id: String, at time: Date, in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        _ = try await transaction.pipeline([
            // Deliveries before the inbox, as whoever marks a message as read locks them.
            "select from notify.deliveries where person_id = \(id)::text::uuid order by id for update",
            // What is delivered at this moment holds the inbox, and is seen by the next statement.
            "select from notify.inboxes where person_id = \(id)::text::uuid for update",
            """
            update notify.deliveries set state = 'ERASED', reason = 'subject-request', person_id = null, sequence = null
            where person_id = \(id)::text::uuid
            """,
            """
            update notify.deliveries set reporter_id = null
            where state = 'WAITING' and reporter_id = \(id)::text::uuid
            """,
            "delete from notify.inboxes where person_id = \(id)::text::uuid",
            "delete from notify.post_ends where person_id = \(id)::text::uuid",
            "delete from notify.subscriptions where person_id = \(id)::text::uuid",
            "delete from notify.routes where person_id = \(id)::text::uuid",
            "update notify.templates set author = null where author = \(id)",
            "update notify.templates set approver = null where approver = \(id)",
        ])
        if let person = PersonID(id)?.rawValue {
            _ = try await transaction.pipeline(SendingStatements.erasure(of: person, at: time))
        }
        return []
    }
}
