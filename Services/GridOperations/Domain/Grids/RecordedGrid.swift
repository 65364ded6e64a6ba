import Models

/// Since when and until when a grid is in force: days of the county, from the first to before the second.
package struct GridValidity: Sendable, Hashable {
    /// The first day; nil when it was in force before it came on record.
    package let from: CalendarDay?
    /// The first day on which it is in force no longer; nil while it is.
    package let to: CalendarDay?

    /// Gathers the days.
    package init(from: CalendarDay? = nil, to: CalendarDay? = nil) {
        self.from = from
        self.to = to
    }
}

/// A grid as it is on record: in force, or ended with its successors.
package struct RecordedGrid: Sendable, Hashable {
    /// The grid.
    package let grid: Grid
    /// When it is in force.
    package let validity: GridValidity
    /// Counts its changes, from 1.
    package let version: Int
    /// What became of it, in the order of codes; empty while it is in force.
    package let successors: [GridCode]

    /// Gathers the fields.
    package init(grid: Grid, validity: GridValidity = GridValidity(), version: Int = 1, successors: [GridCode] = []) {
        self.grid = grid
        self.validity = validity
        self.version = version
        self.successors = successors
    }

    /// The code.
    package var code: GridCode { grid.code }

    /// What readers of events learn of it.
    package var facts: GridFacts {
        GridFacts(
            code: grid.code, level: grid.code.level, households: grid.households, validTo: validity.to,
            successors: successors.isEmpty ? nil : successors)
    }
}
