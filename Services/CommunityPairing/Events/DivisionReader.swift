import Messaging
import Models
import Postgres
import ServiceKit

/// Learns divisions from grid-operations, so that rows can be checked against them while that service is down.
package struct DivisionReader: EventHandler {
    private let divisions: DivisionProjection

    /// Makes the reader of a projection.
    package init(divisions: DivisionProjection) { self.divisions = divisions }

    package var name: String { ServiceName.communityPairing.rawValue }
    package var topics: [Topic] { [.division] }

    package func apply(
        _ events: [ReceivedEvent], in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        try await divisions.learn(events, in: transaction)
        return []
    }
}
