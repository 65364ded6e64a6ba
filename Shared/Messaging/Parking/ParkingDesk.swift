import Foundation
import Models
import Postgres

/// Where an operator settles parked events: in the order of their key, each in the transaction of its effect.
struct ParkingDesk: Sendable {
    let pool: PostgresPool
    let outbox: Outbox
    let handlers: [any EventHandler]

    /// Lists what is parked.
    ///
    /// - Parameters:
    ///   - consumer: one reader, or nil for all.
    ///   - after: the last id of the page before.
    ///   - limit: how many at most.
    func list(consumer: String?, after: Int64, limit: Int) async throws -> [ParkedEvent] {
        try await pool.query(
            PostgresStatement(
                """
                select id, consumer, topic, source, lane, number, key, event_id, type, code, reason, attempts, parked_at
                from messaging.parked
                where state = 'parked' and id > $1 and ($2::text is null or consumer = $2)
                order by id limit $3
                """, [.int8(after), consumer.map(PostgresValue.text) ?? .null, .int8(Int64(limit))])
        ).rows.map { row in
            ParkedEvent(
                id: try row.decode("id"), consumer: try row.decode("consumer"), topic: try row.decode("topic"),
                source: try row.decodeIfPresent("source"),
                lane: try row.decodeIfPresent("lane", as: Int32.self).map(Int.init),
                number: try row.decodeIfPresent("number"), key: try row.decodeIfPresent("key"),
                eventID: try row.decodeIfPresent("event_id"), type: try row.decodeIfPresent("type"),
                code: try row.decode("code"), reason: try row.decode("reason"),
                attempts: Int(try row.decode("attempts", as: Int32.self)), parkedAt: try row.decode("parked_at"))
        }
    }

    /// Tries an event again, and after it those that wait behind it, until one fails.
    ///
    /// - Throws: `ParkingRefusal`, or a `PostgresError` when the database is away.
    func retry(id: Int64) async throws -> RetryOutcome {
        try await settle(id) { entry in try await apply(entry) }
    }

    /// Passes over an event with a reason, and applies those that wait behind it.
    ///
    /// - Throws: `ParkingRefusal`, or a `PostgresError` when the database is away.
    func skip(id: Int64, reason: String) async throws -> RetryOutcome {
        let reason = reason.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty else { throw ParkingRefusal.reasonMissing }
        guard !PersonalNumberScan.finds(in: reason) else { throw ParkingRefusal.reasonPersonal }
        if try await skipUnreadable(id, reason: reason) { return RetryOutcome(applied: 0) }
        return try await settle(id) { entry in
            try await pool.withTransaction { transaction in
                try await lock(entry, in: transaction)
                close(entry, state: "skipped", resolution: reason, in: transaction)
                outbox.note(.skippedParked(id: entry.id), in: transaction)
            }
            return nil
        }
    }

    /// One parked event with all that applying needs.
    private struct Entry: Sendable {
        var id: Int64
        var consumer: String
        var event: ReceivedEvent
    }

    /// Does something with the first event of a key, then applies what waits behind it.
    private func settle(
        _ id: Int64, _ first: (Entry) async throws -> FailureKind?
    ) async throws -> RetryOutcome {
        var line = try await self.line(of: id)
        let head = line.removeFirst()
        guard head.id == id else { throw ParkingRefusal.notFirst(id, first: head.id) }
        var outcome = RetryOutcome(applied: 0)
        if case .lasting(_, let reason) = try await first(head) {
            return RetryOutcome(applied: 0, stoppedAt: id, reason: reason)
        }
        let state = try await pool.query("select state from messaging.parked where id = \(id)").rows.first
        if try state?.decode("state", as: String.self) == "applied" { outcome.applied += 1 }
        for entry in line {
            if case .lasting(_, let reason) = try await apply(entry) {
                outcome.stoppedAt = entry.id
                outcome.reason = reason
                return outcome
            }
            outcome.applied += 1
        }
        return outcome
    }

