import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// States every booking for readers that came late, in the order of requests.
package struct BookingAnnouncer: Announcer {
    package let topics = [Topic.booking]
    private let now: @Sendable () -> Date

    /// Takes the time of the statements from a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    package func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?) {
        let start = cursor.flatMap { BookingID($0) }?.rawValue ?? .beforeAll
        let bookings = try await transaction.query(
            """
            select \(unescaped: BookingColumns.list) from grid.bookings b
            where b.id > \(start) order by b.id limit \(limit) for update
            """
        ).rows.map(Booking.init)
        let moment = now()
        let events = try bookings.map { try OutgoingEvent(BookingStated(booking: $0.facts), occurredAt: moment) }
        return (events, bookings.count < limit ? nil : bookings.last?.id.description)
    }
}
