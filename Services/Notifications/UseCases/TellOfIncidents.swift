import Foundation
import Models

/// Tells people of what happened to incidents.
package struct TellOfIncidents: Sendable {
    private let waitMax: Duration
    private let now: @Sendable () -> Date

    /// Tells with the time of a clock.
    ///
    /// - Parameter waitMax: how long a message waits for somebody to take up the post.
    package init(waitMax: Duration, now: @escaping @Sendable () -> Date) {
        self.waitMax = waitMax
        self.now = now
    }

    /// Puts the news into inboxes.
    package func callAsFunction(_ news: [IncidentNews], in ledger: any DeliveryLedger) async throws {
        guard !news.isEmpty else { return }
        let moment = now()
        let (fresh, historical) = IncidentNews.sorted(news)
        let patience = Double(waitMax.components.seconds)
        if !fresh.isEmpty {
            try await ledger.deliver(fresh, at: moment, waitsUntil: moment.addingTimeInterval(patience))
        }
        try await ledger.countUnaddressed(fresh, historical: historical, at: moment)
    }
}
