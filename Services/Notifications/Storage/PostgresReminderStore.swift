import Foundation
import Models
import Postgres
import ServiceKit

/// Reminders in PostgreSQL.
package struct PostgresReminderStore: ReminderStore {
    /// How many seconds after its time a reminder is of no use any more.
    private static let patience: TimeInterval = 10 * 3600
    private let pool: PostgresPool

    /// Keeps through a pool.
    package init(pool: PostgresPool) { self.pool = pool }

    package func exceptions() async throws -> [CalendarDay: Bool] {
        let rows = try await pool.query("select day::text as day, is_service_day from notify.calendar_exceptions").rows
        var exceptions: [CalendarDay: Bool] = [:]
        for row in rows {
            guard let day = CalendarDay(try row.decode("day", as: String.self)) else { continue }
            exceptions[day] = try row.decode("is_service_day")
        }
        return exceptions
    }

    package func planServiceDays(_ times: [Date]) async throws {
        guard !times.isEmpty else { return }
        _ = try await pool.query(
            """
            insert into notify.reminders (kind, subject, due, division_code)
            select \(ReminderKind.serviceDay.rawValue), a.area_code, t.due, a.area_code
            from (select distinct area_code from notify.grid_assignments where role = 'gridWorker') a
            cross join unnest(\(times)) as t (due)
            order by a.area_code, t.due
            on conflict do nothing
            """)
    }

    package func fire(at moment: Date) async throws -> Int {
        try await pool.withTransaction { transaction in
            let due = try await transaction.query(
                """
                with due as (
                    select kind, subject, due from notify.reminders
                    where done_at is null and due <= \(moment)
                    order by due, kind, subject limit 200 for update skip locked
                ), done as (
                    update notify.reminders r set done_at = \(moment) from due d
                    where r.kind = d.kind and r.subject = d.subject and r.due = d.due
                    returning r.kind, r.subject, r.due
                )
                select d.kind, d.subject, d.due, a.person_id
                from done d
                left join lateral (
                    select distinct g.person_id from notify.grid_assignments g
                    where g.area_code = d.subject and g.role = 'gridWorker'
                ) a on d.due > \(moment.addingTimeInterval(-Self.patience))
                """)
            var keys = Set<String>()
            var sendings: [PlannedSending] = []
            for row in due.rows {
                let kind: String = try row.decode("kind")
                let subject: String = try row.decode("subject")
                let time: Date = try row.decode("due")
                let key = "reminder|\(kind)|\(subject)|\(Int64(time.timeIntervalSince1970))"
                keys.insert(key)
                guard let person: UUID = try row.decodeIfPresent("person_id") else { continue }
                sendings.append(
                    PlannedSending(
                        eventID: StableID.of(key), person: PersonID(rawValue: person), channels: [.weComApp, .sms],
                        kind: "ServiceDay", lane: .transactional, divisionCode: subject, template: "serviceDay",
                        title: "今天是服务日 Service day",
                        body: "今天是服务日，网格 \(subject)，请按计划开展服务。Service day in grid \(subject)."))
            }
            try await PostgresSendingQueue(executor: transaction).order(sendings, at: moment)
            return keys.count
        }
    }
}
