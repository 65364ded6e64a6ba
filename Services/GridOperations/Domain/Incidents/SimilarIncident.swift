import Foundation
import Models

/// An incident that may be the same as another, with why.
package struct SimilarIncident: Sendable, Hashable {
    /// Which one.
    package let incident: Incident
    /// How far away it was reported, in metres.
    package let metres: Double
    /// How much the texts have in common, from 0 to 1: the Dice coefficient of their pairs of signs.
    package let text: Double
    /// All in one, from 0 to 1.
    package let score: Double

    /// How far away a report of the same matter is looked for, in metres.
    package static let metresMax = 250.0
    /// How long before it.
    package static let daysMax = 14.0
    /// How much the texts must have in common: two matters of one place and day are not the same.
    package static let textMin = 0.15
    /// What is worth to be proposed.
    package static let scoreMin = 0.4
    /// How many are proposed at most.
    package static let most = 10

    /// Compares a candidate with an incident: near in place, time, category and text.
    ///
    /// - Returns: nil when it is too far away, too old or too unlike.
    package init?(_ candidate: Incident, to incident: Incident) {
        metres = candidate.report.position.metres(to: incident.report.position)
        let days = abs(candidate.report.reportedAt.timeIntervalSince(incident.report.reportedAt)) / 86_400
        guard metres <= Self.metresMax, days <= Self.daysMax, candidate.id != incident.id,
            candidate.report.function == incident.report.function
        else { return nil }
        self.incident = candidate
        text = Self.likeness(candidate.report, incident.report)
        let isOneCategory = candidate.category != nil && candidate.category == incident.category
        score =
            0.45 * text + 0.3 * (1 - metres / Self.metresMax) + 0.15 * (1 - days / Self.daysMax)
            + (isOneCategory ? 0.1 : 0)
        guard score >= Self.scoreMin, text >= Self.textMin else { return nil }
    }

    /// The best of some candidates, the likest first.
    package static func proposals(for incident: Incident, among candidates: [Incident]) -> [SimilarIncident] {
        let similar = candidates.compactMap { SimilarIncident($0, to: incident) }
        return Array(similar.sorted { $0.score > $1.score }.prefix(most))
    }

    private static func likeness(_ one: IncidentReport, _ other: IncidentReport) -> Double {
        let (some, others) = (pairs(one), pairs(other))
        guard !some.isEmpty, !others.isEmpty else { return 0 }
        return 2 * Double(some.intersection(others).count) / Double(some.count + others.count)
    }

    private static func pairs(_ report: IncidentReport) -> Set<String> {
        SearchText.pairs(SearchText.folded(report.title + " " + report.description))
    }
}

extension Position {
    /// The distance on a plane that touches the earth here, in metres: right to a thousandth within some kilometres.
    package func metres(to other: Position) -> Double {
        let metresPerDegree = 111_195.0
        let north = (latitude - other.latitude) * metresPerDegree
        let east = (longitude - other.longitude) * metresPerDegree * cos(latitude * .pi / 180)
        return (north * north + east * east).squareRoot()
    }
}
