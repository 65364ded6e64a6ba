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
    package func checked() throws(RowFaults) -> Division {
        var reader = RowReader()
        let code = reader.division(self.code, "code")
        let name = reader.text(self.name, "name", max: 100)
        let level = reader.choice(self.level, "level", of: DivisionLevel.self)
        let kind = reader.optionalChoice(self.kind, "kind", of: CommunityKind.self)
        let households = reader.optionalCount(self.households, "households", max: 10_000_000)
        _ = reader.optionalCount(population, "population", max: 100_000_000)
        if let code {
            if let level, level != code.level {
                reader.add(
                    "level", .levelMismatch, "层级与代码位数不符（6 位县、9 位乡镇、12 位村或社区），请核对",
                    "the level does not fit the length of the code (6 county, 9 town, 12 community); check both")
            }
            if kind != nil, code.level != .community {
                reader.add(
                    "kind", .notApplicable, "只有村和社区有类型，请清空",
                    "only villages and communities have a kind; clear it")
            }
            reader.parent(
                parentCode, "parentCode", isRequired: false, expected: code.parent?.digits ?? "（空）")
        }
        return try reader.checked(
            code.flatMap { code in
                name.map { Division(code: code, name: $0, kind: kind, households: households) }
            })
    }
}
