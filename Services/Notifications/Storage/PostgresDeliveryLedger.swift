import Foundation
import Models
import Postgres

/// The ledger of deliveries in PostgreSQL, within a transaction that the caller ends.
///
/// Only who was told is awaited, since what goes outside the inbox is ordered in the same transaction; the other statements
/// travel with what the reader sends last.
package struct PostgresDeliveryLedger: DeliveryLedger {
    private let transaction: PostgresTransaction

    /// Writes in a transaction.
    package init(transaction: PostgresTransaction) { self.transaction = transaction }

    package func keep(_ staffing: GridStaffing, at moment: Date) async throws {
        let held = staffing.held
        if !held.isEmpty {
            transaction.enqueue(
                PostgresStatement(
                    """
                    insert into notify.grid_assignments (assignment_id, area_code, grid_code, role, person_id)
                    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[]) order by 1
                    on conflict (assignment_id) do update set area_code = excluded.area_code,
                        grid_code = excluded.grid_code, role = excluded.role, person_id = excluded.person_id
                    """,
                    [
                        .uuidArray(held.map(\.assignmentID.rawValue)),
                        .textArray(held.map { $0.gridCode.area?.digits }), .textArray(held.map(\.gridCode.digits)),
                        .textArray(held.map(\.role.rawValue)), .uuidArray(held.map { $0.personID?.rawValue }),
                    ]))
        }
        let ended = staffing.ended
        if !ended.isEmpty {
            transaction.enqueue(
                PostgresStatement(
                    """
                    with gone as (
                        delete from notify.grid_assignments where assignment_id = any($1::uuid[]) returning person_id
                    )
                    insert into notify.post_ends as e (person_id, ended_at)
                    select distinct person_id, $2::timestamptz from gone order by person_id
                    on conflict (person_id) do update set ended_at = greatest(e.ended_at, excluded.ended_at)
                    """,
                    [.uuidArray(ended.map(\.rawValue)), .timestamptz(moment)]))
        }
    }

    package func deliver(_ news: [News], at moment: Date, waitsUntil: Date) async throws {
        let told = try await transaction.query(
            try DeliveryStatements.deliver(news, at: moment, waitsUntil: waitsUntil))
        try await SendingsOfRoutes(told).order(in: transaction, at: moment)
    }

    package func deliverWaiting(in areas: Set<GridCode>, at moment: Date) async throws {
        let told = try await transaction.query(
            DeliveryStatements.deliverWaiting(in: Set(areas.map { String($0.digits.prefix(12)) }).sorted(), at: moment))
        try await SendingsOfRoutes(told).order(in: transaction, at: moment)
    }

    package func forgetReporters(of incidents: [IncidentID], at moment: Date) async throws {
        transaction.enqueue(
            try DeliveryStatements.forgetReporters(of: incidents, on: CountyCalendar.day(of: moment)))
    }

    package func countHistorical(_ events: Int, at moment: Date) async throws {
        transaction.enqueue(
            """
            insert into notify.unaddressed as u (day, reason, events)
            values ((\(moment)::timestamptz at time zone 'Asia/Shanghai')::date, 'historical', \(Int64(events)))
            on conflict (day, reason, event, audience, template) do update set events = u.events + excluded.events
            """)
    }
}

/// What waits, in PostgreSQL.
package struct PostgresWaitingDeliveries: WaitingDeliveries {
    private let pool: PostgresPool

    /// Settles in transactions of its own.
    package init(pool: PostgresPool) { self.pool = pool }

    package func settle(at moment: Date) async throws -> Bool {
        try await pool.withTransaction { transaction in
            let told = try await transaction.query(DeliveryStatements.deliverWaiting(in: nil, at: moment))
            try await SendingsOfRoutes(told).order(in: transaction, at: moment)
            let closed = try await transaction.query(
                """
                update notify.deliveries set state = 'SKIPPED', reason = 'no-recipient', reporter_id = null
                where state = 'WAITING' and waits_until <= \(moment)
                """)
            return !told.rows.isEmpty || closed.affectedRows > 0
        }
    }
}
