import Messaging
import Models
import Postgres

extension IncidentCaseChange {
    /// Sends everything that the change writes.
    func enqueue(by rules: RulebookInForce, in transaction: PostgresTransaction) throws {
        transaction.enqueue(IncidentColumns.insertion(step, of: incident.id))
        if !clocks.isEmpty {
            let rows = clocks.map { ClockColumns.Row($0, of: incident, by: rules) }
            transaction.enqueue(ClockColumns.upsert(rows))
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
