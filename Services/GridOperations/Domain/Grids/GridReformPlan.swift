import Models

/// A merge or a split, decided over what is on record: which grids end, which begin, and which follows which.
package struct GridReformPlan: Sendable {
    /// The grids that end, groups of areas among them.
    package let ending: [RecordedGrid]
    /// The new grids, without their groups.
    package private(set) var successors: [Grid]
    /// The new grids of the groups of areas that end.
    package private(set) var groups: [Grid] = []
    /// What becomes of what, those of the leading grid first.
    package private(set) var pairs: [GridSuccession]

    /// Holds an order against what is on record.
    ///
    /// - Parameters:
    ///   - grids: those of the order, in the scope.
    ///   - groups: groups in force in them.
    ///   - used: those of the new codes that some grid has or had.
    ///   - union: the boundary of all grids that end together; nil when they do not touch.
    /// - Throws: `GridRefusal`, `RowFaults`.
    package init(
        _ reform: GridReform, grids: [RecordedGrid], groups: [RecordedGrid], used: Set<GridCode>, union: GridBoundary?
    ) throws {
        let known = Dictionary(grids.map { ($0.code, $0) }) { first, _ in first }
        guard known[reform.code] != nil else { throw GridRefusal.notFound }
        for grid in grids { if let day = grid.validity.to { throw GridRefusal.ended(grid.code, since: day) } }
        var faults: [RowFault] = []
        for (index, other) in reform.others.enumerated() where known[other] == nil {
            faults.append(
                RowFault(
                    field: "others/\(index)", code: .referenceUnknown, "网格 \(other) 不存在或不在您的管辖范围内，请核对",
                    "the grid \(other) is not known or lies outside your scope; check it"))
        }
        for (index, other) in reform.others.enumerated() where other.parentCode != reform.code.parentCode {
            faults.append(
                RowFault(
                    field: "others/\(index)", code: .parentMismatch, "只有同一上级的网格可以合并，请核对",
                    "only grids of one parent can be merged; check it"))
        }
        for (index, successor) in reform.successors.enumerated() where used.contains(successor.code) {
            faults.append(.codeUsed(reform.field(index, "code")))
        }
        ending = grids + groups
        let counts = grids.compactMap(\.grid.households)
        let households = counts.isEmpty ? nil : counts.reduce(0, +)
        successors = []
        for successor in reform.successors {
            guard let boundary = successor.boundary ?? union else {
                faults.append(
                    RowFault(
                        field: "others", code: .boundaryInvalid, "这些网格不相连，不能合并为一个，请核对或填写 boundary",
                        "the grids do not touch and make no single area; check them, or state the boundary"))
                continue
            }
            successors.append(
                Grid(
                    code: successor.code, name: successor.name,
                    households: successor.households ?? (reform.kind == .merge ? households : nil), boundary: boundary))
        }
        if reform.kind == .split, let households, successors.reduce(0, { $0 + ($1.households ?? 0) }) != households {
            faults.append(
                RowFault(
                    field: "parts", code: .householdsDiffer, "各部分的户数之和应为原网格的 \(households) 户，请改正",
                    "the households of the parts must add up to the \(households) of the old grid; correct them"))
        }
        guard faults.isEmpty else { throw RowFaults(faults) }
        let made = successors
        pairs = reform.ending.flatMap { old in made.map { GridSuccession(old: old, new: $0.code) } }
    }

    /// Gives the groups of areas their new codes, each in the part that it lies in.
    ///
    /// - Parameter places: the part of each group.
    /// - Throws: `RowFaults` when a part would cut a group.
    package mutating func place(_ places: [GridCode: GridCode]) throws(RowFaults) {
        var faults: [RowFault] = []
        var numbers: [GridCode: Int] = [:]
        for group in ending.map(\.grid).filter({ $0.code.level == .group && successors[0].code.level == .area })
            .sorted(by: { $0.code < $1.code })
        {
            let number = places[group.code].map { numbers[$0, default: 0] + 1 } ?? 0
            guard let part = places[group.code], number <= 99,
                let code = GridCode(part.digits + (number < 10 ? "0" : "") + String(number))
            else {
                faults.append(
                    RowFault(
                        field: successors.count == 1 ? "others" : "parts", code: .groupsOutside,
                        "服务小组 \(group.code) 不完整地落在任何一个新责任区内，请先拆分该小组",
                        "the group \(group.code) lies whole in none of the new areas; split that group first"))
                continue
            }
            numbers[part] = number
            var moved = group
            moved.code = code
            groups.append(moved)
            pairs.append(GridSuccession(old: group.code, new: code))
        }
        guard faults.isEmpty else { throw RowFaults(faults) }
    }

    /// The grids that end, as they are told to others: with what becomes of them.
    package func ended(on day: CalendarDay) -> [RecordedGrid] {
        ending.map { grid in
            RecordedGrid(
                grid: grid.grid, validity: GridValidity(from: grid.validity.from, to: day), version: grid.version + 1,
                successors: pairs.filter { $0.old == grid.code }.map(\.new).sorted())
        }
    }

    /// What the holders of roles hold afterwards: each in every successor of his grid, once; of two holders of a role that
    /// one person holds, the leading grid's stays.
    package func holdings(_ held: [GridAssignmentFacts]) -> [GridAssignmentFacts] {
        var taken: Set<[String]> = []
        let byGrid = Dictionary(grouping: held, by: \.gridCode)
        return pairs.flatMap { pair in
            byGrid[pair.old, default: []].compactMap { holding in
                let holder = holding.role.isSingle ? "" : holding.personID?.description ?? holding.teamCode ?? ""
                guard taken.insert([pair.new.digits, holding.role.rawValue, holder]).inserted else { return nil }
                return GridAssignmentFacts(
                    assignmentID: .new(), gridCode: pair.new, role: holding.role, personID: holding.personID,
                    teamCode: holding.teamCode)
            }
        }
    }
}

