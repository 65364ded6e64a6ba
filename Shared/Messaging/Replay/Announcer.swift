import Models
import Postgres

/// States the present of a service's aggregates for readers that came after the outbox had let go of the past.
package protocol Announcer: Sendable {
    /// The topics whose aggregates it can state.
    var topics: [Topic] { get }

    /// Makes `…Stated` events of the next aggregates of a topic in the order of their keys, locking their rows, so that
    /// no change of them comes between.
    ///
    /// - Parameters:
    ///   - topic: one of `topics`.
    ///   - cursor: where the last page ended; nil to start.
    ///   - limit: how many aggregates at most.
    ///   - transaction: the transaction in which the events are written.
    /// - Returns: the events, and where the page ended; nil when there is nothing more.
    func announce(
        _ topic: Topic, after cursor: String?, limit: Int, in transaction: PostgresTransaction
    ) async throws -> (events: [OutgoingEvent], cursor: String?)
}
