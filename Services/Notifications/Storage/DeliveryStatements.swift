import Foundation
import Models
import Postgres
import ServiceKit

/// The statements that put messages into inboxes, each for any number of events at once.
enum DeliveryStatements {
    /// Addresses news by the routes.
    ///
    /// A post that nobody holds gives a row without a person, which then waits. What finds no route, no words or no reader
    /// is counted.
    static func deliver(_ news: [News], at moment: Date, waitsUntil: Date) throws -> PostgresStatement {
        PostgresStatement(
            """
            with \(addressing(from: 3)), \(gaps), \(settlement)
            """, [.timestamptz(moment), .timestamptz(waitsUntil)] + (try values(of: news)))
    }

    /// Says who would be told of news, without effect.
    static func tryOut(_ news: News) throws -> PostgresStatement {
        PostgresStatement(
            """
            with \(addressing(from: 1))
            select c.recipient, c.named, c.template, t.version as template_version, c.channels, c.route_division,
                c.route_version, w.person_id
            from chosen c left join notify.templates t on t.in_force and t.code = c.template and t.channel = 'inApp'
            left join lateral (\(RecipientQuery.people(of: "c"))) w on c.channels <> '{}' and t.version is not null
            order by c.recipient, c.named, w.person_id
            """, try values(of: [news]))
    }

    private static func values(of news: [News]) throws -> [PostgresValue] {
        [
            .uuidArray(news.map(\.eventID)), .textArray(news.map(\.event.rawValue)), .textArray(news.map(\.state)),
            .textArray(news.map(\.event.subject.rawValue)), .uuidArray(news.map(\.subjectID)),
            .textArray(news.map(\.code)), .textArray(news.map(\.areaCode)), .textArray(news.map(\.urgency.rawValue)),
            .uuidArray(news.map { $0.reporterID?.rawValue }),
            // Codes of organisations have no line breaks.
            .textArray(news.map { $0.organisations.joined(separator: "\n") }),
            .textArray(news.map { $0.escalatedTo?.digits }),
            .textArray(try news.map { String(decoding: try SuiteJSON.encode($0.slots), as: UTF8.self) }),
            .timestamptzArray(news.map(\.occurredAt)),
        ]
    }

    /// From news to addressed news: the nearest division that says something of the event, the state and the audience
    /// counts, and in it what names the state before what does not.
    private static func addressing(from first: Int) -> String {
        let types = [
            "uuid", "text", "text", "text", "uuid", "text", "text", "text", "uuid", "text", "text", "text",
            "timestamptz",
        ]
        let arrays = types.enumerated().map { "$\(first + $0)::\($1)[]" }.joined(separator: ", ")
        return """
            news as (
                select n.*, string_to_array(nullif(n.called, ''), E'\\n') as organisations
                from unnest(\(arrays)) with ordinality as n (event_id, event, subject_state, subject, subject_id, code,
                    area_code, urgency, reporter_id, called, escalated_to, slots, occurred_at, place)
            ), chosen as (
                select distinct on (n.place, r.audience, r.person_id) n.*, r.audience as recipient,
                    r.person_id as named, r.template, r.channels, r.division as route_division,
                    r.version as route_version
                from news n join notify.routes r on r.in_force and r.event = n.event
                    and r.division in ('', left(n.code, 6), left(n.code, 9), left(n.code, 12))
                    and (r.state is null or r.state = n.subject_state)
                order by n.place, r.audience, r.person_id, length(r.division) desc, r.state nulls last
            ), spoken as (
                select c.*, t.version as template_version
                from chosen c left join notify.templates t
                    on t.in_force and t.code = c.template and t.channel = 'inApp'
                where c.channels <> '{}'
            ), addressed as (
                select s.*, w.person_id from spoken s
                left join lateral (\(RecipientQuery.people(of: "s"))) w on true
                where s.template_version is not null
            )
            """
    }

    /// Counts what nobody is told of; that nobody follows a division is no gap.
    private static let gaps = """
        gaps as (
            insert into notify.unaddressed as u (day, reason, event, audience, template, events)
            select ($1::timestamptz at time zone 'Asia/Shanghai')::date, g.reason, g.event, g.audience, g.template, count(*)
            from (
                select 'no-route' as reason, n.event, '' as audience, '' as template from news n
                where not exists (select from chosen c where c.place = n.place)
                union all
                select 'no-template', s.event, s.recipient, coalesce(s.template, '') from spoken s
                where s.template_version is null
                union all
                select case a.recipient when 'reporter' then 'no-inbox' else 'no-subscriber' end, a.event, a.recipient, ''
                from addressed a
                where a.person_id is null and a.recipient in ('reporter', 'assignee', 'supervisors')
            ) g
            group by g.reason, g.event, g.audience, g.template
            order by g.reason, g.event, g.audience, g.template
            on conflict (day, reason, event, audience, template) do update set events = u.events + excluded.events
        )
        """

