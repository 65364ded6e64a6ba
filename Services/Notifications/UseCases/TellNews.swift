import Foundation
import Models

/// Tells people of what happened.
package struct TellNews: Sendable {
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
    package func callAsFunction(_ news: [News], in ledger: any DeliveryLedger) async throws {
        guard !news.isEmpty else { return }
        let moment = now()
        let (fresh, historical) = News.sorted(news)
        let patience = Double(waitMax.components.seconds)
        if !fresh.isEmpty {
            try await ledger.deliver(fresh, at: moment, waitsUntil: moment.addingTimeInterval(patience))
        }
        if historical > 0 { try await ledger.countHistorical(historical, at: moment) }
    }
}
