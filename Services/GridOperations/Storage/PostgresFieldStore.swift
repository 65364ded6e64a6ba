import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Responsibility fields in PostgreSQL.
package struct PostgresFieldStore: ResponsibilityFieldStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let audit: AuditTrail

    /// Writes through an outbox and an audit trail, and reads from their pool.
    package init(pool: PostgresPool, outbox: Outbox, audit: AuditTrail) {
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
    }

    package func add(
        _ field: StatedField, key: IdempotencyKey, scope: ScopeFilter, on day: CalendarDay
    ) async throws -> ResponsibilityFieldID {
        try await outbox.transaction { [audit] transaction in
            try await Idempotency.once(key, in: transaction) {
                let id = ResponsibilityFieldID.new()
                let owner = try await Self.person(field.owner, in: field.gridCode, scope: scope, transaction)
                transaction.enqueue(
                    """
                    insert into grid.responsibility_fields (id, grid_code, name)
                    values (\(id.rawValue), \(field.gridCode.digits), \(field.name))
                    """)
                transaction.enqueue(Self.owning(id, field.gridCode.digits, owner, from: day))
                audit.record([AuditEntry(.changed, "responsibility-field", id: id.description)], in: transaction)
                return (id, [])
            }
        }
    }

    package func handOver(
        _ id: ResponsibilityFieldID, to owner: GridAssignmentID, ifVersion version: Int?, scope: ScopeFilter,
        on day: CalendarDay
    ) async throws {
        try await outbox.transaction { [audit] transaction in
            let rows = try await transaction.query(
                """
                select grid_code, version from grid.responsibility_fields
                where id = \(id.rawValue) and \(scope: scope, on: "grid_code") for update
                """
            ).rows
            guard let row = rows.first else { throw FieldNotFound() }
            if let version, version != (try row.decode("version", as: Int.self)) { throw VersionMismatch() }
            let code = try row.gridCode("grid_code")
            let person = try await Self.person(owner, in: code, scope: scope, transaction)
            let date = PostgresValue.date(day.description)
            // Whoever took it over today has not had it a whole day.
            transaction.enqueue(
                """
                delete from grid.field_owners
                where field_id = \(id.rawValue) and lower(during) >= \(date) and upper_inf(during)
                """)
            transaction.enqueue(
                """
                update grid.field_owners set during = daterange(lower(during), \(date))
                where field_id = \(id.rawValue) and upper_inf(during)
                """)
            transaction.enqueue(Self.owning(id, code.digits, person, from: day))
            transaction.enqueue(
                """
                update grid.responsibility_fields set version = version + 1, updated_at = now()
                where id = \(id.rawValue)
                """)
            audit.record([AuditEntry(.changed, "responsibility-field", id: id.description)], in: transaction)
            return ((), [])
        }
    }

    package func find(
        _ id: ResponsibilityFieldID, on day: CalendarDay, scope: ScopeFilter
    ) async throws -> ResponsibilityField? {
        try await pool.query(
            """
            select f.id, f.grid_code, f.name, f.version, o.person_id, lower(o.during) as since
            from grid.responsibility_fields f join grid.field_owners o on o.field_id = f.id
            where f.id = \(id.rawValue) and o.during @> \(PostgresValue.date(day.description))::date
              and \(scope: scope, on: "f.grid_code")
            """
        ).rows.first.map(ResponsibilityField.init)
    }

    package func list(
        gridPrefix: String, on day: CalendarDay, scope: ScopeFilter, after: ResponsibilityFieldID?, limit: Int
    ) async throws -> [ResponsibilityField] {
        let range = CodeRange(prefix: gridPrefix)
        return try await pool.query(
            """
            select f.id, f.grid_code, f.name, f.version, o.person_id, lower(o.during) as since
            from grid.responsibility_fields f join grid.field_owners o on o.field_id = f.id
            where f.grid_code >= \(range.lowerBound) and f.grid_code < \(range.upperBound)
              and o.during @> \(PostgresValue.date(day.description))::date and \(scope: scope, on: "f.grid_code")
              and (\(after?.rawValue)::uuid is null or f.id > \(after?.rawValue)::uuid)
            order by f.id limit \(limit)
            """
        ).rows.map(ResponsibilityField.init)
    }

    /// Lets fields follow their groups; with several parts, into the first.
    static func follow(_ pairs: [GridSuccession]) -> [PostgresStatement] {
        ["responsibility_fields", "field_owners"].map { table in
            PostgresStatement(
                """
                update grid.\(table) t set grid_code = p.new
                from (select distinct on (s.old) s.old, s.new
                      from unnest($1::text[], $2::text[]) as s (old, new) order by s.old, s.new) p
                where t.grid_code = p.old
                """,
                [.textArray(pairs.map(\.old.digits)), .textArray(pairs.map(\.new.digits))])
        }
    }

    // MARK: - Statements

    /// The person of a present holding in a group or its area; the group's row is locked, so that it does not end meanwhile.
    private static func person(
        _ assignment: GridAssignmentID, in group: GridCode, scope: ScopeFilter, _ transaction: PostgresTransaction
    ) async throws -> PersonID {
        let results = try await transaction.pipeline([
            """
            select code from grid.grids
            where code = \(group.digits) and valid_to is null and \(scope: scope, on: "code") for update
            """,
            """
            select person_id from grid.assignments
            where id = \(assignment.rawValue) and ended_at is null and person_id is not null
              and grid_code in (\(group.digits), \(group.parentCode))
            """,
        ])
        guard !results[0].rows.isEmpty else {
            throw RowFaults([
                RowFault(
                    field: "gridCode", code: .referenceUnknown, "服务小组 \(group) 不存在或已终止，请核对",
                    "the group \(group) is not known or has ended; check it")
            ])
        }
        guard let row = results[1].rows.first else {
            throw RowFaults([
                RowFault(
                    field: "ownerAssignmentID", code: .referenceUnknown, "责任人须在该小组或其责任区任职，请核对任职编号",
                    "the owner must hold a role in the group or its area; check the holding")
            ])
        }
        return try row.identifier("person_id")
    }

    private static func owning(
        _ id: ResponsibilityFieldID, _ grid: String, _ person: PersonID, from day: CalendarDay
    ) -> PostgresStatement {
        """
        insert into grid.field_owners (field_id, grid_code, person_id, during)
        values (\(id.rawValue), \(grid), \(person.rawValue), daterange(\(PostgresValue.date(day.description)), null))
        """
    }
}

extension ResponsibilityField {
    /// Reads a row of a field joined with its owner.
    fileprivate init(_ row: PostgresRow) throws {
        guard let since = CalendarDay(try row.decode("since", as: String.self)) else {
            throw UnknownStoredValue(column: "since")
        }
        self.init(
            id: try row.identifier("id"), gridCode: try row.gridCode("grid_code"), name: try row.decode("name"),
            version: try row.decode("version"), owner: try row.identifier("person_id"), since: since)
    }
}
