import Foundation
import Models

/// Where addresses are kept, within the transaction of a batch of events.
package protocol ContactBook: Sendable {
    /// Keeps what a producer says of people, the last word of each person; one without addresses is erased.
    func keep(_ contacts: [ContactFacts], from source: String, at moment: Date) async throws
}

/// Keeps how people are reached.
package struct KeepContacts: Sendable {
    private let now: @Sendable () -> Date

    /// Keeps with the time of a clock.
    package init(now: @escaping @Sendable () -> Date) { self.now = now }

    /// Keeps the last word of each person.
    package func callAsFunction(_ contacts: [ContactFacts], from source: String, in book: any ContactBook) async throws
    {
        var last: [PersonID: ContactFacts] = [:]
        for contact in contacts { last[contact.personID] = contact }
        guard !last.isEmpty else { return }
        let ordered = last.values.sorted { $0.personID.description < $1.personID.description }
        try await book.keep(ordered, from: source, at: now())
    }
}
