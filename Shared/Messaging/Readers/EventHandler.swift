import Models
import Postgres

/// A projection of, or a reaction to, the events of some topics.
///
/// Each handler has watermarks and a consumer group of its own under its name, which never changes. Events of one
/// aggregate come in order and once. There is no order between topics: what an event refers to may come later. A
/// handler keeps nothing in memory, since any replica may get the next batch.
package protocol EventHandler: Sendable {
    /// The reader's name, for example `cloud-gateway`; unique in the suite.
    var name: String { get }
    /// The topics that it reads.
    var topics: [Topic] { get }

    /// Applies events in order, in the given transaction, with statements over the whole batch where possible.
    ///
    /// It may be called again for the same events when the transaction did not commit, and with a single event when a
    /// batch failed. Events of types that it does not care about are left alone.
    ///
    /// - Returns: events of its own, written to the outbox in the same transaction.
    /// - Throws: `EventRejection` where an event breaks a rule: it is parked with that reason. Decoding errors and
    ///   violated constraints park it too; connection failures, deadlocks and the like are tried again.
    func apply(_ events: [ReceivedEvent], in transaction: PostgresTransaction) async throws -> [OutgoingEvent]
}

/// A rule that an event breaks.
///
/// The event is parked with it.
package struct EventRejection: Error, Equatable {
    /// A stable code.
    package let code: String
    /// What is wrong and what to do, without personal data.
    package let reason: String

    /// Names the rule.
    package init(code: String, reason: String) {
        self.code = code
        self.reason = reason
    }
}
