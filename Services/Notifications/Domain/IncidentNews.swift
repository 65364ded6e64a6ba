import Foundation
import Models

/// An event of an incident that somebody may have to be told of.
package struct IncidentNews: Sendable, Equatable {
    /// The event's id: nobody is told of the same event twice on one channel.
    package var eventID: UUID
    /// Which event.
    package var kind: NewsKind
    /// The incident after the event.
    package var incident: IncidentFacts
    /// When it came about.
    package var occurredAt: Date

    /// Gathers what the event says.
    package init(eventID: UUID, kind: NewsKind, incident: IncidentFacts, occurredAt: Date) {
        self.eventID = eventID
        self.kind = kind
        self.incident = incident
        self.occurredAt = occurredAt
    }
}

/// The events of an incident that can be news to somebody, by their names; which are is said by the routes.
package enum NewsKind: String, Sendable, CaseIterable {
    case reported = "IncidentReported"
    case filed = "IncidentFiled"
    case rejected = "IncidentRejected"
    case dispatched = "IncidentDispatched"
    case accepted = "IncidentAccepted"
    case returned = "IncidentReturned"
    case handled = "IncidentHandled"
    case closed = "IncidentClosed"
    case reopened = "IncidentReopened"
    case withdrawn = "IncidentWithdrawn"
}

/// Why nobody was told of an event, or not this person.
package enum SkipReason: String, Sendable, CaseIterable {
    /// It came from an old sheet and is no news.
    case historical
    /// It was for the reporter, who left no inbox.
    case noInbox = "no-inbox"
    /// The grid worker reported it himself.
    case ownReport = "own-report"
    /// Nobody took up the post in time.
    case noRecipient = "no-recipient"
}

extension IncidentNews {
    /// Sorts a batch into what is news and how many events are only of the past.
    package static func sorted(_ news: [IncidentNews]) -> (fresh: [IncidentNews], historical: Int) {
        let fresh = news.filter { !$0.incident.isHistorical }
        return (fresh, news.count - fresh.count)
    }
}
