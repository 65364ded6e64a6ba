import Models

/// What is counted of some incidents.
///
/// Those from old sheets came without their handling: they count as incidents, and in no share.
package struct IncidentCounts: Sendable, Equatable {
    /// Incidents.
    package var total = 0
    /// Reports that await an answer of the desk or had one; not those withdrawn before.
    package var toAnswer = 0
    /// Reports that were taken in or refused.
    package var responded = 0
    /// Incidents that are closed, or missed a time limit.
    package var timed = 0
    /// Incidents that are closed and missed none.
    package var onTime = 0
    /// Incidents that were taken in.
    package var filed = 0
    /// Incidents that are closed.
    package var closed = 0
    /// Reporters who said how satisfied they are.
    package var answered = 0
    /// Reporters who are satisfied.
    package var satisfied = 0
    /// Incidents whose time from report to close is known, and the middle of these times in seconds.
    package var measured = 0
    package var medianSeconds: Int?

    package init() {}

    /// 响应率.
    package var response: Percentage { Percentage(responded, of: toAnswer) }
    /// 按时办结率.
    package var punctuality: Percentage { Percentage(onTime, of: timed) }
    /// 办结率.
    package var resolution: Percentage { Percentage(closed, of: filed) }
    /// 满意率, of those who answered.
    package var satisfaction: Percentage { Percentage(satisfied, of: answered) }
    /// Hundredths of an hour from report to close, rounded half up.
    package var medianHundredths: Int? { medianSeconds.map { ($0 * 200 + 3600) / 7200 } }
}

/// What the report of incidents is made of, all seen at one moment.
package struct IncidentFigures: Sendable, Equatable {
    package var total = IncidentCounts()
    package var byFunction: [GridFunction: IncidentCounts] = [:]
    /// By the code of the category in the county's rulebook; nil for those that have none.
    package var byCategory: [String?: IncidentCounts] = [:]
    package var byState: [IncidentState: IncidentCounts] = [:]

    package init() {}
}

/// A line of the report of incidents, with what may be shown of it.
package struct IncidentLine: Sendable, Equatable {
    /// Whether the line is so small that it, or another by it, would tell of a person.
    package let isHidden: Bool
    /// What was counted; nothing of it is shown where the line is hidden.
    package let counts: IncidentCounts

    /// How many incidents; nil where that is hidden.
    package var n: Int? { isHidden ? nil : counts.total }

    /// A share that may be shown: not of so few that a person would be recognised.
    package func shown(_ share: Percentage) -> Percentage? {
        isHidden || SmallCells.range.contains(share.denominator) ? nil : share
    }

    /// The middle of the times that may be shown, in hundredths of an hour.
    package var medianHundredths: Int? {
        isHidden || SmallCells.range.contains(counts.measured) ? nil : counts.medianHundredths
    }
}

/// The report of incidents 事件 (REP-11).
package struct IncidentSummary: Sendable, Equatable {
    /// The version of the definitions; a changed definition is a new version.
    package static let formulaVersion = "1"

    /// The day of the figures 统计时点: when they were counted.
    package let asOf: CalendarDay?
    /// The first and the last day of the reports that are counted; nil for no limit.
    package let from: CalendarDay?
    package let to: CalendarDay?
    private let figures: IncidentFigures

    /// Makes the report.
    package init(_ figures: IncidentFigures, asOf: CalendarDay?, from: CalendarDay? = nil, to: CalendarDay? = nil) {
        self.figures = figures
        self.asOf = asOf
        self.from = from
        self.to = to
    }

    /// How many incidents it is made of.
    package var n: Int { figures.total.total }

    /// All of them; how many there are is always shown, their shares not if they are few.
    package var total: IncidentLine { IncidentLine(isHidden: false, counts: figures.total) }

    /// By the five functions, in their order.
    package var byFunction: [(function: GridFunction, line: IncidentLine)] {
        Self.lines(GridFunction.allCases.map { ($0, figures.byFunction[$0] ?? IncidentCounts()) })
    }

    /// By category, in the order of the codes; those without one last.
    package var byCategory: [(category: String?, line: IncidentLine)] {
        Self.lines(figures.byCategory.sorted { ($0.key ?? "~") < ($1.key ?? "~") }.map { ($0.key, $0.value) })
    }

    /// By state, in their order.
    package var byState: [(state: IncidentState, line: IncidentLine)] {
        Self.lines(IncidentState.allCases.map { ($0, figures.byState[$0] ?? IncidentCounts()) })
    }

    private static func lines<Key>(_ counts: [(Key, IncidentCounts)]) -> [(Key, IncidentLine)] {
        let hidden = SmallCells.hidden(in: counts.map(\.1.total))
        return counts.enumerated().map { place, item in
            (item.0, IncidentLine(isHidden: hidden.contains(place), counts: item.1))
        }
    }
}
