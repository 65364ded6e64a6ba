import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

extension PageAnnouncer<BookingStated> {
    /// States every booking for readers that came late, in the order of requests.
    package static func bookings(now: @escaping @Sendable () -> Date) -> Self {
        Self(now: now) { cursor, limit in
            """
            select \(unescaped: BookingColumns.list) from grid.bookings b
            where b.id > \(UUID(behind: cursor)) order by b.id limit \(limit) for update
            """
        } stated: {
            BookingStated(booking: try Booking($0).facts)
        }
    }
}
