import Messaging
import Models
import Postgres

/// Reads every topic of the suite but that of contacts, which are notifications' alone, into the gateway's picture of the county.
package struct CountyEventHandler: EventHandler {
    package let name = "cloud-gateway"
    package let topics = Self.topicsOfPlaces + Self.topicsOfPeople
    private static let topicsOfPlaces: [Topic] = [.division, .grid, .incident, .station, .facility, .room, .booking]
    private static let topicsOfPeople: [Topic] = [.partyOrganisation, .talent, .unit, .pairing]
    private let project: ProjectCountyChanges
    private let projection: @Sendable (PostgresTransaction) -> any CountyProjection

    /// Hands what a batch changed to a use case.
    ///
    /// - Parameter projection: the projection within the transaction of a batch.
    package init(
        project: ProjectCountyChanges,
        projection: @escaping @Sendable (PostgresTransaction) -> any CountyProjection
    ) {
        self.project = project
        self.projection = projection
    }

    package func apply(
        _ events: [ReceivedEvent], in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        try await project(CountyEvents.changes(of: events), to: projection(transaction))
        return []
    }
}