    /// Applies one event in a transaction of its own.
    ///
    /// Gives the failure when it is a lasting one.
    private func apply(_ entry: Entry) async throws -> FailureKind? {
        guard let handler = handlers.first(where: { $0.name == entry.consumer }) else {
            throw ParkingRefusal.unknown(entry.id)
        }
        guard EventCatalogue.named(entry.event.type) != nil else {
            return .lasting(code: "unknown-type", reason: "this release does not know the type or version")
        }
        do {
            let hasOutgoing = try await pool.withTransaction { transaction in
                try await lock(entry, in: transaction)
                let outgoing = try await handler.apply([entry.event], in: transaction)
                outbox.enqueue(outgoing, in: transaction)
                close(entry, state: "applied", resolution: "tried again", in: transaction)
                outbox.note(.appliedParked(id: entry.id, reader: entry.consumer), in: transaction)
                return !outgoing.isEmpty
            }
            if hasOutgoing { outbox.wakeRelay() }
            return nil
        } catch {
            let kind = FailureKind(error)
            guard case .lasting(let code, let reason) = kind else { throw error }
            _ = try await pool.query(
                """
                update messaging.parked set attempts = attempts + 1, code = \(code), reason = \(reason)
                where id = \(entry.id)
                """)
            return kind
        }
    }

    /// Locks the lane as the reader does, so that neither can miss what the other writes, then the parked row.
    private func lock(_ entry: Entry, in transaction: PostgresTransaction) async throws {
        let lane = entry.event.lane
        let results = try await transaction.pipeline([
            """
            select 1 as locked from messaging.watermarks
            where consumer = \(entry.consumer) and source = \(lane.source) and topic = \(lane.topic)
              and lane = \(Int32(lane.lane)) for update
            """,
            "select 1 as locked from messaging.parked where id = \(entry.id) and state = 'parked' for update",
        ])
        guard !results[1].rows.isEmpty else { throw ParkingRefusal.unknown(entry.id) }
    }

    private func close(_ entry: Entry, state: String, resolution: String, in transaction: PostgresTransaction) {
        let lane = entry.event.lane
        let applied: Int64 = state == "applied" ? 1 : 0
        transaction.enqueue(
            """
            update messaging.parked set state = \(state), resolution = \(resolution), resolved_at = now(),
                attempts = attempts + 1 where id = \(entry.id)
            """)
        transaction.enqueue(
            """
            update messaging.watermarks set parked = parked - 1, applied = applied + \(applied),
                skipped = skipped + \(1 - applied)
            where consumer = \(entry.consumer) and source = \(lane.source) and topic = \(lane.topic)
              and lane = \(Int32(lane.lane))
            """)
    }

    /// The parked events of the same reader and key, in order.
    private func line(of id: Int64) async throws -> [Entry] {
        let rows = try await pool.query(
            """
            select p.id, p.consumer, p.source, p.topic, p.lane, p.number, p.key, p.event_id, p.type, p.occurred_at,
                   p.division_code, p.traceparent, p.data
            from messaging.parked p join messaging.parked q
              on q.id = \(id) and q.state = 'parked' and p.consumer = q.consumer and p.topic = q.topic
             and p.source = q.source and p.key = q.key
            where p.state = 'parked' and p.lane is not null
            order by p.number
            """
        ).rows
        let entries = try rows.map { row in
            let name: String = try row.decode("topic")
            guard let topic = Topic.named(name) else { throw ParkingRefusal.unknown(id) }
            return Entry(
                id: try row.decode("id"), consumer: try row.decode("consumer"),
                event: ReceivedEvent(
                    envelope: EventEnvelope(
                        id: try row.decode("event_id"), source: try row.decode("source"),
                        type: try row.decode("type"), time: try row.decode("occurred_at"), key: try row.decode("key"),
                        divisionCode: try row.decodeIfPresent("division_code"),
                        traceparent: try row.decodeIfPresent("traceparent"),
                        lane: Int(try row.decode("lane", as: Int32.self)), number: try row.decode("number"),
                        data: try row.decode("data")), topic: topic))
        }
        guard !entries.isEmpty else {
            let other = try await pool.query(
                "select 1 as present from messaging.parked where id = \(id) and state = 'parked' and lane is null"
            ).rows
            throw other.isEmpty ? ParkingRefusal.unknown(id) : ParkingRefusal.unreadable(id)
        }
        return entries
    }

    private func skipUnreadable(_ id: Int64, reason: String) async throws -> Bool {
        try await pool.withTransaction { transaction in
            let result = try await transaction.query(
                """
                update messaging.parked set state = 'skipped', resolution = \(reason), resolved_at = now()
                where id = \(id) and state = 'parked' and lane is null
                """)
            guard result.affectedRows == 1 else { return false }
            outbox.note(.skippedParked(id: id), in: transaction)
            return true
        }
    }
}
