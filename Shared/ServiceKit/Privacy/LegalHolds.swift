import Foundation
import Models
import Postgres

/// Keeps objects from being erased until a day, asked for by one person and approved by another.
package struct LegalHolds: Sendable {
    /// A hold as it stands.
    package struct Hold: Encodable, Sendable, Equatable {
        /// Which hold.
        package let id: UUID
        /// The kind of object.
        package let objectType: String
        /// The object.
        package let objectID: String
        /// The last day on which it holds.
        package let until: CalendarDay
        /// The code of the case or rule that asks for it.
        package let ground: String
        /// Who asked for it.
        package let askedBy: String
        /// Who approved it; nil while nobody has, and then it holds nothing.
        package let approvedBy: String?
    }

    private let pool: PostgresPool
    private let audit: AuditTrail
    /// The kinds of objects that retention rules erase.
    let types: Set<String>

    /// Keeps holds in a database.
    package init(pool: PostgresPool, audit: AuditTrail, types: Set<String>) {
        self.pool = pool
        self.audit = audit
        self.types = types
    }

    /// Asks for a hold in the name of the actor of the task; asked again, it gives the one that is there.
    package func ask(
        objectType: String, objectID: String, until: CalendarDay, ground: String, at time: Date
    ) async throws -> Hold {
        guard let actor = Actor.current, actor.kind == .person else { throw Problem.forbidden }
        let id = UUID()
        return try await pool.withTransaction { transaction in
            transaction.enqueue(
                """
                insert into service_kit.legal_holds (id, object_type, object_id, until_day, ground, asked_by, asked_at)
                values (\(id), \(objectType), \(objectID), \(PostgresValue.date(until.description)), \(ground),
                        \(actor.subject), \(time))
                on conflict (object_type, object_id, ground, until_day) do nothing
                """)
            let holds = try await Self.holds(
                transaction, where: "object_type = $1 and object_id = $2 and ground = $3 and until_day = $4",
                [.text(objectType), .text(objectID), .text(ground), .date(until.description)])
            guard let hold = holds.first else { throw Problem.internalError }
            if hold.id == id { audit.record([Self.entry(id, "ask", of: objectType, objectID)], in: transaction) }
            return hold
        }
    }

    /// Approves a hold in the name of the actor of the task, who must not be the one that asked.
    ///
    /// - Returns: nil when there is no such hold.
    /// - Throws: a 409 problem for the one who asked.
    package func approve(_ id: UUID, at time: Date) async throws -> Hold? {
        guard let actor = Actor.current, actor.kind == .person else { throw Problem.forbidden }
        return try await pool.withTransaction { transaction in
            guard let hold = try await Self.holds(transaction, where: "id = $1 for update", [.uuid(id)]).first else {
                return nil
            }
            guard hold.askedBy != actor.subject else { throw Problem.sameApprover }
            guard hold.approvedBy == nil else { return hold }
            let rows = try await Self.holds(
                transaction,
                changing: "update service_kit.legal_holds set approved_by = $2, approved_at = $3 where id = $1",
                [.uuid(id), .text(actor.subject), .timestamptz(time)])
            audit.record([Self.entry(id, "approve", of: hold.objectType, hold.objectID)], in: transaction)
            return rows.first
        }
    }

    /// The holds on an object.
    package func holds(onType objectType: String, id: String) async throws -> [Hold] {
        try await Self.holds(
            pool, where: "object_type = $1 and object_id = $2 order by asked_at, id", [.text(objectType), .text(id)])
    }

    private static let columns = """
        id, object_type, object_id, to_char(until_day, 'YYYY-MM-DD') as until_day, ground, asked_by, approved_by
        """

    private static func holds(
        _ executor: any PostgresExecutor, where condition: String, _ values: [PostgresValue]
    ) async throws -> [Hold] {
        try await executor.query(
            PostgresStatement("select \(columns) from service_kit.legal_holds where \(condition)", values)
        ).rows.map(hold)
    }

    private static func holds(
        _ executor: any PostgresExecutor, changing change: String, _ values: [PostgresValue]
    ) async throws -> [Hold] {
        try await executor.query(PostgresStatement("\(change) returning \(columns)", values)).rows.map(hold)
    }

    private static func hold(_ row: PostgresRow) throws -> Hold {
        let day: String = try row.decode("until_day")
        guard let until = CalendarDay(day) else { throw Problem.internalError }
        return Hold(
            id: try row.decode("id"), objectType: try row.decode("object_type"), objectID: try row.decode("object_id"),
            until: until, ground: try row.decode("ground"), askedBy: try row.decode("asked_by"),
            approvedBy: try row.decodeIfPresent("approved_by"))
    }

    private static func entry(_ id: UUID, _ act: String, of objectType: String, _ objectID: String) -> AuditEntry {
        AuditEntry(
            .changed, "legal-hold", id: id.uuidString.lowercased(),
            details: ["act": .code(act), "type": .code(objectType), "object": .code(objectID)])
    }
}

extension Problem {
    fileprivate static let sameApprover = Problem.conflict(
        .samePerson, "申请人不能批准自己的申请，请由另一人批准", "who asked for the hold may not approve it; another person must")
}
