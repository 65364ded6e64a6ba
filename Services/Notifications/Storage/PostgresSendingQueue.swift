import Foundation
import Models
import Postgres
import ServiceKit

/// Orders messages in PostgreSQL.
package struct PostgresSendingQueue: SendingQueue {
    private let executor: any PostgresExecutor
    private let jitter: @Sendable () -> Double

    /// Orders within a transaction.
    ///
    /// - Parameter jitter: gives `0..<1`.
    package init(
        executor: any PostgresExecutor, jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.executor = executor
        self.jitter = jitter
    }

    package func order(_ sendings: [PlannedSending], at moment: Date) async throws {
        let sendings = sendings.compactMap(\.external)
        let single = sendings.filter { $0.digest == nil }
        if !single.isEmpty {
            let starts = single.map { QuietHours.end(for: $0.lane, at: moment, jitter: jitter()) ?? moment }
            _ = try await executor.query(Self.insertion(single, events: single.map(\.eventID), starts, at: moment))
        }
        try await join(sendings.filter { $0.digest != nil }, at: moment)
    }

    /// Joins what has a digest rule to the message of its window.
    ///
    /// The message's row is locked while something joins it; when it has left already, the next window takes it.
    private func join(_ sendings: [PlannedSending], at moment: Date) async throws {
        var rest = try await unheard(sendings)
        for shift in Int64(0)..<3 where !rest.isEmpty {
            let places = rest.compactMap { sending in
                sending.digest.map { rule in Self.place(of: sending, by: rule, at: moment, shift: shift) }
            }
            let starts = zip(rest, places).map { sending, place in
                QuietHours.end(for: sending.lane, at: place.end, jitter: jitter()) ?? place.end
            }
            _ = try await executor.query(Self.insertion(rest, events: places.map(\.id), starts, at: moment))
            let joined = try await executor.query(
                """
                with heads as materialized (
                    select s.id, s.event_id, s.person_id, s.channel from notify.sendings s
                    where (s.event_id, s.person_id, s.channel) in (
                        select * from unnest(\(places.map(\.id)), \(rest.map(\.person.rawValue)),
                            \(rest.map(\.channels[0].rawValue)))) and s.state = 'QUEUED'
                    order by s.id for update
                ), items as (
                    insert into notify.digest_items (sending_id, event_id, title)
                    select h.id, n.event_id, n.title
                    from unnest(\(places.map(\.id)), \(rest.map(\.person.rawValue)),
                        \(rest.map(\.channels[0].rawValue)), \(rest.map(\.eventID)), \(rest.map(\.title)))
                        as n (head, person, channel, event_id, title)
                    join heads h on h.event_id = n.head and h.person_id = n.person and h.channel = n.channel
                    on conflict do nothing returning sending_id
                ), counted as (
                    update notify.sendings s set digest_items = s.digest_items + c.items
                    from (select sending_id, count(*)::int as items from items group by sending_id) c
                    where s.id = c.sending_id
                )
                select event_id, person_id, channel from heads
                """)
            let taken = try Set(
                joined.rows.map { row -> [String] in
                    let head: UUID = try row.decode("event_id")
                    let person: UUID = try row.decode("person_id")
                    return [head.uuidString, person.uuidString, try row.decode("channel")]
                })
            rest = zip(rest, places).filter { sending, place in
                !taken.contains([
                    place.id.uuidString, sending.person.rawValue.uuidString, sending.channels[0].rawValue,
                ])
            }.map(\.0)
        }
    }

    /// Without what has joined a digest before.
    private func unheard(_ sendings: [PlannedSending]) async throws -> [PlannedSending] {
        guard !sendings.isEmpty else { return [] }
        let known = try await executor.query(
            """
            select distinct i.event_id, s.person_id from notify.digest_items i
            join notify.sendings s on s.id = i.sending_id
            where i.event_id = any(\(sendings.map(\.eventID)))
            """
        ).rows.map { row -> [UUID?] in [try row.decode("event_id"), try row.decodeIfPresent("person_id")] }
        let heard = Set(known)
        return sendings.filter { !heard.contains([$0.eventID, $0.person.rawValue]) }
    }

    private static func place(
        of sending: PlannedSending, by rule: DigestRule, at moment: Date, shift: Int64
    ) -> (id: UUID, end: Date) {
        let number = rule.number(at: moment) + shift
        // Every replica reckons the same id, so the table's unique row keeps the digest one message.
        let text = "digest|\(sending.person)|\(rule.key)|\(rule.window)|\(number)"
        return (StableID.of(text), rule.end(of: number))
    }

    private static func insertion(
        _ sendings: [PlannedSending], events: [UUID], _ starts: [Date], at moment: Date
    ) throws -> PostgresStatement {
        let slots = try sendings.map { String(decoding: try SuiteJSON.encode($0.slots), as: UTF8.self) }
        return """
            insert into notify.sendings (key, event_id, person_id, channel, fallback, lane, kind, division_code, template,
                title, body, provider_template, slots, destination, state, not_before, ordered_at)
            select gen_random_uuid(), n.event_id, n.person_id, n.channel,
                coalesce(string_to_array(nullif(n.fallback, ''), ','), '{}'), n.lane, n.kind, n.division_code,
                n.template, n.title, n.body, n.provider_template, n.slots::jsonb, n.destination, 'QUEUED', n.not_before,
                \(moment)::timestamptz
            from unnest(\(events), \(sendings.map(\.person.rawValue)), \(sendings.map(\.channels[0].rawValue)),
                \(sendings.map { $0.channels.dropFirst().map(\.rawValue).joined(separator: ",") }),
                \(sendings.map(\.lane.rawValue)), \(sendings.map(\.kind)), \(sendings.map(\.divisionCode)),
                \(sendings.map(\.template)), \(sendings.map(\.title)), \(sendings.map(\.body)),
                \(sendings.map(\.providerTemplate)), \(slots), \(sendings.map(\.destination)), \(starts))
                as n (event_id, person_id, channel, fallback, lane, kind, division_code, template, title, body,
                    provider_template, slots, destination, not_before)
            order by n.event_id, n.person_id, n.channel
            on conflict (event_id, person_id, channel) do nothing
            """
    }
}
