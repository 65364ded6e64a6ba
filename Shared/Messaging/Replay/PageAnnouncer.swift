import Foundation
import Models
import Postgres

/// States aggregates that are a row and an event each, page by page in the order of their keys.
///
/// The cursor is the key of the last event, which is the aggregate's id (`EventPayload.aggregateID`).
package struct PageAnnouncer<Stated: EventPayload>: Announcer {
    package let topics = [Stated.topic]
    private let now: @Sendable () -> Date
    private let page: @Sendable (_ cursor: String?, _ limit: Int) -> PostgresStatement
    private let stated: @Sendable (PostgresRow) throws -> Stated

    /// Makes an announcer.
    ///
    /// - Parameters:
    ///   - now: the clock that gives the time of the statements.
    ///   - page: selects the next rows behind a cursor in the order of their keys, and locks them.
    ///   - stated: makes the event of a row.
    package init(
        now: @escaping @Sendable () -> Date,
        page: @escaping @Sendable (_ cursor: String?, _ limit: Int) -> PostgresStatement,
        stated: @escaping @Sendable (PostgresRow) throws -> Stated
    ) {
        self.now = now
        self.page = page
        self.stated = stated
    }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let rows = try await transaction.query(page(cursor, limit)).rows
        let moment = now()
        let events = try rows.map { try OutgoingEvent(try stated($0), occurredAt: moment) }
        return (events, rows.count < limit ? nil : events.last?.key)
    }
}
