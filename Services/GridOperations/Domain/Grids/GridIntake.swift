import Models

/// Decides what rows of grids change (INV-16): siblings do not overlap, a group lies in its area, an area in a community.
///
/// A row that is rejected keeps what is stored in place, which may make another row wrong; so the rules are applied again
/// until nothing more falls.
package struct GridIntake: Sendable {
    private var intake: Intake<GridCode, Grid>

    /// What became of each row.
    package var outcomes: [Numbered<RowOutcome>] { intake.outcomes }
    /// Grids to write, new and changed; areas before their groups.
    package var written: [Grid] {
        (intake.created + intake.changed).sorted { $0.code.digits.count < $1.code.digits.count }
    }
    /// The events of what changed.
    package var events: [any GridEvent] {
        intake.created.map { GridActivated(grid: $0.facts) as any GridEvent }
            + intake.changed.map { GridChanged(grid: $0.facts) }
    }

    /// Decides over rows.
    ///
    /// - Parameters:
    ///   - known: the stored grids among the codes of the rows and their parents.
    ///   - communities: those of the rows' communities that are known divisions.
    ///   - geometry: what is wrong with the boundaries.
    ///   - ended: those of the rows' grids that were merged or split.
    package init(
        _ rows: [Numbered<Grid>], known: [GridCode: Grid], communities: Set<String>, geometry: GridGeometry,
        ended: Set<GridCode> = []
    ) {
        var rules = GridRules(
            known: Set(known.keys), communities: communities, geometry: geometry, ended: ended, rows: rows)
        rules.settle()
        intake = Intake(known: known)
        for row in rows {
            if let fault = rules.faults[row.content.code] {
                intake.reject(row.row, fault)
            } else {
                intake.take(row, key: row.content.code)
            }
        }
    }
}

/// Applies the rules to the grids of a request until their verdicts are stable.
///
/// A verdict only ever turns to the worse, so this ends.
private struct GridRules {
    let known: Set<GridCode>
    let communities: Set<String>
    let geometry: GridGeometry
    let ended: Set<GridCode>
    /// The grids of the request in the order of their first rows.
    let sent: [GridCode]
    let places: [GridCode: Int]
    private(set) var faults: [GridCode: RowFault] = [:]

    init(
        known: Set<GridCode>, communities: Set<String>, geometry: GridGeometry, ended: Set<GridCode>,
        rows: [Numbered<Grid>]
    ) {
        self.ended = ended
        self.known = known
        self.communities = communities
        self.geometry = geometry
        var sent: [GridCode] = []
        var places: [GridCode: Int] = [:]
        for row in rows where places[row.content.code] == nil {
            places[row.content.code] = sent.count
            sent.append(row.content.code)
        }
        self.sent = sent
        self.places = places
    }

    mutating func settle() {
        var isStable = false
        while !isStable {
            isStable = true
            for code in sent where faults[code] == nil {
                guard let fault = fault(of: code) else { continue }
                faults[code] = fault
                isStable = false
            }
        }
    }

    /// Whether the request gives the grid a boundary that is going to count.
    private func isReplaced(_ code: GridCode) -> Bool { places[code] != nil && faults[code] == nil }

    private func fault(of code: GridCode) -> RowFault? {
        if ended.contains(code) {
            return RowFault(
                field: "code", code: .gridEnded, "该网格已合并或拆分，编码不得再用，请改用其后继网格",
                "the grid was merged or split, and its code is not used again; use its successor")
        }
        if geometry.invalid.contains(code) {
            return RowFault(
                field: "boundary", code: .boundaryInvalid, "边界自相交，请重新勾绘", "the boundary crosses itself; draw it again")
        }
        return parentFault(of: code) ?? overlapFault(of: code) ?? strandFault(of: code)
    }

    private func parentFault(of code: GridCode) -> RowFault? {
        guard code.level == .group, let area = code.area else {
            return communities.contains(code.parentCode)
                ? nil : unknownParent("所属社区 \(code.parentCode)", "the community \(code.parentCode)")
        }
        let isOutside: Bool
        if isReplaced(area) {
            isOutside = geometry.outsideSent.contains(code)
        } else if known.contains(area) {
            isOutside = geometry.outsideStored.contains(code)
        } else {
            return unknownParent("所属责任区 \(area)", "the area \(area)")
        }
        guard isOutside else { return nil }
        return RowFault(
            field: "boundary", code: .boundaryOutsideParent, "边界超出所属责任区 \(area)，请修正其中之一",
            "the boundary reaches out of its area \(area); correct one of them")
    }

    private func unknownParent(_ chinese: String, _ english: String) -> RowFault {
        RowFault(
            field: "parentCode", code: .referenceUnknown, "\(chinese)不存在，请先导入或改正上级",
            "\(english) is not known; import or correct it first")
    }

    private func overlapFault(of code: GridCode) -> RowFault? {
        let stored = geometry.overlapsStored[code, default: []].filter { !isReplaced($0) }
        // Of two rows that overlap the first one counts.
        let sent = geometry.overlapsSent[code, default: []].filter { other in
            isReplaced(other) && places[other, default: 0] < places[code, default: 0]
        }
        guard let other = stored.union(sent).min() else { return nil }
        return RowFault(
            field: "boundary", code: .boundaryOverlap, "边界与同级网格 \(other) 重叠，请修正其中之一",
            "the boundary overlaps that of its sibling \(other); correct one of them")
    }

    private func strandFault(of code: GridCode) -> RowFault? {
        guard let group = geometry.strands[code, default: []].filter({ !isReplaced($0) }).min() else { return nil }
        return RowFault(
            field: "boundary", code: .groupsOutside, "新边界把服务小组 \(group) 留在外面，请一并调整该小组",
            "the new boundary leaves the group \(group) outside; change that group too")
    }
}
