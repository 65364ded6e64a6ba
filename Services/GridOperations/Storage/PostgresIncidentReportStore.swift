import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Takes new reports in, in two round trips: grid and number, then everything else in one flush.
///
/// The number is drawn outside the transaction of the report. Inside, whoever draws would hold the counter of the
/// community until its commit has reached the disk, and reports of a community would follow each other disk by disk.
package struct PostgresIncidentReportStore: IncidentReportStore {
    private let pool: PostgresPool
    private let outbox: Outbox
    private let audit: AuditTrail
    private let contacts: IncidentContactSealer

    /// Writes through an outbox and draws through its pool; contacts are encrypted before they get there.
    package init(pool: PostgresPool, outbox: Outbox, audit: AuditTrail, cipher: any FieldCipher) {
        contacts = IncidentContactSealer(cipher: cipher)
        self.pool = pool
        self.outbox = outbox
        self.audit = audit
    }

    /// The commit of the drawing need not wait for the disk: the log is written in order, so an incident that is on the
    /// disk has its number's drawing there before it, and a number that is lost with a crash was given to nobody.
    package func draw(
        _ position: Position, day: CalendarDay, scope: ScopeFilter
    ) async throws -> DrawnPlace? {
        // Neither table has a fence on reading (0018), so nothing has to be said to open one.
        let result = try await PostgresTaskSetting.$current.withValue([]) {
            try await pool.query(Self.drawing(position, day, scope))
        }
        guard let row = result.rows.first else { return nil }
        return DrawnPlace(
            grid: try row.gridCode("code"),
            sequence: Int(try row.decode("last_number", as: Int32.self)))
    }

    private static func drawing(_ position: Position, _ day: CalendarDay, _ scope: ScopeFilter) -> PostgresStatement {
        """
        with located as (
            select code, community_code from grid.grids
            where st_covers(boundary, st_setsrid(st_makepoint(\(position.longitude), \(position.latitude)), 4326))
              and valid_to is null and \(scope: scope, on: "code")
            order by length(code) desc, code limit 1
        ), drawn as (
            insert into grid.incident_counters as c (community_code, day, last_number)
            select community_code, \(PostgresValue.date(day.description)), 1 from located
            on conflict (community_code, day) do update set last_number = c.last_number + 1
            returning last_number
        )
        select code, last_number, set_config('synchronous_commit', 'off', true) as setting from located, drawn
        """
    }

    package func record(
        _ incident: Incident, _ clock: IncidentClock?, by rules: RulebookInForce, key: IdempotencyKey
    ) async throws -> IncidentReceipt {
        let receipt = IncidentReceipt(incident)
        let insertions =
            [try IncidentColumns.insertion(incident), IncidentColumns.words(of: [incident])]
            + [clock].compactMap { $0 }.map { ClockColumns.insertion(ClockColumns.Row($0, of: incident, by: rules)) }
            + (try [incident.report.contact].compactMap { $0 }.map { try contacts.insertion($0, of: incident) })
            + [incident.report.open311].compactMap { $0 }.map { Open311Columns.insertion($0, of: incident) }
        let event = try OutgoingEvent(
            IncidentReported(incident: incident.facts), occurredAt: incident.report.reportedAt)
        let audit = self.audit
        let answer = try KnownAnswer.insertion(receipt, for: key)
        do {
            return try await outbox.transaction { transaction in
                transaction.enqueue(answer)
                insertions.forEach(transaction.enqueue)
                return (receipt, [event])
            }
        } catch let error as PostgresError where KnownAnswer.isRepetition(error) {
            return try await outbox.transaction { transaction in
                let (known, events) = try await Idempotency.once(key, in: transaction) {
                    insertions.forEach(transaction.enqueue)
                    return (receipt, [event])
                }
                // The answer of the first time changes nothing, so that no event tells of it.
                if events.isEmpty {
                    audit.record([AuditEntry(.repeated, "incident", id: known.id.description)], in: transaction)
                }
                return (known, events)
            }
        }
    }
}
