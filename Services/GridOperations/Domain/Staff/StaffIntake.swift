import Models

/// How a person or a team is recognised: by the keyed hash of the identity number, or by the code.
package enum HolderKey: Sendable, Hashable {
    /// The keyed hash, 32 bytes.
    case person([UInt8])
    /// The team's code.
    case team(String)
}

/// One holding's natural key.
package struct AssignmentKey: Sendable, Hashable {
    /// In which grid.
    package let gridCode: GridCode
    /// Which role.
    package let role: GridRole
    /// Who holds it.
    package let holder: HolderKey

    /// Gathers the parts.
    package init(gridCode: GridCode, role: GridRole, holder: HolderKey) {
        self.gridCode = gridCode
        self.role = role
        self.holder = holder
    }
}

/// A row of which the holder has been given a key.
package struct KeyedAssignment: Sendable {
    /// The client's number of the row.
    package let row: Int
    /// The natural key.
    package let key: AssignmentKey
    /// The person's details; nil for a team.
    package let details: PersonDetails?

    /// Gathers the parts.
    package init(row: Int, key: AssignmentKey, details: PersonDetails?) {
        self.row = row
        self.key = key
        self.details = details
    }
}

/// Decides what rows of grid staff change: the grid must exist, and a grid has one cadre and one Party-group leader at
/// most (INV-14).
package struct StaffIntake: Sendable {
    /// What became of each row.
    package private(set) var outcomes: [Numbered<RowOutcome>] = []
    /// New holdings.
    package private(set) var started: [AssignmentKey] = []
    /// People to write, new ones and those with other details, by the hash of their number.
    package private(set) var written: [[UInt8]: PersonDetails] = [:]
    private var people: [[UInt8]: PersonDetails]
    private var firstRows: [[UInt8]: Int] = [:]
    private var active: Set<AssignmentKey>
    private var taken: [GridCode: Set<GridRole>] = [:]
    private let grids: Set<GridCode>
    private let erased: Set<[UInt8]>

    /// Decides over rows.
    ///
    /// - Parameters:
    ///   - grids: those of the rows' grids that exist.
    ///   - active: the present holdings in these grids.
    ///   - people: the known people among those of the rows.
    ///   - erased: those of the rows' people who had themselves erased.
    package init(
        _ rows: [KeyedAssignment], grids: Set<GridCode>, active: Set<AssignmentKey>, people: [[UInt8]: PersonDetails],
        erased: Set<[UInt8]> = []
    ) {
        self.erased = erased
        self.grids = grids
        self.active = active
        self.people = people
        for key in active where key.role.isSingle { taken[key.gridCode, default: []].insert(key.role) }
        for row in rows { take(row) }
    }

    private mutating func take(_ row: KeyedAssignment) {
        if let fault = fault(of: row) {
            outcomes.append(Numbered(row: row.row, .rejected([fault])))
            return
        }
        let isNewPerson = note(row)
        let isNewHolding = active.insert(row.key).inserted
        if isNewHolding {
            started.append(row.key)
            if row.key.role.isSingle { taken[row.key.gridCode, default: []].insert(row.key.role) }
        }
        outcomes.append(Numbered(row: row.row, isNewHolding || isNewPerson ? .accepted : .unchanged))
    }

    private func fault(of row: KeyedAssignment) -> RowFault? {
        let key = row.key
        guard grids.contains(key.gridCode) else {
            return RowFault(
                field: "gridCode", code: .referenceUnknown, "网格 \(key.gridCode) 不存在，请先导入或改正网格编码",
                "the grid \(key.gridCode) is not known; import or correct it first")
        }
        if key.role.isSingle, !active.contains(key), taken[key.gridCode, default: []].contains(key.role) {
            return RowFault(
                field: "role", code: .roleTaken, "该服务小组已有同一角色的在任人员，请先结束其任职",
                "another person holds this role in the group; end that holding first")
        }
        if case .person(let hash) = key.holder, erased.contains(hash) { return .erasedAtRequest("identityNumber") }
        if case .person(let hash) = key.holder, let first = firstRows[hash], people[hash] != row.details {
            return RowFault(
                field: "name", code: .personDiffers, "与第 \(first) 行身份号码相同而姓名或电话不同，请核对",
                "row \(first) has the same identity number with another name or mobile; check both")
        }
        return nil
    }

    /// Remembers the person of a row; says whether that is news.
    private mutating func note(_ row: KeyedAssignment) -> Bool {
        guard case .person(let hash) = row.key.holder, let details = row.details else { return false }
        if firstRows[hash] == nil { firstRows[hash] = row.row }
        guard people[hash] != details else { return false }
        people[hash] = details
        written[hash] = details
        return true
    }
}
