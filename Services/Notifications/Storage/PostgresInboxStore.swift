import Foundation
import Models
import Postgres
import ServiceKit

/// Inboxes in PostgreSQL.
package struct PostgresInboxStore: InboxStore {
    private let pool: PostgresPool
    private let audit: AuditTrail

    /// Reads and marks through a pool, and writes into the audit trail of the same database.
    package init(pool: PostgresPool, audit: AuditTrail) {
        self.pool = pool
        self.audit = audit
    }

    private static let columns = """
        sequence, template, incident_id, incident_number, grid_code, function, urgency, occurred_at, recorded_at, read_at
        """

    package func newest(
        of person: PersonID, scope: ScopeFilter, before sequence: Int64?, limit: Int
    ) async throws -> [Delivery] {
        try await pool.query(
            """
            select \(unescaped: Self.columns) from notify.deliveries
            where person_id = \(person.rawValue) and state = 'SENT' and sequence < \(sequence ?? Int64.max)
              and \(ownerIn: scope)
            order by sequence desc limit \(limit)
            """
        ).rows.map(Self.delivery)
    }

    package func following(
        _ sequence: Int64, of person: PersonID, scope: ScopeFilter, limit: Int
    ) async throws -> [Delivery] {
        try await pool.query(
            """
            select \(unescaped: Self.columns) from notify.deliveries
            where person_id = \(person.rawValue) and state = 'SENT' and sequence > \(sequence)
              and \(ownerIn: scope)
            order by sequence limit \(limit)
            """
        ).rows.map(Self.delivery)
    }

    package func heads(of people: [PersonID]) async throws -> [PersonID: Int64] {
        let rows = try await pool.query(
            "select person_id, head from notify.inboxes where person_id = any(\(people.map(\.rawValue)))"
        ).rows
        var heads: [PersonID: Int64] = [:]
        for row in rows { heads[PersonID(rawValue: try row.decode("person_id"))] = try row.decode("head") }
        return heads
    }

    package func unread(of person: PersonID, scope: ScopeFilter) async throws -> Int {
        try await pool.query(
            "select unread from notify.inboxes where person_id = \(person.rawValue) and \(ownerIn: scope)"
        ).rows.first?.decode("unread") ?? 0
    }

    package func markRead(
        _ sequence: Int64, of person: PersonID, scope: ScopeFilter, at moment: Date
    ) async throws -> Bool {
        let audit = self.audit
        return try await pool.withTransaction { transaction in
            let result = try await transaction.query(
                """
                with message as (
                    select id, read_at from notify.deliveries
                    where person_id = \(person.rawValue) and state = 'SENT' and sequence = \(sequence)
                      and \(ownerIn: scope)
                ), marked as (
                    update notify.deliveries d set read_at = \(moment) from message m
                    where d.id = m.id and d.state = 'SENT' and d.read_at is null returning d.id
                ), counted as (
                    update notify.inboxes set unread = unread - 1
                    where person_id = \(person.rawValue) and exists (select from marked)
                )
                select exists (select from marked) as marked from message
                """)
            guard let row = result.rows.first else { return false }
            if try row.decode("marked") {
                audit.record(
                    [AuditEntry(.changed, "inbox", id: person.description, details: ["read": .count(1)])],
                    in: transaction)
            }
            return true
        }
    }

    package func unstaffedAreas(
        scope: ScopeFilter, after area: String?, limit: Int
    ) async throws -> [UnstaffedArea] {
        try await pool.query(
            """
            select area_code, count(*) filter (where state = 'WAITING') as waiting,
                count(*) filter (where state = 'SKIPPED') as undelivered, min(occurred_at) as since
            from notify.deliveries
            where (state = 'WAITING' or reason = 'no-recipient') and area_code > \(area ?? "")
              and \(scope: scope, on: "area_code")
            group by area_code order by area_code limit \(limit)
            """
        ).rows.map { row in
            UnstaffedArea(
                areaCode: try row.decode("area_code", as: StoredGridCode.self).code, waiting: try row.decode("waiting"),
                undelivered: try row.decode("undelivered"), since: try row.decode("since"))
        }
    }

    private static func delivery(_ row: PostgresRow) throws -> Delivery {
        Delivery(
            sequence: try row.decode("sequence"), template: try row.decode("template", as: StoredWord.self).word,
            slots: MessageSlots(
                incidentID: IncidentID(rawValue: try row.decode("incident_id")),
                incidentNumber: try row.decode("incident_number"),
                gridCode: try row.decode("grid_code", as: StoredGridCode.self).code,
                function: try row.decode("function", as: StoredWord.self).word,
                urgency: try row.decode("urgency", as: StoredWord.self).word),
            occurredAt: try row.decode("occurred_at"), deliveredAt: try row.decode("recorded_at"),
            readAt: try row.decodeIfPresent("read_at"))
    }
}

extension PostgresStatement.StringInterpolation {
    /// The condition that a row's person is the caller, in brackets.
    fileprivate mutating func appendInterpolation(ownerIn scope: ScopeFilter) {
        guard !scope.isEverything else { return appendLiteral("(true)") }
        guard let own = scope.own.flatMap({ PersonID($0) }) else { return appendLiteral("(false)") }
        appendLiteral("(person_id = ")
        appendInterpolation(own.rawValue)
        appendLiteral(")")
    }
}

/// A word of the domain in a column.
private struct StoredWord<Word: RawRepresentable<String>>: PostgresDecodable {
    let word: Word

    init(postgres cell: PostgresCell) throws {
        guard let word = Word(rawValue: try String(postgres: cell)) else {
            throw PostgresDecodingFailure(reason: "is a word that this release does not know")
        }
        self.word = word
    }
}

/// A grid code in a column.
private struct StoredGridCode: PostgresDecodable {
    let code: GridCode

    init(postgres cell: PostgresCell) throws {
        guard let code = GridCode(try String(postgres: cell)) else {
            throw PostgresDecodingFailure(reason: "is not a grid code")
        }
        self.code = code
    }
}