/// One grid that follows another.
package struct GridSuccession: Sendable, Hashable {
    /// The grid that ended.
    package let old: GridCode
    /// The grid that follows.
    package let new: GridCode

    /// Gathers the codes.
    package init(old: GridCode, new: GridCode) {
        self.old = old
        self.new = new
    }
}

/// What PostGIS finds wrong with the boundaries of a merge or a split.
package struct GridReformFinding: Sendable, Hashable {
    /// The kinds of findings.
    package enum Kind: String, Sendable, CaseIterable {
        /// A boundary that crosses itself.
        case invalid
        /// Two new boundaries overlap, or a new one and a sibling's.
        case overlaps
        /// A new boundary reaches out of the parent.
        case outside
        /// A new boundary reaches out of the old grids.
        case beyond
        /// The new boundaries leave something of the old grids out.
        case gap
    }

    /// The kind.
    package let kind: Kind
    /// The new grid; nil for a gap.
    package let code: GridCode?
    /// The other grid, where there is one.
    package let other: GridCode?
    /// A point in what is wrong.
    package let place: Position?

    /// Gathers the fields.
    package init(kind: Kind, code: GridCode?, other: GridCode?, place: Position?) {
        self.kind = kind
        self.code = code
        self.other = other
        self.place = place
    }

    /// The fault of the order, which says where.
    package func fault(in reform: GridReform) -> RowFault {
        let at = place.map { "（经度 \($0.longitude)、纬度 \($0.latitude) 附近）" } ?? ""
        let near = place.map { " near longitude \($0.longitude), latitude \($0.latitude)" } ?? ""
        let (name, partner) = (code?.digits ?? "", other?.digits ?? "")
        let (fault, chinese, english): (RowFault.Code, String, String) =
            switch kind {
            case .invalid:
                (
                    .boundaryInvalid, "\(name) 的边界自相交\(at)，请重新勾绘",
                    "the boundary of \(name) crosses itself\(near); draw it again"
                )
            case .overlaps:
                (
                    .boundaryOverlap, "\(name) 与 \(partner) 重叠\(at)，请修正",
                    "\(name) overlaps \(partner)\(near); correct one of them"
                )
            case .outside:
                (
                    .boundaryOutsideParent, "\(name) 超出所属责任区 \(partner)\(at)，请修正",
                    "\(name) reaches out of its area \(partner)\(near); correct it"
                )
            case .beyond:
                (.boundaryBeyond, "\(name) 超出原网格\(at)，请修正", "\(name) reaches out of the old grids\(near); correct it")
            case .gap:
                (.boundaryGap, "新边界没有盖满原网格\(at)，请修正", "the new boundaries leave a gap\(near); correct them")
            }
        return RowFault(field: reform.field(of: code, "boundary"), code: fault, chinese, english)
    }
}
