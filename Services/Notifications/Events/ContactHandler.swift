import Messaging
import Models
import Postgres

/// Reads how people are reached.
package struct ContactHandler: EventHandler {
    package let name = "notifications"
    package let topics = [Topic.contact]
    private let keepContacts: KeepContacts
    private let book: @Sendable (PostgresTransaction) -> any ContactBook

    /// Hands what a batch says to the use case.
    ///
    /// - Parameter book: the addresses within the transaction of a batch.
    package init(keepContacts: KeepContacts, book: @escaping @Sendable (PostgresTransaction) -> any ContactBook) {
        self.keepContacts = keepContacts
        self.book = book
    }

    package func apply(
        _ events: [ReceivedEvent], in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        let contacts = try events.compactMap { event -> ContactFacts? in
            switch event.type {
            case ContactStated.type: try event.decode(ContactStated.self).contact
            case ContactErased.type: try event.decode(ContactErased.self).contact.withoutAddresses
            default: nil
            }
        }
        try await keepContacts(contacts, from: Topic.contact.service.rawValue, in: book(transaction))
        return []
    }
}

extension ContactFacts {
    /// Nothing but whose they were.
    fileprivate var withoutAddresses: ContactFacts {
        ContactFacts(personID: personID, divisionCode: divisionCode, addresses: [])
    }
}

/// All topics of the service as one reader, each batch given to whoever knows its topics.
package struct JoinedHandler: EventHandler {
    package let name = "notifications"
    package let topics: [Topic]
    private let parts: [any EventHandler]

    /// Joins readers of different topics.
    package init(_ parts: [any EventHandler]) {
        self.parts = parts
        topics = parts.flatMap(\.topics)
    }

    package func apply(
        _ events: [ReceivedEvent], in transaction: PostgresTransaction
    ) async throws -> [OutgoingEvent] {
        var answers: [OutgoingEvent] = []
        for part in parts {
            let names = part.topics
            let own = events.filter { names.contains($0.topic) }
            if !own.isEmpty { answers += try await part.apply(own, in: transaction) }
        }
        return answers
    }
}
