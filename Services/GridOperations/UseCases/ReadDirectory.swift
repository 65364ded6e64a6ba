import Foundation
import Models

/// Where findings about grids are read.
package protocol GridFindingReading: Sendable {
    /// Findings of a scope, in the order of grids and kinds.
    ///
    /// - Parameter today: the day on which roles are held.
    func list(
        gridPrefix: String, today: CalendarDay, scope: ScopeFilter, after: [String]?, limit: Int
    ) async throws -> [GridFinding]
}

/// Reads divisions, grids and the staff of grids.
package struct ReadDirectory: Sendable {
    private let divisions: any DivisionStore
    private let grids: any GridStore
    private let assignments: any GridAssignmentStore
    private let now: @Sendable () -> Date
    private let findings: any GridFindingReading

    /// Reads from stores, with a clock for today.
    package init(
        divisions: any DivisionStore, grids: any GridStore, assignments: any GridAssignmentStore,
        findings: any GridFindingReading, now: @escaping @Sendable () -> Date
    ) {
        self.now = now
        self.findings = findings
        self.divisions = divisions
        self.grids = grids
        self.assignments = assignments
    }

    /// Divisions whose code begins with a prefix, in the order of their codes.
    package func divisions(
        prefix: String, scope: ScopeFilter, after: String?, limit: Int
    ) async throws -> [Division] {
        try await divisions.list(prefix: prefix, scope: scope, after: after, limit: limit)
    }

    /// Grids whose code begins with a prefix, in the order of their codes.
    ///
    /// - Parameter day: a day on which they were in force; nil for today.
    package func grids(
        prefix: String, level: GridLevel?, on day: CalendarDay?, scope: ScopeFilter, after: String?, limit: Int
    ) async throws -> [RecordedGrid] {
        let day = try day ?? CountyCalendar.day(of: now())
        return try await grids.list(prefix: prefix, level: level, on: day, scope: scope, after: after, limit: limit)
    }

    /// What is not as it should be with grids today, in the order of grids and kinds.
    package func findings(
        gridPrefix: String, scope: ScopeFilter, after: [String]?, limit: Int
    ) async throws -> [GridFinding] {
        try await findings.list(
            gridPrefix: gridPrefix, today: try CountyCalendar.day(of: now()), scope: scope, after: after, limit: limit)
    }

    /// A grid by its code.
    package func grid(_ code: GridCode, scope: ScopeFilter) async throws -> RecordedGrid? {
        try await grids.find(code, scope: scope)
    }

    /// The smallest grid around a point; the map is public, so a grid of a neighbour is named too.
    package func place(_ position: Position) async throws -> GridPlace { try await grids.locate(position) }

    /// The staff of a grid, names masked; nil when there is no such grid in the scope.
    ///
    /// - Parameter day: who held what on that day; nil for now.
    package func staff(
        of grid: GridCode, on day: CalendarDay? = nil, scope: ScopeFilter
    ) async throws -> [GridAssignment]? {
        let staff = try await assignments.list(
            in: grid, on: day, today: try CountyCalendar.day(of: now()), scope: scope)
        // An empty list may mean a grid without staff or no grid.
        guard staff.isEmpty else { return staff }
        return try await grids.find(grid, scope: scope) == nil ? nil : []
    }
}
