import Foundation
import Models

/// Where incidents of the past are read for a trial.
package protocol IncidentHistory: Sendable {
    /// Incidents that were reported here since a moment, with their steps, the newest first; none of old sheets.
    func incidents(since moment: Date, before: IncidentID?, limit: Int) async throws -> [PastIncident]
}

/// What a trial of a rulebook says.
package struct RulebookTrialReport: Sendable, Hashable {
    /// Incidents since this moment were looked at.
    package let since: Date
    /// Clocks were watched until this moment.
    package let until: Date
    /// Whether all incidents of the time were looked at; the newest go first.
    package let isComplete: Bool
    package let trial: RulebookTrial
}

/// Tries a version of the rulebook on the incidents of the last days, before it counts.
package struct TryRulebook: Sendable {
    /// So many incidents are looked at: a request must end.
    package static let incidentsMax = 20_000
    /// So many days back at most: a quarter.
    package static let daysMax = 92
    private static let page = 500

    private let store: any RulebookStore
    private let rulebooks: any RulebooksInForce
    private let history: any IncidentHistory
    private let now: @Sendable () -> Date

    /// Reads versions, rules and incidents.
    package init(
        store: any RulebookStore, rulebooks: any RulebooksInForce, history: any IncidentHistory,
        now: @escaping @Sendable () -> Date
    ) {
        self.store = store
        self.rulebooks = rulebooks
        self.history = history
        self.now = now
    }

    /// Tries a version.
    ///
    /// - Parameter days: how many days back, a month when not said.
    /// - Throws: `RowFaults`, `RulebookRefusal.unknown`.
    package func callAsFunction(_ number: Int, days: Int?) async throws -> RulebookTrialReport {
        let days = days ?? 30
        guard (1...Self.daysMax).contains(days) else { throw RowFaults([.outOfRange("days", 1...Self.daysMax)]) }
        guard let version = try await store.find(number) else { throw RulebookRefusal.unknown }
        let tried = RulebookInForce(number: version.number, content: version.content)
        let until = now().wholeMilliseconds
        let since = until.addingTimeInterval(-86_400 * Double(days))
        var trial = RulebookTrial()
        var last: IncidentID?
        while trial.incidents < Self.incidentsMax {
            let page = try await history.incidents(since: since, before: last, limit: Self.page)
            for past in page {
                let own = try await rulebooks.version(of: past.incident, at: until)
                trial.take(past, own: own, others: tried, until: until)
            }
            last = page.last?.incident.id
            if page.count < Self.page {
                return RulebookTrialReport(since: since, until: until, isComplete: true, trial: trial)
            }
        }
        return RulebookTrialReport(since: since, until: until, isComplete: false, trial: trial)
    }
}
