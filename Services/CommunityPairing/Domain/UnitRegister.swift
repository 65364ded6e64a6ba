import Models

/// What is stored of a unit.
package struct KnownUnit: Sendable, Hashable {
    /// The unit.
    package let unit: Unit
    /// Whether the stored contact is that of the row.
    package let hasSameContact: Bool

    /// Gathers the fields.
    package init(unit: Unit, hasSameContact: Bool) {
        self.unit = unit
        self.hasSameContact = hasSameContact
    }
}

/// The units that a bulk enrolment touches, as they are when it begins.
package struct UnitRegister: Sendable {
    private let units: [UnifiedSocialCreditCode: KnownUnit]
    /// Units of the rows whose stated contact had himself erased.
    private let erased: Set<UnifiedSocialCreditCode>

    /// Gathers what is known.
    package init(units: [KnownUnit], erased: Set<UnifiedSocialCreditCode> = []) {
        self.erased = erased
        self.units = Dictionary(units.map { ($0.unit.code, $0) }) { first, _ in first }
    }

    /// What an enrolment does.
    package struct Plan: Sendable {
        /// Units to insert.
        package var insertions: [UnitEnrolment] = []
        /// Units to change.
        package var changes: [UnitEnrolment] = []
        /// Units that readers have not heard of.
        package var enrolled: [UnitEnrolled] = []
        /// Units of which readers know something else.
        package var changed: [UnitChanged] = []
        /// What became of each row.
        package var outcomes: [Numbered<RowOutcome>] = []
    }

    /// Decides on rows, each unit once.
    package func enrol(_ rows: [Numbered<UnitEnrolment>]) -> Plan {
        var plan = Plan()
        for row in rows {
            let unit = row.content.unit
            guard !erased.contains(unit.code) else {
                plan.outcomes.append(Numbered(row: row.row, .rejected([.erasedAtRequest("contactMobile")])))
                continue
            }
            guard let known = units[unit.code] else {
                plan.insertions.append(row.content)
                plan.enrolled.append(UnitEnrolled(unit: unit.facts))
                plan.outcomes.append(Numbered(row: row.row, .accepted))
                continue
            }
            guard known.unit != unit || !known.hasSameContact else {
                plan.outcomes.append(Numbered(row: row.row, .unchanged))
                continue
            }
            plan.changes.append(row.content)
            if known.unit.facts != unit.facts { plan.changed.append(UnitChanged(unit: unit.facts)) }
            plan.outcomes.append(Numbered(row: row.row, .accepted))
        }
        return plan
    }
}
