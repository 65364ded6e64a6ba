import Foundation
import Models

/// Where reports that came over Open311 are read, and updates of them.
///
/// Its readers are everybody: it gives what came over Open311 and nothing else.
package protocol Open311Store: Sendable {
    /// Reports, the newest first.
    func requests(_ query: Open311Query, limit: Int) async throws -> [Open311Request]

    /// The number of an incident that came over Open311; nil for none.
    func number(of incident: IncidentID) async throws -> String?

    /// Changes of state, and what a key itself said, the oldest first.
    func updates(
        in span: ClosedRange<Date>, gridPrefix: String, key: Open311KeyID?, limit: Int
    ) async throws -> [Open311Update]

    /// Writes what a client says to a report in the scope, once for the client's number of it.
    ///
    /// - Returns: its number; nil when there is no such report.
    func add(_ update: Open311UpdateDraft.Update, of key: Open311KeyID, scope: ScopeFilter) async throws -> Int64?

    /// What came with a report, and all that was said to it, for those who handle it; nil for a report that did not come
    /// over Open311 or lies outside the scope.
    func particulars(
        of incident: IncidentID, scope: ScopeFilter, limit: Int
    ) async throws -> (origin: Open311Origin, number: String, updates: [Open311Update])?

    /// A point in a grid; nil when there is no such grid.
    func middle(of grid: String) async throws -> Position?

    /// Whether there is a division.
    func hasDivision(_ code: String) async throws -> Bool
}

/// Answers those who ask over Open311.
package struct AnswerOpen311: Sendable {
    private let store: any Open311Store
    private let rulebooks: any RulebooksInForce
    private let now: @Sendable () -> Date
    /// The code of the county, which is the jurisdiction when nobody names one.
    package let county: String

    /// Reads from a store, by the rules in force.
    package init(
        store: any Open311Store, rulebooks: any RulebooksInForce, county: String, now: @escaping @Sendable () -> Date
    ) {
        self.store = store
        self.rulebooks = rulebooks
        self.county = county
        self.now = now
    }

    /// The rules in force, and the categories that grids take today.
    package func services() async throws -> (rules: RulebookInForce, admitted: [CategoryRule]) {
        let moment = now()
        let rules = try await rulebooks.current(at: moment)
        guard let today = CalendarDay(inShanghai: moment) else { return (rules, []) }
        return (rules, rules.content.categories.filter { $0.isAdmitted(on: today) })
    }

    /// Reports; `span` is nil for one that the standard does not allow.
    package func span(from start: Date?, to end: Date?) -> ClosedRange<Date>? {
        Open311Query.span(from: start, to: end, now: now())
    }

    /// Reports, the newest first.
    package func requests(_ query: Open311Query) async throws -> [Open311Request] {
        try await store.requests(query, limit: Open311Query.rowsMax)
    }

    /// The number of an incident that came over Open311; nil for none.
    package func number(of incident: IncidentID) async throws -> String? { try await store.number(of: incident) }

    /// Changes of state, and what a key itself said, the oldest first.
    package func updates(
        in span: ClosedRange<Date>, gridPrefix: String, key: Open311KeyID?
    ) async throws -> [Open311Update] {
        try await store.updates(in: span, gridPrefix: gridPrefix, key: key, limit: Open311Query.rowsMax)
    }

    /// Writes what a client says to a report: it changes no state, those who handle it read it.
    ///
    /// - Returns: the update's number; nil when there is no such report in the scope.
    /// - Throws: `RowFaults`.
    package func add(
        _ draft: Open311UpdateDraft, of key: Open311KeyID, scope: ScopeFilter
    ) async throws -> Int64? {
        try await store.add(draft.update(at: now().wholeMilliseconds), of: key, scope: scope)
    }

    /// What came with a report and all that was said to it, for those who handle it.
    package func particulars(
        of incident: IncidentID, scope: ScopeFilter
    ) async throws -> (origin: Open311Origin, number: String, updates: [Open311Update])? {
        try await store.particulars(of: incident, scope: scope, limit: Open311Query.rowsMax)
    }

    /// A point in a grid; nil when there is no such grid.
    package func middle(of grid: String) async throws -> Position? { try await store.middle(of: grid) }

    /// Whether a jurisdiction is the county or a division in it.
    package func hasJurisdiction(_ code: String) async throws -> Bool {
        if code == county { return true }
        guard code.hasPrefix(county) else { return false }
        return try await store.hasDivision(code)
    }
}
