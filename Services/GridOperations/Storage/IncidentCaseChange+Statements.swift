import Messaging
import Models
import Postgres

extension IncidentCaseChange {
    /// Sends everything that the change of a case writes.
    func enqueue(after before: IncidentCase, in transaction: PostgresTransaction) throws {
        transaction.enqueue(IncidentColumns.insertion(step, of: incident.id))
        if incident.state != before.incident.state {
            transaction.enqueue(Open311Columns.update(of: incident, at: step.at))
        }
        for clock in clocks {
            let isKnown = before.clocks.contains { $0.kind == clock.kind && $0.round == clock.round }
            let row = ClockColumns.Row(clock, of: incident, by: before.rules)
            transaction.enqueue(ClockColumns.writing(row, isKnown: isKnown))
        }
        if !actions.isEmpty {
            transaction.enqueue(ClockColumns.insertion(actions.map { (incident, $0) }))
        }
        if let whistle, step.action == .whistle {
            transaction.enqueue(WhistleColumns.insertion(whistle, of: incident))
            transaction.enqueue(WhistleColumns.insertion(whistle.calls, of: whistle, grid: incident.gridCode))
        }
        if endsWhistles { transaction.enqueue(WhistleColumns.ending(of: incident.id, at: step.at)) }
        transaction.enqueue(try IncidentColumns.update(incident))
    }

    /// The events as the outbox takes them.
    func outgoing() throws -> [OutgoingEvent] {
        try events.map { try OutgoingEvent($0, occurredAt: step.at) }
    }
}
