import Models

/// A Party organisation.
package struct PartyOrganisation: Sendable, Hashable {
    /// The organisation's code, its key.
    package let code: String
    /// The official name; an organisation's, not a person's.
    package let name: String
    /// The kind.
    package let kind: PartyOrganisationKind
    /// The code of the organisation one level up.
    package let parentCode: String?
    /// Where it is.
    package let divisionCode: DivisionCode

    /// Gathers the fields.
    package init(
        code: String, name: String, kind: PartyOrganisationKind, parentCode: String?, divisionCode: DivisionCode
    ) {
        self.code = code
        self.name = name
        self.kind = kind
        self.parentCode = parentCode
        self.divisionCode = divisionCode
    }

    /// What readers know of it.
    package var facts: PartyOrganisationFacts {
        PartyOrganisationFacts(code: code, kind: kind, parentCode: parentCode, divisionCode: divisionCode)
    }
}

extension PartyOrganisationKind: DictionaryWord {
    package var chinese: String {
        switch self {
        case .countyCommittee: "县委"
        case .workCommittee: "党工委"
        case .townCommittee: "乡镇党委"
        case .generalBranch: "党总支"
        case .branch: "党支部"
        case .partyGroup: "党小组"
        case .workingGroup: "工作小组"
        }
    }

    /// The place in the line, the county's committee first.
    ///
    /// An organisation's parent stands strictly before it, so a line never closes to a circle.
    package var rank: Int {
        switch self {
        case .countyCommittee: 0
        case .workCommittee, .townCommittee: 1
        case .generalBranch: 2
        case .branch: 3
        case .partyGroup, .workingGroup: 4
        }
    }
}

/// The fields of an organisation as a client sends them.
package struct PartyOrganisationDraft: Decodable, Sendable, Hashable {
    /// Its code.
    package var code: String?
    /// Its name.
    package var name: String?
    /// Its kind, by code or in Chinese.
    package var kind: String?
    /// The code of the organisation one level up.
    package var parentCode: String?
    /// Where it is.
    package var divisionCode: String?

    /// Gathers the fields.
    package init(code: String?, name: String?, kind: String?, parentCode: String? = nil, divisionCode: String?) {
        self.code = code
        self.name = name
        self.kind = kind
        self.parentCode = parentCode
        self.divisionCode = divisionCode
    }

    /// Reads the fields.
    ///
    /// - Throws: all faults that the fields have by themselves.
    package func checked() throws(RowFaults) -> PartyOrganisation {
        var reader = RowReader()
        let code = reader.code(code, "code")
        let name = reader.text(name, "name", max: 100)
        let kind = reader.word(kind, "kind", of: PartyOrganisationKind.self)
        let parentCode = reader.optionalCode(parentCode, "parentCode")
        let divisionCode = reader.division(divisionCode, "divisionCode")
        if let code, code == parentCode {
            reader.add(
                RowFault(
                    field: "parentCode", code: "own-parent", "上级组织不能是自己，请核对",
                    "an organisation is not its own parent; check it"))
        }
        guard reader.isSound, let code, let name, let kind, let divisionCode else { throw reader.rejection }
        return PartyOrganisation(
            code: code, name: name, kind: kind, parentCode: parentCode, divisionCode: divisionCode)
    }
}

extension RowFault {
    /// A Party organisation that nobody has registered.
    package static func organisationUnknown(_ field: String) -> RowFault {
        RowFault(
            field: field, code: .referenceUnknown, "没有这个党组织，请先导入党组织表或核对编码",
            "there is no such Party organisation; import the organisations first or check the code")
    }
}
