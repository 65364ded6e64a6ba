import Foundation
import Logging
import Metrics
import Models
import Postgres

/// Shows one masked record in full, and writes down who saw it, for what purpose and why (PR-05).
///
/// There is no way to see many at once. The count of the day is a row in the database, so it is exact over replicas and
/// restarts; it is written, with the entry of the audit trail, in the transaction that reads, and nothing is shown before
/// that has been committed.
package struct UnmaskLedger: Sendable {
    /// What the ciphertexts of reasons are bound to; never changed.
    static let reasonField = "unmasking.reason"

    /// An object whose data are asked for.
    package struct Object: Sendable, Hashable {
        /// The kind, in kebab case.
        package let type: String
        /// Its id or code.
        package let id: String

        /// Names an object.
        package init(_ type: String, id: String) {
            self.type = type
            self.id = id
        }
    }

    private let pool: PostgresPool
    private let audit: AuditTrail
    private let cipher: any FieldCipher
    private let limit: Int
    private let now: @Sendable () -> Date
    private let logger: Logger

    /// Makes a ledger.
    ///
    /// - Parameters:
    ///   - pool: the service's database.
    ///   - audit: its audit trail.
    ///   - cipher: the cipher of personal fields, for the reasons.
    ///   - limit: how many records one person may unmask on a day of the county.
    ///   - now: the clock.
    ///   - logger: where it warns.
    package init(
        pool: PostgresPool, audit: AuditTrail, cipher: any FieldCipher, limit: Int, now: @escaping @Sendable () -> Date,
        logger: Logger
    ) {
        self.pool = pool
        self.audit = audit
        self.cipher = cipher
        self.limit = limit
        self.now = now
        self.logger = logger
    }

    /// Reads one record in full for the actor of the present task.
    ///
    /// - Parameters:
    ///   - object: what is asked for, as the audit trail names it.
    ///   - order: the purpose and the reason.
    ///   - statement: reads the record within the caller's scope, one row or none, with a `division_code`, or null, of the
    ///     record.
    ///   - open: makes the answer of the row.
    /// - Returns: nil when there is no such record in the scope; nothing is counted then.
    /// - Throws: `UnmaskLimitReached`, which has been written down already; a 403 problem without a person who asks.
    package func unmask<Value: Sendable>(
        _ object: Object, _ order: UnmaskOrder, reading statement: PostgresStatement,
        open: @Sendable (PostgresRow) throws -> Value
    ) async throws -> Value? {
        guard let actor = Actor.current, actor.kind == .person else { throw Problem.forbidden }
        let time = now()
        do {
            return try await pool.withTransaction { transaction in
                guard let row = try await transaction.query(statement).rows.first else { return nil }
                let number = try await count(actor, on: time, in: transaction) + 1
                guard number <= limit else {
                    throw UnmaskLimitReached(limit: limit, at: time)
                }
                let value = try open(row)
                try record(object, order, by: actor, number: number, at: time, in: transaction)
                audit.record(
                    [
                        AuditEntry(
                            .unmasked, object.type, id: object.id,
                            divisionCode: try row.decodeIfPresent("division_code"),
                            details: ["purpose": .code(order.purpose.rawValue), "ofTheDay": .count(number)])
                    ], in: transaction)
                return value
            }
        } catch let refusal as UnmaskLimitReached {
            try await warn(of: object, by: actor)
            throw refusal
        }
    }

    /// How many the actor has unmasked today; others of the same actor wait until this transaction ends.
    private func count(_ actor: Actor, on time: Date, in transaction: PostgresTransaction) async throws -> Int {
        // The lock is a statement of its own, so that the count sees what its last holder committed.
        transaction.enqueue("select pg_advisory_xact_lock(\(Self.lockSpace), hashtext(\(actor.subject)))")
        let day = try CountyCalendar.day(of: time).description
        let rows = try await transaction.query(
            """
            select count(*) as used from service_kit.unmaskings
            where subject = \(actor.subject) and day = \(PostgresValue.date(day))
            """
        ).rows
        return try rows.first?.decode("used") ?? 0
    }

    private func record(
        _ object: Object, _ order: UnmaskOrder, by actor: Actor, number: Int, at time: Date,
        in transaction: PostgresTransaction
    ) throws {
        let reason = try cipher.encrypt(order.reason.value, field: Self.reasonField)
        let day = try CountyCalendar.day(of: time).description
        transaction.enqueue(
            """
            insert into service_kit.unmaskings
                (subject, day, number, at, operation, object_type, object_id, purpose, reason_encrypted)
            values (\(actor.subject), \(PostgresValue.date(day)), \(Int32(number)), \(time), \(actor.operation), \(object.type),
                    \(object.id), \(order.purpose.rawValue), \(reason))
            """)
    }

    /// A row of the ledger as the officer for personal information reads it.
    struct Unmasking: Encodable, Sendable {
        let id: Int64
        let subject: String
        let at: Date
        let operation: String
        let objectType: String
        let objectID: String
        let purpose: String
        let reason: String
    }

    /// Rows, newest first, with their reasons; that they were read is written down.
    ///
    /// - Parameters:
    ///   - subject: whose; nil for everybody's.
    ///   - id: the row after which the page begins; nil for the newest.
    func list(of subject: String?, before id: Int64?, limit: Int) async throws -> [Unmasking] {
        let rows = try await pool.query(
            """
            select id, subject, at, operation, object_type, object_id, purpose, reason_encrypted
            from service_kit.unmaskings
            where id < \(id ?? .max) and (\(subject)::text is null or subject = \(subject)::text)
            order by id desc limit \(limit)
            """
        ).rows.map { row in
            Unmasking(
                id: try row.decode("id"), subject: try row.decode("subject"), at: try row.decode("at"),
                operation: try row.decode("operation"), objectType: try row.decode("object_type"),
                objectID: try row.decode("object_id"), purpose: try row.decode("purpose"),
                reason: try cipher.decrypt(try row.decode("reason_encrypted"), field: Self.reasonField))
        }
        // The last one only shows that there is another page, and is not given out.
        try await audit.recordRead(of: "unmasking", count: min(rows.count, limit - 1), with: pool)
        return rows
    }

    /// The alert: an entry of the trail, a metric and a line, each time.
    private func warn(of object: Object, by actor: Actor) async throws {
        Counter(label: "unmask_limit_reached_total").increment()
        logger.warning(
            "unmask limit reached",
            metadata: ["subject": .string(actor.subject), "operation": .string(actor.operation)])
        try await audit.record(
            AuditEntry(.refused, object.type, id: object.id, details: ["because": .code("unmask-limit")]), with: pool)
    }

    /// Sets these locks apart from other advisory locks of two numbers: "UNMA" in ASCII.
    private static let lockSpace = Int32(0x554e_4d41)

    /// The ledger is kept as long as the audit trail, three years.
    static let retention = RetentionRule(
        "unmaskings", of: "unmasking", after: "the day on which a record was unmasked", keeping: .months(36)
    ) { due in
        """
        delete from service_kit.unmaskings where id in (
            select id from service_kit.unmaskings u
            where at < \(due.before) and \(notHeld: "unmasking", id: "u.id::text", on: due.day)
            order by id limit \(due.limit) for update skip locked)
        returning id::text as id
        """
    }
}

extension UnmaskLimitReached: ProblemConvertible {
    package var problem: Problem {
        Problem(
            .unmaskLimit,
            detail: BilingualText("每人每天最多查看 \(limit) 条明文", "one person may unmask \(limit) records a day"),
            retryAfter: retryAfter)
    }
}
