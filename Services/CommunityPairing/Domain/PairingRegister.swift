import Models

/// The pairings that a bulk request touches, and the units and divisions that they name, as they are when it begins.
package struct PairingRegister: Sendable {
    private let units: Set<UnifiedSocialCreditCode>
    private let divisions: Set<DivisionCode>
    private let pairings: [PairingTerms.Key: Pairing]

    /// Gathers what is known.
    package init(units: Set<UnifiedSocialCreditCode>, divisions: Set<DivisionCode>, pairings: [Pairing]) {
        self.units = units
        self.divisions = divisions
        self.pairings = Dictionary(pairings.map { ($0.terms.key, $0) }) { first, _ in first }
    }

    /// What a request does.
    package struct Plan: Sendable {
        /// Pairings to insert.
        package var insertions: [Pairing] = []
        /// Pairings to change.
        package var changes: [Pairing] = []
        /// What became of each row.
        package var outcomes: [Numbered<RowOutcome>] = []

        /// Pairings that came into force.
        package var activated: [PairingActivated] { insertions.map { PairingActivated(pairing: $0.facts) } }
        /// Pairings whose term changed.
        package var changed: [PairingChanged] { changes.map { PairingChanged(pairing: $0.facts) } }
    }

    /// Decides on rows, each pair of unit and target once.
    ///
    /// - Parameter newID: makes identifiers for pairings that are new.
    package func activate(_ rows: [Numbered<PairingTerms>], newID: () -> PairingID = { .new() }) -> Plan {
        var plan = Plan()
        for row in rows {
            let terms = row.content
            var faults: [RowFault] = []
            if !units.contains(terms.unitCode) { faults.append(.unitUnknown("unitCode")) }
            if !divisions.contains(terms.targetCode) { faults.append(.divisionUnknown("targetCode")) }
            guard faults.isEmpty else {
                plan.outcomes.append(Numbered(row: row.row, .rejected(faults)))
                continue
            }
            guard let known = pairings[terms.key] else {
                plan.insertions.append(Pairing(id: newID(), terms: terms))
                plan.outcomes.append(Numbered(row: row.row, .accepted))
                continue
            }
            guard known.terms != terms else {
                plan.outcomes.append(Numbered(row: row.row, .unchanged))
                continue
            }
            plan.changes.append(Pairing(id: known.id, terms: terms))
            plan.outcomes.append(Numbered(row: row.row, .accepted))
        }
        return plan
    }
}
