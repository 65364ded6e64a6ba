import Foundation
import Models

/// An incident of the past with what became of it.
package struct PastIncident: Sendable {
    package let incident: Incident
    /// Its steps in order.
    package let steps: [IncidentStep]

    package init(incident: Incident, steps: [IncidentStep]) {
        self.incident = incident
        self.steps = steps
    }
}

/// What other rules would have made of the incidents of the past, beside what their own made of them.
///
/// Both are computed by the same walk over the same steps, so that they differ in the rules alone.
package struct RulebookTrial: Sendable, Hashable {
    /// The figures of one clock.
    package struct Figures: Sendable, Hashable {
        /// Clocks that ran, by their own rules and by the others.
        package var present = 0
        package var tried = 0
        /// Those that were missed.
        package var presentMissed = 0
        package var triedMissed = 0
        /// Those that went further up the line.
        package var presentEscalated = 0
        package var triedEscalated = 0
        /// Missed by the other rules alone, and by their own alone.
        package var newlyMissed = 0
        package var noLongerMissed = 0
        /// Due times that would have come earlier, later or at the same moment.
        package var earlier = 0
        package var later = 0
        package var same = 0
    }

    /// How many incidents were looked at.
    package private(set) var incidents = 0
    /// By clock.
    package private(set) var figures: [IncidentClockKind: Figures] = [:]

    package init() {}

    /// The clocks that are compared: those that every incident has.
    package static let kinds: [IncidentClockKind] = [.response, .resolve]

    /// Takes an incident in.
    ///
    /// - Parameters:
    ///   - own: the rules that it kept to.
    ///   - others: the rules that are tried.
    ///   - moment: until when clocks are watched.
    package mutating func take(_ past: PastIncident, own: RulebookInForce, others: RulebookInForce, until moment: Date)
    {
        incidents += 1
        let before = IncidentCase.replay(past, by: own, until: moment)
        let after = IncidentCase.replay(past, by: others, until: moment)
        for kind in Self.kinds {
            let rounds = Set((before + after).filter { $0.kind == kind }.map(\.round))
            for round in rounds {
                compare(
                    kind, before.first { $0.kind == kind && $0.round == round },
                    after.first { $0.kind == kind && $0.round == round })
            }
        }
    }

    private mutating func compare(_ kind: IncidentClockKind, _ before: IncidentClock?, _ after: IncidentClock?) {
        var sum = figures[kind] ?? Figures()
        let (missed, wouldMiss) = ((before?.level ?? 0) >= 1, (after?.level ?? 0) >= 1)
        sum.present += before == nil ? 0 : 1
        sum.tried += after == nil ? 0 : 1
        sum.presentMissed += missed ? 1 : 0
        sum.triedMissed += wouldMiss ? 1 : 0
        sum.presentEscalated += (before?.level ?? 0) >= 2 ? 1 : 0
        sum.triedEscalated += (after?.level ?? 0) >= 2 ? 1 : 0
        sum.newlyMissed += wouldMiss && !missed ? 1 : 0
        sum.noLongerMissed += missed && !wouldMiss ? 1 : 0
        if let before, let after {
            if after.dueAt < before.dueAt {
                sum.earlier += 1
            } else if after.dueAt > before.dueAt {
                sum.later += 1
            } else {
                sum.same += 1
            }
        }
        figures[kind] = sum
    }
}
