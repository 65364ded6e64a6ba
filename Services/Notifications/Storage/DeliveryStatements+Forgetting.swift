import Models
import Postgres
import ServiceKit

extension DeliveryStatements {
    /// Erases who reported incidents from what was told of them; the unread ones are counted off, and a legal hold keeps
    /// them.
    static func forgetReporters(of incidents: [IncidentID], on day: CalendarDay) -> PostgresStatement {
        """
        with due as (
            select d.id, d.person_id, d.state = 'SENT' and d.read_at is null as is_unread from notify.deliveries d
            where d.subject_id = any(\(incidents.map(\.rawValue))::uuid[]) and d.recipient = 'reporter'
              and d.person_id is not null
              and \(notHeld: "delivery", id: "d.id::text", on: day)
              and \(notHeld: "inbox", id: "d.person_id::text", on: day)
            order by d.id for update
        ), owners as materialized (
            -- In the order of persons, as everywhere.
            select i.person_id from notify.inboxes i where i.person_id in (select person_id from due)
            order by i.person_id for update
        ), counted as (
            update notify.inboxes i set unread = i.unread - u.unread
            from (select person_id, count(*) as unread from due where is_unread group by person_id) u, owners o
            where i.person_id = u.person_id and o.person_id = i.person_id
        ), waiting as (
            update notify.deliveries d set reporter_id = null
            where d.subject_id = any(\(incidents.map(\.rawValue))::uuid[]) and d.reporter_id is not null
        )
        update notify.deliveries d set state = 'ERASED', reason = 'reporter-erased', person_id = null, sequence = null
        from due where d.id = due.id
        """
    }
}
