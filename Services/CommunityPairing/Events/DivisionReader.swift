import Messaging
import Models
import Postgres

/// Learns divisions from grid-operations, so that rows can be checked against them while that service is down.
package struct DivisionReader: EventHandler {
    private let makeDirectory: @Sendable (PostgresTransaction) -> any DivisionDirectory

    /// Makes the reader.
    ///
    /// - Parameter makeDirectory: gives a directory that writes in the transaction of a batch.
    package init(makeDirectory: @escaping @Sendable (PostgresTransaction) -> any DivisionDirectory) {
        self.makeDirectory = makeDirectory
    }

    package var name: String { ServiceName.communityPairing.rawValue }
    package var topics: [Topic] { [.division] }

    package func apply(
        _ events: [ReceivedEvent], in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        try await LearnDivisions(directory: makeDirectory(transaction))(events.compactMap(Self.facts))
        return []
    }

    /// What an event says of a division; nil for events that say something else.
    private static func facts(_ event: ReceivedEvent) throws -> DivisionFacts? {
        if let registered = try event.payload(DivisionRegistered.self) { return registered.division }
        if let changed = try event.payload(DivisionChanged.self) { return changed.division }
        return try event.payload(DivisionStated.self)?.division
    }
}
