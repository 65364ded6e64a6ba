import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Terms and absences of staff in PostgreSQL.
package struct PostgresTermStore: GridTermStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let audit: AuditTrail

    /// Writes through an outbox and an audit trail, and reads from their pool.
    package init(pool: PostgresPool, outbox: Outbox, audit: AuditTrail) {
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
    }

    package func setTerm(
        _ assignment: GridAssignmentID, to day: CalendarDay?, scope: ScopeFilter
    ) async throws {
        try await outbox.transaction { [audit] transaction in
            let result = try await transaction.query(
                """
                update grid.assignments set term_to = \(day.map { PostgresValue.date($0.description) } ?? .null)
                where id = \(assignment.rawValue) and ended_at is null and \(scope: scope, on: "grid_code")
                returning id
                """)
            guard !result.rows.isEmpty else { throw HoldingNotFound() }
            audit.record([AuditEntry(.changed, "grid-assignment", id: assignment.description)], in: transaction)
            return ((), [])
        }
    }

    package func add(
        _ days: (from: CalendarDay, to: CalendarDay), of assignment: GridAssignmentID,
        substitute: GridAssignmentID?, key: IdempotencyKey, scope: ScopeFilter
    ) async throws -> GridAbsenceID {
        do {
            return try await outbox.transaction { [audit] transaction in
                try await Idempotency.once(key, in: transaction) {
                    let id = GridAbsenceID.new()
                    let results = try await transaction.pipeline([
                        """
                        select grid_code, person_id from grid.assignments
                        where id = \(assignment.rawValue) and ended_at is null and \(scope: scope, on: "grid_code")
                        """,
                        """
                        select person_id from grid.assignments
                        where id = \(substitute?.rawValue)::uuid and ended_at is null and person_id is not null
                          and \(scope: scope, on: "grid_code")
                        """,
                    ])
                    guard let row = results[0].rows.first,
                        let holder: PersonID = try row.identifierIfPresent("person_id")
                    else { throw HoldingNotFound() }
                    let standIn: PersonID? = try results[1].rows.first?.identifier("person_id")
                    guard substitute == nil || standIn.map({ $0 != holder }) ?? false else {
                        throw RowFaults([
                            RowFault(
                                field: "substituteAssignmentID", code: .referenceUnknown, "替岗人须是另一位在任人员，请核对任职编号",
                                "the substitute must be another person who holds a role; check the holding")
                        ])
                    }
                    let (from, to) = (
                        PostgresValue.date(days.from.description), PostgresValue.date(days.to.description)
                    )
                    transaction.enqueue(
                        """
                        insert into grid.absences (id, assignment_id, grid_code, during, substitute_id)
                        values (\(id.rawValue), \(assignment.rawValue), \(try row.gridCode("grid_code").digits),
                                daterange(\(from), \(to)), \(standIn?.rawValue))
                        """)
                    // Sent here, so that an overlap is told before the answer is stored.
                    _ = try await transaction.query("select 1")
                    audit.record(
                        [AuditEntry(.changed, "grid-assignment", id: assignment.description)], in: transaction)
                    return (id, [])
                }
            }
        } catch let error as PostgresError where error.isExclusionViolation {
            throw RowFaults([
                RowFault(
                    field: "from", code: .absenceOverlaps, "这些日期中已有请假，请调整",
                    "the holder is absent on one of these days already; change them")
            ])
        }
    }

    package func over(on day: CalendarDay, limit: Int) async throws -> [(GridAssignmentID, CalendarDay)] {
        try await pool.query(
            """
            select id, term_to from grid.assignments
            where ended_at is null and term_to <= \(PostgresValue.date(day.description))
            order by term_to, id limit \(limit)
            """
        ).rows.map { row in
            guard let day = CalendarDay(try row.decode("term_to", as: String.self)) else {
                throw UnknownStoredValue(column: "term_to")
            }
            return (try row.identifier("id"), day)
        }
    }
}
