import Foundation
import Postgres

/// Statements that more than one part of the engine's store needs.
enum SendingStatements {
    /// Orders anew, on the next channel of their list, what could not be sent; with what digests join.
    static func fallBack(_ ids: [Int64], at moment: Date) -> PostgresStatement {
        """
        with again as (
            insert into notify.sendings (key, event_id, person_id, channel, fallback, lane, kind, division_code, template,
                title, body, provider_template, slots, destination, digest_items, state, not_before, ordered_at)
            select gen_random_uuid(), s.event_id, s.person_id, s.fallback[1], s.fallback[2:], s.lane, s.kind,
                s.division_code, s.template, s.title, s.body, s.provider_template, s.slots, s.destination, s.digest_items, 'QUEUED',
                \(moment), s.ordered_at
            from notify.sendings s
            where s.id = any(\(ids)) and cardinality(s.fallback) > 0 and s.person_id is not null
            order by s.id
            on conflict (event_id, person_id, channel) do nothing
            returning id, event_id, person_id
        )
        insert into notify.digest_items (sending_id, event_id, title)
        select a.id, i.event_id, i.title
        from again a join notify.sendings s on s.event_id = a.event_id and s.person_id = a.person_id
        join notify.digest_items i on i.sending_id = s.id
        where s.id = any(\(ids))
        on conflict do nothing
        """
    }

    /// Erases a person: addresses, wishes and texts.
    ///
    /// The outcomes stay as counts, an opt-out as a hash.
    static func erasure(of person: UUID, at moment: Date) -> [PostgresStatement] {
        [
            """
            delete from notify.digest_items i using notify.sendings s
            where i.sending_id = s.id and s.person_id = \(person)
            """,
            """
            update notify.sendings set person_id = null, title = null, body = null, slots = '{}', claimed_until = null,
                reason = case when state in ('QUEUED', 'SENDING') then 'erased' else reason end,
                settled_at = coalesce(settled_at, \(moment)),
                state = case state when 'QUEUED' then 'SKIPPED' when 'SENDING' then 'UNKNOWN' else state end
            where person_id = \(person)
            """,
            "delete from notify.contacts where person_id = \(person)",
            "delete from notify.preferences where person_id = \(person)",
            "delete from notify.daily_counts where person_id = \(person)",
        ]
    }
}
