import Foundation
import Models
import Postgres

/// The statements that put messages into inboxes, each for any number of events at once.
enum DeliveryStatements {
    /// Addresses news by the routes.
    ///
    /// A post that nobody holds gives a row without a person, which then waits.
    static func deliver(_ news: [IncidentNews], at moment: Date, waitsUntil: Date) -> PostgresStatement {
        let incidents = news.map(\.incident)
        return PostgresStatement(
            """
            with news as (
                select * from unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                    $9::text[], $10::text[], $11::uuid[], $12::timestamptz[]) with ordinality
                as n (event_id, event, incident_id, incident_number, grid_code, area_code, function, urgency,
                    reporter_id, occurred_at, place)
            ), addressed as (
                select n.*, r.recipient, r.template, n.reporter_id as person_id
                from news n join notify.routes r on r.event = n.event and r.recipient = 'reporter'
                where n.reporter_id is not null
                union all
                select n.*, r.recipient, r.template, w.person_id
                from news n join notify.routes r on r.event = n.event and r.recipient <> 'reporter'
                left join lateral (
                    select distinct a.person_id from notify.grid_assignments a
                    where a.area_code = n.area_code and a.role = r.recipient
                ) w on true
            ), \(settlement)
            """,
            [
                .timestamptz(moment), .timestamptz(waitsUntil), .uuidArray(news.map(\.eventID)),
                .textArray(news.map(\.kind.rawValue)), .uuidArray(incidents.map(\.incidentID.rawValue)),
                .textArray(incidents.map(\.number)), .textArray(incidents.map(\.gridCode.digits)),
                .textArray(incidents.map { $0.gridCode.area?.digits }),
                .textArray(incidents.map(\.function.rawValue)), .textArray(incidents.map(\.urgency.rawValue)),
                .uuidArray(incidents.map { $0.reporterID?.rawValue }), .timestamptzArray(news.map(\.occurredAt)),
            ])
    }

    /// Takes out what waits where somebody holds the post now, and addresses it anew.
    ///
    /// Rows that another transaction is taking out are left to it. What is over the limit is left to the next time.
    ///
    /// - Parameter areas: where to look; nil for everywhere.
    static func deliverWaiting(in areas: [String]?, at moment: Date) -> PostgresStatement {
        PostgresStatement(
            """
            with due as (
                select d.id from notify.deliveries d
                where d.state = 'WAITING' and d.waits_until > $1::timestamptz
                  and ($3::text[] is null or d.area_code = any($3::text[]))
                  and exists (select from notify.grid_assignments a
                              where a.area_code = d.area_code and a.role = d.recipient)
                order by d.id limit 5000 for update skip locked
            ), woken as (
                delete from notify.deliveries d using due where d.id = due.id returning d.*
            ), addressed as (
                select w.event_id, w.incident_id, w.incident_number, w.grid_code, w.area_code, w.function, w.urgency,
                    w.reporter_id, w.occurred_at, w.id as place, w.recipient, w.template, a.person_id
                from woken w join lateral (
                    select distinct a.person_id from notify.grid_assignments a
                    where a.area_code = w.area_code and a.role = w.recipient
                ) a on true
            ), \(settlement)
            """, [.timestamptz(moment), .timestamptz(moment), areas.map { .textArray($0) } ?? .null])
    }

    /// From addressed events to outcomes: decides, gives out the numbers of the inboxes, writes.
    ///
    /// The rows of the inboxes are locked in the order of their persons, so that two batches cannot each hold what the
    /// other wants; the numbers of a batch follow the order of its events.
    private static let settlement = """
        outcomes as (
            select distinct on (a.event_id, a.person_id) a.*,
                case when a.person_id is null then 'WAITING'
                     when a.recipient <> 'reporter' and a.person_id = a.reporter_id then 'SKIPPED'
                     else 'SENT' end as state
            from addressed a
            where not exists (select from notify.deliveries d
                              where d.event_id = a.event_id and d.person_id = a.person_id and d.channel = 'inApp'
                                and d.state <> 'ERASED')
            order by a.event_id, a.person_id, a.recipient
        ), heads as (
            insert into notify.inboxes as i (person_id, head, unread)
            select person_id, count(*), count(*) from outcomes where state = 'SENT' group by person_id order by person_id
            on conflict (person_id) do update
            set head = i.head + excluded.head, unread = i.unread + excluded.unread
            returning i.person_id, i.head
        )
        insert into notify.deliveries (event_id, recipient, person_id, reporter_id, state, reason, sequence, template,
            incident_id, incident_number, grid_code, area_code, function, urgency, occurred_at, recorded_at, waits_until)
        select o.event_id, o.recipient, o.person_id, case when o.state = 'WAITING' then o.reporter_id end, o.state,
            case when o.state = 'SKIPPED' then 'own-report' end,
            h.head - count(*) over inbox + row_number() over (inbox order by o.place, o.event_id),
            o.template, o.incident_id, o.incident_number, o.grid_code, o.area_code, o.function, o.urgency, o.occurred_at,
            $1::timestamptz, case when o.state = 'WAITING' then $2::timestamptz end
        from outcomes o left join heads h on h.person_id = o.person_id and o.state = 'SENT'
        window inbox as (partition by o.person_id, o.state)
        order by o.place
        """
}
