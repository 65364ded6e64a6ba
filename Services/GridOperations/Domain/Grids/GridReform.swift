import Models

/// An order to make other grids of grids 网格合并、拆分, its form checked.
package struct GridReform: Sendable, Hashable {
    /// What is done.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Several become one.
        case merge
        /// One becomes several.
        case split
    }

    /// A grid that shall be.
    package struct Successor: Sendable, Hashable {
        /// Its code, which was never used.
        package let code: GridCode
        /// Its name.
        package let name: String
        /// Its households; nil for those of the grids that it is made of.
        package let households: Int?
        /// Where it lies; nil for the union of the grids that it is made of.
        package let boundary: GridBoundary?

        /// Gathers the fields.
        package init(code: GridCode, name: String, households: Int? = nil, boundary: GridBoundary? = nil) {
            self.code = code
            self.name = name
            self.households = households
            self.boundary = boundary
        }
    }

    /// What is done.
    package let kind: Kind
    /// The grid that is split, or the one that leads a merge.
    package let code: GridCode
    /// The others of a merge.
    package let others: [GridCode]
    /// One for a merge, several for a split.
    package let successors: [Successor]

    /// Gathers the parts.
    package init(kind: Kind, code: GridCode, others: [GridCode] = [], successors: [Successor]) {
        self.kind = kind
        self.code = code
        self.others = others
        self.successors = successors
    }

    /// The grids that end, the leading one first.
    package var ending: [GridCode] { [code] + others }

    /// Where a fault of a successor's field is shown.
    func field(_ index: Int, _ name: String) -> String { kind == .merge ? name : "parts/\(index)/\(name)" }

    /// Where a fault of a successor is shown.
    func field(of code: GridCode?, _ name: String) -> String {
        let index = successors.firstIndex { $0.code == code }
        guard kind == .split, index == nil else { return field(index ?? 0, name) }
        return "parts"
    }
}

/// What came of a merge or a split; the same at every repetition with the same key.
package struct GridReformReceipt: Sendable, Hashable, Codable {
    /// What was done.
    package let kind: GridReform.Kind
    /// The first day of the successors.
    package let on: CalendarDay
    /// The grids that ended, their groups among them.
    package let ended: [GridCode]
    /// The new grids, their groups among them.
    package let successors: [GridCode]
    /// How many open incidents moved.
    package let incidents: Int
    /// How many holdings of staff began in the new grids.
    package let holdings: Int

    /// Gathers the fields.
    package init(
        kind: GridReform.Kind, on day: CalendarDay, ended: [GridCode], successors: [GridCode], incidents: Int,
        holdings: Int
    ) {
        self.kind = kind
        on = day
        self.ended = ended
        self.successors = successors
        self.incidents = incidents
        self.holdings = holdings
    }
}

/// Why grids cannot be made into others, beside faults of what was sent.
package enum GridRefusal: Error, Sendable, Hashable {
    /// There is no such grid in the scope.
    case notFound
    /// It was merged or split before.
    case ended(GridCode, since: CalendarDay)
}
