/// What readers know of a grid.
package struct GridFacts: Codable, Sendable, Equatable {
    /// The code of 15 or 17 digits.
    package var code: GridCode
    /// Area or group, which follows from the code.
    package var level: GridLevel
    /// Households in the grid, if stated.
    package var households: Int?
    /// The first day on which it is in force no longer; nil while it is.
    package var validTo: CalendarDay?
    /// What became of it, if it has ended.
    package var successors: [GridCode]?

    /// Gathers the facts.
    package init(
        code: GridCode, level: GridLevel, households: Int? = nil, validTo: CalendarDay? = nil,
        successors: [GridCode]? = nil
    ) {
        self.validTo = validTo
        self.successors = successors
        self.code = code
        self.level = level
        self.households = households
    }
}

/// One holding of a role in a grid.
package struct GridAssignmentFacts: Codable, Sendable, Equatable {
    /// Which holding.
    package var assignmentID: GridAssignmentID
    /// In which grid.
    package var gridCode: GridCode
    /// Which role.
    package var role: GridRole
    /// Who holds it; nil when a team does.
    package var personID: PersonID?
    /// Which volunteer team holds it; nil when a person does.
    package var teamCode: String?

    /// Gathers the facts.
    package init(
        assignmentID: GridAssignmentID, gridCode: GridCode, role: GridRole, personID: PersonID? = nil,
        teamCode: String? = nil
    ) {
        self.assignmentID = assignmentID
        self.gridCode = gridCode
        self.role = role
        self.personID = personID
        self.teamCode = teamCode
    }
}

/// An event about a grid itself.
package protocol GridEvent: EventPayload {
    /// The grid after the event.
    var grid: GridFacts { get }
}

extension GridEvent {
    package static var topic: Topic { .grid }
    package var aggregateID: String { grid.code.digits }
    package var divisionCode: DivisionCode? { grid.code.community }
}

/// A grid came into use (EV-16).
package struct GridActivated: GridEvent {
    package static let name = "GridActivated"
    package var grid: GridFacts
    /// Wraps the facts.
    package init(grid: GridFacts) { self.grid = grid }
}

/// A grid's households or boundary changed.
package struct GridChanged: GridEvent {
    package static let name = "GridChanged"
    package var grid: GridFacts
    /// Wraps the facts.
    package init(grid: GridFacts) { self.grid = grid }
}

/// A grid was merged into another, which is its successor (EV-16).
package struct GridMerged: GridEvent {
    package static let name = "GridMerged"
    package var grid: GridFacts
    /// Wraps the facts.
    package init(grid: GridFacts) { self.grid = grid }
}

/// A grid was split into others, which are its successors (EV-16).
package struct GridSplit: GridEvent {
    package static let name = "GridSplit"
    package var grid: GridFacts
    /// Wraps the facts.
    package init(grid: GridFacts) { self.grid = grid }
}

/// The present state of a grid, said again for readers that came late.
package struct GridStated: GridEvent {
    package static let name = "GridStated"
    package var grid: GridFacts
    /// Wraps the facts.
    package init(grid: GridFacts) { self.grid = grid }
}

/// An event about a holding of a role.
///
/// Its key is the grid, so it keeps its order with the grid's other events.
package protocol GridAssignmentEvent: EventPayload {
    /// The holding.
    var assignment: GridAssignmentFacts { get }
}

extension GridAssignmentEvent {
    package static var topic: Topic { .grid }
    package var aggregateID: String { assignment.gridCode.digits }
    package var divisionCode: DivisionCode? { assignment.gridCode.community }
}

/// A role in a grid was taken up (EV-17).
package struct GridStaffed: GridAssignmentEvent {
    package static let name = "GridStaffed"
    package var assignment: GridAssignmentFacts
    /// Wraps the facts.
    package init(assignment: GridAssignmentFacts) { self.assignment = assignment }
}

/// A holding of a role in a grid ended.
package struct GridAssignmentEnded: GridAssignmentEvent {
    package static let name = "GridAssignmentEnded"
    package var assignment: GridAssignmentFacts
    /// Wraps the facts.
    package init(assignment: GridAssignmentFacts) { self.assignment = assignment }
}

/// What readers know of a role that nobody holds.
package struct GridVacancyFacts: Codable, Sendable, Equatable {
    /// In which grid.
    package var gridCode: GridCode
    /// Which role.
    package var role: GridRole
    /// The holding that ended last.
    package var lastAssignmentID: GridAssignmentID

    /// Gathers the facts.
    package init(gridCode: GridCode, role: GridRole, lastAssignmentID: GridAssignmentID) {
        self.gridCode = gridCode
        self.role = role
        self.lastAssignmentID = lastAssignmentID
    }
}

/// The last holder of a role in a grid has gone, and nobody holds it now (EV-17).
package struct GridVacancyOpened: EventPayload {
    package static let name = "GridVacancyOpened"
    package static var topic: Topic { .grid }
    /// The role, its grid and who held it last.
    package var vacancy: GridVacancyFacts
    package var aggregateID: String { vacancy.gridCode.digits }
    package var divisionCode: DivisionCode? { vacancy.gridCode.community }
    /// Wraps the facts.
    package init(vacancy: GridVacancyFacts) { self.vacancy = vacancy }
}

/// A present holding, said again for readers that came late.
package struct GridAssignmentStated: GridAssignmentEvent {
    package static let name = "GridAssignmentStated"
    package var assignment: GridAssignmentFacts
    /// Wraps the facts.
    package init(assignment: GridAssignmentFacts) { self.assignment = assignment }
}
