import Models

/// A division as a row states it, nothing checked yet.
package struct DivisionDraft: Decodable, Sendable {
    package var code: String?
    package var name: String?
    package var level: String?
    package var parentCode: String?
    package var kind: String?
    package var households: Int?
    /// Checked and then dropped: the suite keeps no figures of the population.
    package var population: Int?

    /// Gathers the fields.
    package init(
        code: String?, name: String?, level: String?, parentCode: String? = nil, kind: String? = nil,
        households: Int? = nil, population: Int? = nil
    ) {
        self.code = code
        self.name = name
        self.level = level
        self.parentCode = parentCode
        self.kind = kind
        self.households = households
        self.population = population
    }

    /// The division that the row states.
    ///
    /// - Throws: all faults of the row.
    package func checked() throws(FieldFaults) -> Division {
        var reader = FieldReader()
        let code = reader.value(self.code, .divisionCode, form: ("6、9 或 12 位数字", "6, 9 or 12 digits")) {
            DivisionCode($0)
        }
        let name = reader.text(self.name, .divisionName, lengthMax: 100)
        let level = reader.choice(self.level, .divisionLevel, as: DivisionLevel.self)
        let kind =
            FieldReader.cleaned(self.kind) == nil
            ? nil : reader.choice(self.kind, .divisionKind, as: CommunityKind.self)
        let households = reader.optionalCount(self.households, .households, in: 0...10_000_000)
        _ = reader.optionalCount(population, .population, in: 0...100_000_000)
        if let code {
            if let level, level != code.level {
                reader.add(
                    .divisionLevel, .levelMismatch, "层级与代码位数不符（6 位县、9 位乡镇、12 位村或社区），请核对",
                    "the level does not fit the length of the code (6 county, 9 town, 12 community); check both")
            }
            if kind != nil, code.level != .community {
                reader.add(
                    .divisionKind, .notApplicable, "只有村和社区有类型，请清空",
                    "only villages and communities have a kind; clear it")
            }
            reader.parent(
                parentCode, .divisionParent, isRequired: false, expected: code.parent?.digits ?? "（空）")
        }
        return try reader.checked(
            code.flatMap { code in
                name.map { Division(code: code, name: $0, kind: kind, households: households) }
            })
    }
}

extension FieldName {
    static let divisionCode = FieldName("code", "区划代码", "division code")
    static let divisionName = FieldName("name", "名称", "name")
    static let divisionLevel = FieldName("level", "层级", "level")
    static let divisionParent = FieldName("parentCode", "上级代码", "parent code")
    static let divisionKind = FieldName("kind", "类型", "kind")
    static let households = FieldName("households", "户数", "households")
    static let population = FieldName("population", "人口", "population")
}
