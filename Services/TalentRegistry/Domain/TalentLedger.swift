import Models

/// What is known of a person of the ledger when a bulk listing begins.
package struct KnownPerson: Sendable, Hashable {
    /// Which person.
    package let personID: PersonID
    /// What is kept of the person.
    package let traits: PersonTraits
    /// Whether the stored name and mobile number are those of the row.
    package let hasSameContact: Bool
    /// The entry on the ledger, if the person has one.
    package let entry: Entry?

    /// An entry of the ledger.
    package struct Entry: Sendable, Hashable {
        /// Which entry.
        package let talentID: TalentID
        /// Its fields.
        package let talent: Talent

        /// Gathers the fields.
        package init(talentID: TalentID, talent: Talent) {
            self.talentID = talentID
            self.talent = talent
        }
    }

    /// Gathers the fields.
    package init(personID: PersonID, traits: PersonTraits, hasSameContact: Bool, entry: Entry?) {
        self.personID = personID
        self.traits = traits
        self.hasSameContact = hasSameContact
        self.entry = entry
    }
}

/// The part of the talent ledger that a bulk listing touches, as it is when it begins.
package struct TalentLedger: Sendable {
    private let divisions: Set<DivisionCode>
    /// People by the row that names them; a row that is missing names somebody new.
    private let people: [Int: KnownPerson]
    /// Rows that name somebody who had himself erased.
    private let erased: Set<Int>

    /// Gathers what is known.
    package init(divisions: Set<DivisionCode>, people: [Int: KnownPerson], erased: Set<Int> = []) {
        self.erased = erased
        self.divisions = divisions
        self.people = people
    }

    /// What a row changes.
    package struct Write: Sendable, Hashable {
        /// Which person.
        package let personID: PersonID
        /// Which entry.
        package let talentID: TalentID
        /// What the row says.
        package let listing: TalentListing
        /// Whether the person is not known yet.
        package let isNewPerson: Bool
        /// Whether what is kept of a known person changes.
        package let changesPerson: Bool
        /// Whether the person has no entry yet.
        package let isNewEntry: Bool
        /// Whether a present entry changes.
        package let changesEntry: Bool
    }

    /// What a listing does.
    package struct Plan: Sendable {
        /// What to write.
        package var writes: [Write] = []
        /// What readers are told: new entries, and those surveyed by another division now.
        package var listed: [TalentListed] = []
        /// What became of each row.
        package var outcomes: [Numbered<RowOutcome>] = []
    }

    /// Decides on rows, each person once.
    ///
    /// - Parameters:
    ///   - scope: where a present entry must lie to be changed.
    ///   - newID: makes identifiers for people and entries that are new.
    package func list(
        _ rows: [Numbered<TalentListing>], scope: ScopeFilter,
        newID: () -> (PersonID, TalentID) = { (.new(), .new()) }
    ) -> Plan {
        var plan = Plan()
        for row in rows {
            let listing = row.content
            guard divisions.contains(listing.talent.divisionCode) else {
                plan.outcomes.append(Numbered(row: row.row, .rejected([.divisionUnknown("divisionCode")])))
                continue
            }
            guard !erased.contains(row.row) else {
                plan.outcomes.append(Numbered(row: row.row, .rejected([.erasedAtRequest("identityNumber")])))
                continue
            }
            if let entry = people[row.row]?.entry, !scope.contains(entry.talent.divisionCode) {
                plan.outcomes.append(Numbered(row: row.row, .rejected([.outsideScope("identityNumber")])))
                continue
            }
            let write = write(listing, over: people[row.row], newID: newID)
            guard write.isNewPerson || write.changesPerson || write.isNewEntry || write.changesEntry else {
                plan.outcomes.append(Numbered(row: row.row, .unchanged))
                continue
            }
            plan.writes.append(write)
            plan.outcomes.append(Numbered(row: row.row, .accepted))
            if people[row.row]?.entry?.talent.divisionCode != listing.talent.divisionCode {
                plan.listed.append(
                    TalentListed(
                        talent: TalentFacts(talentID: write.talentID, divisionCode: listing.talent.divisionCode)))
            }
        }
        return plan
    }

    private func write(
        _ listing: TalentListing, over known: KnownPerson?, newID: () -> (PersonID, TalentID)
    ) -> Write {
        let fresh = newID()
        return Write(
            personID: known?.personID ?? fresh.0, talentID: known?.entry?.talentID ?? fresh.1, listing: listing,
            isNewPerson: known == nil,
            changesPerson: known.map { !$0.hasSameContact || $0.traits != listing.traits } ?? false,
            isNewEntry: known?.entry == nil,
            changesEntry: known?.entry.map { $0.talent != listing.talent } ?? false)
    }
}
