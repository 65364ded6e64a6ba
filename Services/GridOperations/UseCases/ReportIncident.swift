import Foundation
import Models

/// The grid of a new report and the next number of its community and day.
package struct DrawnPlace: Sendable, Hashable {
    /// The smallest grid around the point.
    package let grid: GridCode
    /// The number, from 1; a number that is drawn is never drawn again.
    package let sequence: Int

    /// Gathers both.
    package init(grid: GridCode, sequence: Int) {
        self.grid = grid
        self.sequence = sequence
    }
}

/// What a reporter is told once and for all: the same at every repetition of the request.
///
/// It holds no text.
package struct IncidentReceipt: Codable, Sendable, Hashable {
    /// Which incident.
    package let id: IncidentID
    /// The serial number.
    package let number: String
    /// The grid.
    package let gridCode: GridCode
    /// When it was reported.
    package let reportedAt: Date

    /// The receipt of an incident.
    package init(_ incident: Incident) {
        id = incident.id
        number = incident.number
        gridCode = incident.gridCode
        reportedAt = incident.report.reportedAt
    }
}

/// A point that lies in no grid.
package struct OutsideGrids: Error, Sendable, Hashable {
    /// The nearest grid, if there is any grid at all.
    package let nearest: NearestGrid?

    /// Names the nearest grid.
    package init(nearest: NearestGrid?) { self.nearest = nearest }
}

/// A point that lies in a grid outside the caller's scope.
package struct OutsideScope: Error, Sendable, Hashable {
    package init() {}
}

/// Where new reports are written.
package protocol IncidentReportStore: Sendable {
    /// Finds the grid of a point and draws the next number of its community and a day, in one round trip.
    ///
    /// - Returns: nil when the point lies in no grid of the scope; nothing is drawn then.
    func draw(_ position: Position, day: CalendarDay, scope: ScopeFilter) async throws -> DrawnPlace?

    /// Writes an incident with its clock and its event, once for a key.
    ///
    /// - Parameter rules: the rules by which the clock runs.
    /// - Returns: the receipt of this incident, or the stored one of the first request with the same key and body.
    /// - Throws: a problem when the key was used for another body.
    func record(
        _ incident: Incident, _ clock: IncidentClock?, by rules: RulebookInForce, key: IdempotencyKey
    ) async throws -> IncidentReceipt
}

/// Takes a report in: finds its grid, numbers it and tells others.
package struct ReportIncident: Sendable {
    private let store: any IncidentReportStore
    private let grids: any GridStore
    private let rulebooks: any RulebooksInForce
    private let now: @Sendable () -> Date

    /// Writes to a store by the rules in force; the grids name the nearest one for a point outside.
    package init(
        store: any IncidentReportStore, grids: any GridStore, rulebooks: any RulebooksInForce,
        now: @escaping @Sendable () -> Date
    ) {
        self.rulebooks = rulebooks
        self.store = store
        self.grids = grids
        self.now = now
    }

    /// Takes a report in.
    ///
    /// Within a scope of divisions the point must lie there; whoever reports as himself does so anywhere, and is the
    /// reporter.
    ///
    /// - Returns: the incident, the same at every repetition with the same key.
    /// - Parameter open311: how it came, where it came over Open311; descriptions may then be longer.
    /// - Throws: `RowFaults`, `IncidentRefusal` for a category that does not go, `OutsideGrids`, `OutsideScope`, or a problem
    ///   of the key.
    package func callAsFunction(
        _ draft: IncidentDraft, key: IdempotencyKey, scope: ScopeFilter, open311: Open311Origin? = nil
    ) async throws -> Incident {
        let moment = now().wholeMilliseconds
        var report = try draft.report(
            at: moment,
            descriptionMax: open311 == nil ? IncidentDraft.descriptionMax : Open311Origin.descriptionMax)
        report.open311 = open311
        let rules = try await rulebooks.current(at: moment)
        try Self.classify(&report, by: rules)
        let reach: ScopeFilter
        if let own = scope.own, scope.prefixes.isEmpty {
            guard let reporter = PersonID(own), report.reporterID ?? reporter == reporter else { throw OutsideScope() }
            report.reporterID = reporter
            reach = .everything
        } else {
            reach = scope
        }
        guard let day = CalendarDay(inShanghai: moment),
            let drawn = try await store.draw(report.position, day: day, scope: reach)
        else { throw try await refusal(of: report.position) }
        var incident = Incident(
            id: IncidentID(rawValue: .version7(at: moment)),
            number: IncidentNumber.text(
                community: drawn.grid.communityDigits, day: day, sequence: drawn.sequence),
            gridCode: drawn.grid, report: report)
        incident.take(report.classification, by: rules.number)
        let clock = IncidentClock.response(to: incident, by: rules)
        return Self.incident(
            of: try await store.record(incident, clock, by: rules, key: key), report: report,
            rulebook: rules.number)
    }

    /// Holds a category against the rules; a report with one has its function.
    private static func classify(_ report: inout IncidentReport, by rules: RulebookInForce) throws(IncidentRefusal) {
        guard let stated = report.classification else { return }
        let category = try rules.category(
            stated.category, function: stated.statesFunction ? report.function : nil, answers: stated.attributes,
            on: CalendarDay(inShanghai: report.reportedAt))
        report.function = category.function
        report.functionIsProvisional = false
    }

    /// Why no grid could be found for a point.
    private func refusal(of position: Position) async throws -> any Error {
        guard case .outside(let nearest) = try await grids.locate(position) else { return OutsideScope() }
        return OutsideGrids(nearest: nearest)
    }

    /// The incident as it was at the first request: the body is the same, the rest is on the receipt.
    private static func incident(of receipt: IncidentReceipt, report: IncidentReport, rulebook: Int) -> Incident {
        var report = report
        report.reportedAt = receipt.reportedAt
        var incident = Incident(id: receipt.id, number: receipt.number, gridCode: receipt.gridCode, report: report)
        incident.take(report.classification, by: rulebook)
        return incident
    }
}

extension Incident {
    /// A new report keeps to a rulebook, under the category that it was reported under.
    fileprivate mutating func take(_ classification: IncidentClassification?, by rulebook: Int) {
        self.rulebook = rulebook
        category = classification?.category
        attributes = classification?.attributes ?? [:]
    }
}
