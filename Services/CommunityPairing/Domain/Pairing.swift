import Models

/// The term of a pairing of a unit with a community or village.
package struct PairingTerms: Sendable, Hashable {
    /// A unit and a target are paired once at a time (INV-21).
    package struct Key: Sendable, Hashable {
        /// The unit that helps.
        package let unitCode: UnifiedSocialCreditCode
        /// The community or village that it helps.
        package let targetCode: DivisionCode
    }

    /// The unit that helps.
    package let unitCode: UnifiedSocialCreditCode
    /// The community or village that it helps.
    package let targetCode: DivisionCode
    /// The first day.
    package let from: CalendarDay
    /// The last day.
    package let to: CalendarDay

    /// Gathers the fields.
    package init(unitCode: UnifiedSocialCreditCode, targetCode: DivisionCode, from: CalendarDay, to: CalendarDay) {
        self.unitCode = unitCode
        self.targetCode = targetCode
        self.from = from
        self.to = to
    }

    /// Who is paired with whom.
    package var key: Key { Key(unitCode: unitCode, targetCode: targetCode) }
}

/// A pairing.
package struct Pairing: Sendable, Hashable {
    /// Which pairing.
    package let id: PairingID
    /// Who, with whom, and from when to when.
    package let terms: PairingTerms

    /// Gathers the fields.
    package init(id: PairingID, terms: PairingTerms) {
        self.id = id
        self.terms = terms
    }

    /// What readers know of it.
    package var facts: PairingFacts {
        PairingFacts(
            pairingID: id, unitCode: terms.unitCode, targetCode: terms.targetCode, from: terms.from, to: terms.to)
    }
}

/// The fields of a pairing as a client sends them.
package struct PairingDraft: Decodable, Sendable {
    /// The unit that helps.
    package var unitCode: String?
    /// The community or village that it helps.
    package var targetCode: String?
    /// The first day.
    package var from: String?
    /// The last day.
    package var to: String?

    /// Gathers the fields.
    package init(unitCode: String?, targetCode: String?, from: String?, to: String?) {
        self.unitCode = unitCode
        self.targetCode = targetCode
        self.from = from
        self.to = to
    }

    /// Reads the fields.
    ///
    /// - Throws: all faults that the fields have by themselves.
    package func checked() throws(RowFaults) -> PairingTerms {
        var reader = RowReader()
        let unitCode = reader.creditCode(unitCode, "unitCode")
        let targetCode = reader.community(targetCode, "targetCode")
        let from = reader.day(from, "from")
        let to = reader.day(to, "to")
        if let from, let to, to < from { reader.add(.endsBeforeItBegins) }
        guard reader.isSound, let unitCode, let targetCode, let from, let to else { throw reader.rejection }
        return PairingTerms(unitCode: unitCode, targetCode: targetCode, from: from, to: to)
    }
}

extension RowFault {
    fileprivate static let endsBeforeItBegins = RowFault(
        field: "to", code: "before-start", "到期日期早于结对日期，请核对", "the last day comes before the first; check both")
}