    /// Takes out what waits where somebody holds the post now, and addresses it anew.
    ///
    /// Rows that another transaction is taking out are left to it. What is over the limit is left to the next time.
    ///
    /// - Parameter communities: where to look, by the codes of communities; nil for everywhere.
    static func deliverWaiting(in communities: [String]?, at moment: Date) -> PostgresStatement {
        PostgresStatement(
            """
            with due as (
                select d.id from notify.deliveries d
                where d.state = 'WAITING' and d.waits_until > $1::timestamptz
                  and ($3::text[] is null or left(d.area_code, 12) = any($3::text[]))
                  and (exists (select from notify.grid_assignments a
                               where a.area_code = d.area_code and a.role = \(RecipientQuery.role(of: "d"))
                                 and d.recipient like '%@area')
                       or exists (select from notify.grid_assignments a
                                  where left(a.area_code, 12) = left(d.area_code, 12)
                                    and a.role = \(RecipientQuery.role(of: "d")) and d.recipient like '%@community'))
                order by d.id limit 5000 for update skip locked
            ), woken as (
                delete from notify.deliveries d using due where d.id = due.id
                returning d.*, d.grid_code as code, null::uuid as named, null::text[] as organisations,
                    null::text as escalated_to, d.id as place
            ), addressed as (
                select w.event_id, w.event, w.subject, w.subject_id, w.code, w.area_code, w.urgency, w.reporter_id,
                    w.slots, w.occurred_at, w.place, w.recipient, w.template, w.template_version, w.channels,
                    w.route_division, w.route_version, a.person_id
                from woken w join lateral (\(RecipientQuery.people(of: "w"))) a on true
            ), \(settlement)
            """, [.timestamptz(moment), .timestamptz(moment), communities.map { .textArray($0) } ?? .null])
    }

    /// From addressed events to outcomes: decides, gives out the numbers of the inboxes, writes.
    ///
    /// The rows of the inboxes are locked in the order of their persons, so that two batches cannot each hold what the
    /// other wants; the numbers of a batch follow the order of its events. What goes outside the
    /// inbox too comes back with words: those for the way that is tried first, or those of the inbox.
    private static let settlement = """
        outcomes as (
            select distinct on (a.event_id, a.person_id, case when a.person_id is null then a.recipient end) a.*,
                case when a.person_id is null then 'WAITING'
                     when a.recipient ^@ 'role:' and a.person_id = a.reporter_id then 'SKIPPED'
                     else 'SENT' end as state
            from addressed a
            where (a.person_id is not null or a.recipient ^@ 'role:')
              and not exists (select from notify.deliveries d
                              where d.event_id = a.event_id and d.person_id = a.person_id and d.channel = 'inApp'
                                and d.state <> 'ERASED')
            order by a.event_id, a.person_id, case when a.person_id is null then a.recipient end,
                a.recipient ^@ 'role:' and a.person_id = a.reporter_id, a.recipient
        ), heads as (
            insert into notify.inboxes as i (person_id, head, unread)
            select person_id, count(*), count(*) from outcomes where state = 'SENT' group by person_id order by person_id
            on conflict (person_id) do update
            set head = i.head + excluded.head, unread = i.unread + excluded.unread
            returning i.person_id, i.head
        ), written as (
            insert into notify.deliveries (event_id, event, recipient, person_id, reporter_id, state, reason, sequence,
                template, template_version, route_division, route_version, channels, subject, subject_id, slots, grid_code,
                area_code, urgency, occurred_at, recorded_at, waits_until)
            select o.event_id, o.event, o.recipient, o.person_id, case when o.state = 'WAITING' then o.reporter_id end,
                o.state, case when o.state = 'SKIPPED' then 'own-report' end,
                h.head - count(*) over inbox + row_number() over (inbox order by o.place, o.event_id),
                o.template, o.template_version, o.route_division, o.route_version, o.channels, o.subject, o.subject_id,
                o.slots, o.code, o.area_code, o.urgency, o.occurred_at, $1::timestamptz,
                case when o.state = 'WAITING' then $2::timestamptz end
            from outcomes o left join heads h on h.person_id = o.person_id and o.state = 'SENT'
            window inbox as (partition by o.person_id, o.state)
            order by o.place
            on conflict (event_id, recipient, channel) where person_id is null and state in ('WAITING', 'SKIPPED') do nothing
            returning state, event_id, event, person_id, template, channels, slots, grid_code, urgency
        )
        select w.event_id, w.event, w.person_id, w.template, array_remove(w.channels, 'inApp') as ways, w.grid_code,
            w.urgency, case when t.code is not null then w.slots end as slots, t.title_zh, t.title_en, t.body_zh, t.body_en
        from written w left join lateral (
            select * from notify.templates t
            where w.state = 'SENT' and w.channels <> '{inApp}' and t.in_force and t.code = w.template
              and t.channel in ('inApp', (array_remove(w.channels, 'inApp'))[1])
            order by t.channel = 'inApp' limit 1
        ) t on true
        order by w.event_id, w.person_id
        """

    /// Puts one message into one inbox, apart from any event.
    static func deliver(
        _ words: TemplateVersion, _ slots: MessageSlots, of event: NewsEvent, to person: PersonID, code: String,
        at moment: Date
    ) throws -> PostgresStatement {
        """
        with head as (
            insert into notify.inboxes as i (person_id, head, unread) values (\(person.rawValue), 1, 1)
            on conflict (person_id) do update set head = i.head + 1, unread = i.unread + 1
            returning i.head
        )
        insert into notify.deliveries (event_id, event, recipient, person_id, state, sequence, template, template_version,
            channels, subject, subject_id, slots, grid_code, area_code, occurred_at, recorded_at)
        select gen_random_uuid(), \(event.rawValue), 'test', \(person.rawValue), 'SENT', head, \(words.key.code),
            \(Int32(words.version)), '{inApp}', \(event.subject.rawValue), gen_random_uuid(),
            \(String(decoding: try SuiteJSON.encode(slots), as: UTF8.self)), \(code), \(code), \(moment), \(moment)
        from head
        """
    }
}
