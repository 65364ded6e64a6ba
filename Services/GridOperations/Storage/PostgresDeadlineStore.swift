import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// The watch over deadlines in PostgreSQL: a batch of due clocks, its events and its entries of the audit trail in one
/// transaction.
///
/// Any number of replicas may work at once: what one has locked the others pass over, and whoever dies leaves everything
/// as it was.
package struct PostgresDeadlineStore: DeadlineStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let shelf: RulebookShelf
    private let failpoints: Failpoints

    /// Writes through an outbox, with the rules of a shelf.
    ///
    /// - Parameter failpoints: where tests let it die.
    package init(pool: PostgresPool, outbox: Outbox, shelf: RulebookShelf, failpoints: Failpoints = .none) {
        self.pool = pool
        self.outbox = outbox
        self.shelf = shelf
        self.failpoints = failpoints
    }

    package func act(at moment: Date, limit: Int, except faulty: Set<ClockKey>) async throws -> Int {
        let service = ServiceName.gridOperations.rawValue
        return try await Actor.$current.withValue(Actor(kind: .service, subject: service, operation: "deadlines")) {
            let count = try await outbox.transaction { transaction in
                let rows = try await transaction.query(Self.due(at: moment, limit: limit, except: faulty)).rows
                guard !rows.isEmpty else { return (0, []) }
                try failpoints.pass(.deadlineAfterLock)
                do {
                    let events = try await act(on: rows, at: moment, in: transaction)
                    try failpoints.pass(.deadlineBeforeCommit)
                    return (rows.count, events)
                } catch {
                    guard case .lasting(let code, _) = FailureKind(error) else { throw error }
                    throw FaultyClocks(clocks: try rows.map(Self.key), code: code)
                }
            }
            if count > 0 { try failpoints.pass(.deadlineAfterCommit) }
            return count
        }
    }

    private func act(
        on rows: PostgresRows, at moment: Date, in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        var changed: [ClockColumns.Row] = []
        var actions: [(incident: Incident, action: DeadlineAction)] = []
        var events: [OutgoingEvent] = []
        for row in rows {
            let incident = try Incident(row)
            var clock = try IncidentClock(row, prefix: "clock_")
            let rules = try await shelf.version(clock.rulebook, with: transaction)
            for action in clock.acting(at: moment, by: rules) {
                actions.append((incident, action))
                events.append(try OutgoingEvent(action.event(of: incident, clock, by: rules), occurredAt: moment))
            }
            changed.append(ClockColumns.Row(clock, of: incident, by: rules))
        }
        _ = try await transaction.pipeline([ClockColumns.insertion(actions), ClockColumns.upsert(changed)])
        return events
    }

    package func nextActionAt() async throws -> Date? {
        try await pool.query(
            "select min(next_action_at) as next from grid.clocks where next_action_at is not null"
        ).rows.first?.decodeIfPresent("next")
    }

    /// Clocks that have come to a level, the longest due first, with their incidents.
    ///
    /// The incident is locked too, so that its events stand in the order of what happened to it; an order that is being
    /// carried out on it acts on what is due by itself.
    private static func due(at moment: Date, limit: Int, except faulty: Set<ClockKey>) -> PostgresStatement {
        let keys = faulty.map(\.text).sorted()
        // The condition stands there only when there is something to pass over.
        let exception =
            keys.isEmpty ? "true or $1 is null" : "concat_ws(' ', c.incident_id, c.kind, c.round) <> all ($1)"
        return PostgresStatement(
            """
            select \(columns)
            from grid.clocks c join grid.incidents i on i.id = c.incident_id
            where c.next_action_at <= $2 and (\(exception))
            order by c.next_action_at limit $3 for update of i, c skip locked
            """, [.textArray(keys), .timestamptz(moment), .int8(Int64(limit))])
    }

    private static func key(_ row: PostgresRow) throws -> ClockKey {
        ClockKey(
            incident: try row.identifier("id"), kind: try row.word("clock_kind"),
            round: Int(try row.decode("clock_round", as: Int32.self)))
    }

    private static let columns =
        names(IncidentColumns.list).map { "i.\($0)" }.joined(separator: ", ") + ", "
        + names(ClockColumns.list).map { "c.\($0) as clock_\($0)" }.joined(separator: ", ")

    private static func names(_ list: String) -> [Substring] {
        list.split { $0 == "," || $0.isWhitespace }
    }
}

extension ClockKey {
    /// The key as the statement writes it.
    fileprivate var text: String { "\(incident) \(kind.rawValue) \(round)" }
}
