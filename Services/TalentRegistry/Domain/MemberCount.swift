import Models

/// The member counts of an organisation as a client sends them.
package struct MemberCountDraft: Decodable, Sendable, Hashable {
    /// The organisation that reports.
    package var organisationCode: String?
    /// The day of the figures.
    package var asOf: String?
    /// All members.
    package var total: Int?
    /// Retired veteran members.
    package var retired: Int?
    /// Members in "two new" organisations.
    package var twoNew: Int?
    /// Members aged 35 or under.
    package var age35OrLess: Int?
    /// Members aged 60 or over.
    package var age60OrMore: Int?
    /// Members with a college diploma or above.
    package var collegeOrAbove: Int?

    /// Gathers the fields.
    package init(
        organisationCode: String?, asOf: String?, total: Int?, retired: Int?, twoNew: Int?, age35OrLess: Int?,
        age60OrMore: Int?, collegeOrAbove: Int?
    ) {
        self.organisationCode = organisationCode
        self.asOf = asOf
        self.total = total
        self.retired = retired
        self.twoNew = twoNew
        self.age35OrLess = age35OrLess
        self.age60OrMore = age60OrMore
        self.collegeOrAbove = collegeOrAbove
    }

    /// Reads the fields and holds them against INV-02: each group is part of the total, and the two age bands do not
    /// overlap.
    ///
    /// The groups are never added up against the total (ruling A02).
    ///
    /// - Throws: all faults that the fields have by themselves.
    package func checked(today: CalendarDay) throws(RowFaults) -> MemberCount {
        var reader = RowReader()
        let code = reader.code(organisationCode, "organisationCode")
        let day = reader.pastDay(asOf, "asOf", today: today)
        let total = reader.count(total, "total", max: Self.countMax)
        func part(_ value: Int?, _ field: String) -> Int? {
            guard let count = reader.count(value, field, max: Self.countMax) else { return nil }
            if let total, count > total { reader.add(.aboveTotal(field)) }
            return count
        }
        let retired = part(retired, "retired")
        let twoNew = part(twoNew, "twoNew")
        let younger = part(age35OrLess, "age35OrLess")
        let older = part(age60OrMore, "age60OrMore")
        let college = part(collegeOrAbove, "collegeOrAbove")
        if let total, let younger, let older, younger <= total, older <= total, younger + older > total {
            reader.add(.agesAboveTotal)
        }
        guard reader.isSound, let code, let day, let total, let retired, let twoNew, let younger, let older, let college
        else {
            throw reader.rejection
        }
        return MemberCount(
            organisationCode: code, asOf: day, total: total, retired: retired, twoNew: twoNew, age35OrLess: younger,
            age60OrMore: older, collegeOrAbove: college)
    }

    /// The Party as a whole has about a hundred million members.
    private static let countMax = 100_000_000
}

/// The member counts of an organisation on a day.
package struct MemberCount: Sendable, Hashable {
    /// The organisation that reports.
    package let organisationCode: String
    /// The day of the figures.
    package let asOf: CalendarDay
    /// All members.
    package let total: Int
    /// Retired veteran members.
    package let retired: Int
    /// Members in "two new" organisations.
    package let twoNew: Int
    /// Members aged 35 or under.
    package let age35OrLess: Int
    /// Members aged 60 or over.
    package let age60OrMore: Int
    /// Members with a college diploma or above.
    package let collegeOrAbove: Int

    /// Gathers the figures.
    package init(
        organisationCode: String, asOf: CalendarDay, total: Int, retired: Int, twoNew: Int, age35OrLess: Int,
        age60OrMore: Int, collegeOrAbove: Int
    ) {
        self.organisationCode = organisationCode
        self.asOf = asOf
        self.total = total
        self.retired = retired
        self.twoNew = twoNew
        self.age35OrLess = age35OrLess
        self.age60OrMore = age60OrMore
        self.collegeOrAbove = collegeOrAbove
    }

    /// The key: one report of an organisation for a day.
    package struct Key: Sendable, Hashable {
        /// The organisation.
        package let organisationCode: String
        /// The day.
        package let asOf: CalendarDay
    }

    /// The key.
    package var key: Key { Key(organisationCode: organisationCode, asOf: asOf) }

    /// What readers are told.
    package func facts(in division: DivisionCode) -> MemberCountFacts {
        MemberCountFacts(
            organisationCode: organisationCode, divisionCode: division, asOf: asOf, total: total, retired: retired,
            twoNew: twoNew, age35OrLess: age35OrLess, age60OrMore: age60OrMore, collegeOrAbove: collegeOrAbove)
    }
}

/// The reports that a bulk request touches, as they are when it begins.
package struct MemberCountLedger: Sendable {
    /// Where the organisations are, by their code; one that is missing is not known.
    private let divisions: [String: DivisionCode]
    private let counts: [MemberCount.Key: MemberCount]

    /// Gathers what is known.
    package init(divisions: [String: DivisionCode], counts: [MemberCount]) {
        self.divisions = divisions
        self.counts = Dictionary(counts.map { ($0.key, $0) }) { first, _ in first }
    }

    /// What a report does.
    package struct Plan: Sendable {
        /// The reports to write.
        package var writes: [MemberCount] = []
        /// What readers are told.
        package var reported: [MemberCountReported] = []
        /// What became of each row.
        package var outcomes: [Numbered<RowOutcome>] = []
    }

    /// Decides on reports, each key once.
    package func report(_ rows: [Numbered<MemberCount>]) -> Plan {
        var plan = Plan()
        for row in rows {
            let count = row.content
            guard let division = divisions[count.organisationCode] else {
                plan.outcomes.append(Numbered(row: row.row, .rejected([.organisationUnknown("organisationCode")])))
                continue
            }
            guard counts[count.key] != count else {
                plan.outcomes.append(Numbered(row: row.row, .unchanged))
                continue
            }
            plan.writes.append(count)
            plan.reported.append(MemberCountReported(count: count.facts(in: division)))
            plan.outcomes.append(Numbered(row: row.row, .accepted))
        }
        return plan
    }
}

extension RowFault {
    fileprivate static func aboveTotal(_ field: String) -> RowFault {
        RowFault(
            field: field, code: "above-total", "大于党员总数，请核对", "it is more than the total of members; check it")
    }

    fileprivate static let agesAboveTotal = RowFault(
        field: "age60OrMore", code: "ages-above-total", "35岁以下与60岁以上之和大于党员总数，请核对",
        "those of 35 or less and of 60 or more are together more than the total; check them")
}
