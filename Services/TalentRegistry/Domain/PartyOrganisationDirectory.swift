import Models

/// The organisations and divisions that a bulk registration touches, as they are when it begins, and the rules between
/// them (INV-01).
package struct PartyOrganisationDirectory: Sendable {
    /// Divisions by code; one that is missing is not known.
    private let divisions: [DivisionCode: KnownDivision]
    /// Organisations by code: those registered now, their parents and children, and the general branches of their
    /// divisions.
    private var organisations: [String: PartyOrganisation]
    private var children: [String: Set<String>] = [:]
    private var generalBranches: [DivisionCode: Set<String>] = [:]

    /// Gathers what is known.
    package init(divisions: [KnownDivision], organisations: [PartyOrganisation]) {
        self.divisions = Dictionary(divisions.map { ($0.code, $0) }) { first, _ in first }
        self.organisations = [:]
        for organisation in organisations { put(organisation) }
    }

    /// What a registration does.
    package struct Plan: Sendable {
        /// The organisations to write.
        package var writes: [PartyOrganisation] = []
        /// Organisations that readers have not heard of.
        package var registered: [PartyOrganisationRegistered] = []
        /// Organisations of which readers know something else.
        package var changed: [PartyOrganisationChanged] = []
        /// What became of each row.
        package var outcomes: [Numbered<RowOutcome>] = []
    }

    /// Decides on the registration of organisations, each code once.
    ///
    /// Parents go before their children, whatever the order of the rows.
    ///
    /// - Parameter scope: where a present organisation must lie to be changed.
    package mutating func register(_ rows: [Numbered<PartyOrganisation>], scope: ScopeFilter) -> Plan {
        var plan = Plan()
        let ordered = rows.sorted { ($0.content.kind.rank, $0.row) < ($1.content.kind.rank, $1.row) }
        for row in ordered {
            let organisation = row.content
            let faults = faults(of: organisation)
            guard faults.isEmpty else {
                plan.outcomes.append(Numbered(row: row.row, .rejected(faults)))
                continue
            }
            let known = organisations[organisation.code]
            if let known, !scope.contains(known.divisionCode) {
                plan.outcomes.append(Numbered(row: row.row, .rejected([.outsideScope("code")])))
                continue
            }
            guard known != organisation else {
                plan.outcomes.append(Numbered(row: row.row, .unchanged))
                continue
            }
            put(organisation)
            plan.writes.append(organisation)
            plan.outcomes.append(Numbered(row: row.row, .accepted))
            if known == nil {
                plan.registered.append(PartyOrganisationRegistered(organisation: organisation.facts))
            } else if known?.facts != organisation.facts {
                plan.changed.append(PartyOrganisationChanged(organisation: organisation.facts))
            }
        }
        return plan
    }

    private mutating func put(_ organisation: PartyOrganisation) {
        if let old = organisations[organisation.code] {
            if let parent = old.parentCode { children[parent]?.remove(old.code) }
            if old.kind == .generalBranch { generalBranches[old.divisionCode]?.remove(old.code) }
        }
        organisations[organisation.code] = organisation
        if let parent = organisation.parentCode { children[parent, default: []].insert(organisation.code) }
        if organisation.kind == .generalBranch {
            generalBranches[organisation.divisionCode, default: []].insert(organisation.code)
        }
    }

    private func faults(of organisation: PartyOrganisation) -> [RowFault] {
        guard let division = divisions[organisation.divisionCode] else { return [.divisionUnknown("divisionCode")] }
        var faults: [RowFault] = []
        if let parentCode = organisation.parentCode {
            if let parent = organisations[parentCode] {
                if let fault = Self.fault(of: organisation, in: division, under: parent) { faults.append(fault) }
            } else {
                faults.append(.organisationUnknown("parentCode"))
            }
        } else if organisation.kind == .branch, division.isUrbanCommunity {
            faults.append(.branchOutsideGeneralBranch)
        }
        if organisation.kind == .generalBranch, division.isUrbanCommunity,
            generalBranches[organisation.divisionCode, default: []].contains(where: { $0 != organisation.code })
        {
            faults.append(.secondGeneralBranch)
        }
        let unfit = children[organisation.code, default: []].contains { code in
            guard let child = organisations[code] else { return false }
            let place = divisions[child.divisionCode] ?? KnownDivision(code: child.divisionCode, kind: nil)
            return Self.fault(of: child, in: place, under: organisation) != nil
        }
        if unfit { faults.append(.unfitForChildren) }
        return faults
    }

    private static func fault(
        of organisation: PartyOrganisation, in division: KnownDivision, under parent: PartyOrganisation
    ) -> RowFault? {
        if parent.kind.rank >= organisation.kind.rank { return .parentNotHigher }
        if organisation.kind == .branch, division.isUrbanCommunity, parent.kind != .generalBranch {
            return .branchOutsideGeneralBranch
        }
        return nil
    }
}

extension RowFault {
    fileprivate static let parentNotHigher = RowFault(
        field: "parentCode", code: "parent-not-higher", "上级组织的层级不高于本组织，请核对组织类型和上级",
        "the parent does not stand above this kind of organisation; check kind and parent")
    fileprivate static let branchOutsideGeneralBranch = RowFault(
        field: "parentCode", code: "general-branch-missing", "城市社区的党支部必须隶属一个党总支，请填写所属党总支",
        "a branch in an urban community belongs to one general branch; name it")
    fileprivate static let secondGeneralBranch = RowFault(
        field: "divisionCode", code: "general-branch-taken", "该城市社区已有党总支，一个城市社区只能有一个",
        "this urban community has a general branch already, and it has exactly one")
    fileprivate static let unfitForChildren = RowFault(
        field: "kind", code: "unfit-for-children", "有下级组织不能隶属于这种类型的组织，请先调整下级",
        "an organisation below it cannot belong to this kind; move it first")
}
