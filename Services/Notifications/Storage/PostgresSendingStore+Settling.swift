import Foundation
import Models
import Postgres

extension PostgresSendingStore {
    package func settle(_ attempts: [SettledAttempt], at moment: Date) async throws -> Int {
        guard !attempts.isEmpty else { return 0 }
        let outcomes = attempts.map { Written($0.next, at: moment) }
        return try await pool.withTransaction { transaction in
            // An answer that comes after its lease ran out still says what became of the attempt, if nobody has begun
            // another.
            let settled = try await transaction.query(
                """
                with mine as (
                    select s.id, v.state, v.reason, v.code, v.receipt, v.not_before
                    from unnest(\(attempts.map(\.id)), \(attempts.map(\.attempt)), \(outcomes.map(\.state)),
                        \(outcomes.map(\.reason)), \(outcomes.map(\.code)), \(outcomes.map(\.receipt)),
                        \(outcomes.map(\.notBefore)))
                        as v (id, attempt, state, reason, code, receipt, not_before)
                    join notify.sendings s on s.id = v.id and s.attempts = v.attempt and s.person_id is not null
                    where s.state = 'SENDING' or (s.state = 'UNKNOWN' and s.reason = 'lost-sender')
                    order by s.id for update of s
                )
                update notify.sendings s set state = m.state, reason = m.reason,
                    provider_code = coalesce(m.code, s.provider_code), receipt = m.receipt, claimed_until = null,
                    not_before = coalesce(m.not_before, s.not_before),
                    settled_at = case when m.state <> 'QUEUED' then \(moment)::timestamptz end
                from mine m where s.id = m.id
                returning s.id, s.state, s.reason, s.person_id, s.counted_on::text as counted_on
                """)
            let failed = try settled.rows.filter { try $0.decode("state", as: String.self) == "FAILED" }
            if !failed.isEmpty {
                let ids: [Int64] = try failed.map { try $0.decode("id") }
                transaction.enqueue(SendingStatements.fallBack(ids, at: moment))
                transaction.enqueue(Self.givingBack(ids))
            }
            return settled.rows.count
        }
    }

    /// Gives back the place in the day's count of what did not arrive.
    static func givingBack(_ ids: [Int64]) -> PostgresStatement {
        """
        with places as (
            select person_id, counted_on, count(*)::int as messages from notify.sendings
            where id = any(\(ids)) and counted_on is not null group by person_id, counted_on
        ), held as (
            select c.person_id, c.day, p.messages from notify.daily_counts c
            join places p on p.person_id = c.person_id and p.counted_on = c.day
            order by c.person_id for update of c
        ), given as (
            update notify.sendings set counted_on = null where id = any(\(ids)) and counted_on is not null
        )
        update notify.daily_counts c set messages = greatest(c.messages - h.messages, 0)
        from held h where c.person_id = h.person_id and c.day = h.day
        """
    }

    package func divert(_ channel: ChannelCode, at moment: Date) async throws -> Int {
        try await pool.withTransaction { transaction in
            let moved = try await transaction.query(
                """
                with stuck as (
                    select s.id from notify.sendings s
                    where s.state = 'QUEUED' and s.channel = \(channel.rawValue) and s.lane = 0
                      and s.not_before <= \(moment) and cardinality(s.fallback) > 0
                    order by s.not_before, s.id limit 500 for update skip locked
                )
                update notify.sendings s set state = 'FAILED', reason = 'channel-down', settled_at = \(moment)
                from stuck where s.id = stuck.id returning s.id
                """
            ).rows.map { try $0.decode("id", as: Int64.self) }
            if !moved.isEmpty { transaction.enqueue(SendingStatements.fallBack(moved, at: moment)) }
            return moved.count
        }
    }

    package func sweep(at moment: Date) async throws -> Int {
        let knowing = ChannelCode.allCases.filter(\.knowsKeys).map(\.rawValue)
        return try await pool.query(
            """
            with lost as (
                select s.id, s.channel = any(\(knowing)) and s.attempts - s.forgiven < case s.lane when 0 then 10 else 6 end as again
                from notify.sendings s
                where s.state = 'SENDING' and s.claimed_until < \(moment)
                order by s.claimed_until limit 1000 for update skip locked
            )
            update notify.sendings s set claimed_until = null,
                state = case when l.again then 'QUEUED' else 'UNKNOWN' end,
                reason = case when not l.again then 'lost-sender' end,
                not_before = case when l.again then \(moment)::timestamptz else s.not_before end,
                settled_at = case when not l.again then \(moment)::timestamptz end
            from lost l where s.id = l.id
            """
        ).affectedRows
    }

    package func skipUnserved(except served: [ChannelCode], at moment: Date) async throws -> Int {
        let unserved = ChannelCode.allCases.filter { !served.contains($0) }.map(\.rawValue)
        return try await pool.withTransaction { transaction in
            let skipped = try await transaction.query(
                """
                with stuck as (
                    select d.id from unnest(\(unserved)) as c (channel)
                    cross join generate_series(0, 2) as l (lane)
                    cross join lateral (
                        select s.id from notify.sendings s
                        where s.state = 'QUEUED' and s.channel = c.channel and s.lane = l.lane
                          and s.not_before <= \(moment)
                        order by s.not_before, s.id limit 500 for update skip locked
                    ) d
                )
                update notify.sendings s set state = 'SKIPPED', reason = 'no-channel', settled_at = \(moment)
                from stuck where s.id = stuck.id returning s.id
                """
            ).rows.map { try $0.decode("id", as: Int64.self) }
            if !skipped.isEmpty { transaction.enqueue(SendingStatements.fallBack(skipped, at: moment)) }
            return skipped.count
        }
    }

    package func backlog(at moment: Date) async throws -> [SendingBacklog] {
        try await pool.query(
            """
            select c.channel, l.lane::int8 as lane, w.due, extract(epoch from \(moment) - w.oldest)::float8 as oldest
            from unnest(\(ChannelCode.allCases.map(\.rawValue))) as c (channel)
            cross join generate_series(0, 2) as l (lane)
            cross join lateral (
                select count(*) as due, min(d.not_before) as oldest from (
                    select s.not_before from notify.sendings s
                    where s.state = 'QUEUED' and s.channel = c.channel and s.lane = l.lane
                      and s.not_before <= \(moment)
                    order by s.not_before limit 10000
                ) d
            ) w
            where w.due > 0 order by c.channel, l.lane
            """
        ).rows.map { row in
            SendingBacklog(
                channel: try row.decode("channel"), lane: try row.decode("lane"), due: try row.decode("due"),
                oldest: try row.decode("oldest"))
        }
    }
}

/// An outcome as columns.
private struct Written {
    var state: String
    var reason: String?
    var code: String?
    var receipt: String?
    var notBefore: Date?

    init(_ outcome: AttemptOutcome, at moment: Date) {
        switch outcome {
        case .sent(let receipt):
            state = SendingState.sent.rawValue
            self.receipt = receipt
        case .failed(let reason, let code):
            state = SendingState.failed.rawValue
            self.reason = reason.rawValue
            self.code = code
        case .unknown(let reason, let code):
            state = SendingState.unknown.rawValue
            self.reason = reason.rawValue
            self.code = code
        case .again(let moment, let code):
            state = SendingState.queued.rawValue
            notBefore = moment
            self.code = code
        }
    }
}
