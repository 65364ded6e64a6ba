import Models

/// A person's entry on the talent ledger, without anything that says who the person is.
package struct Talent: Sendable, Hashable {
    /// The village or community that surveyed the person.
    package let divisionCode: DivisionCode
    /// What the person is counted as.
    package let category: TalentCategory
    /// The highest education, if stated.
    package let education: Education?
    /// Where the person lives at present, coarsely, if stated.
    package let residence: Residence?
    /// What the person is good at, if stated.
    package let skill: String?
    /// Whether the person would come back, if stated.
    package let willingness: Willingness?

    /// Gathers the fields.
    package init(
        divisionCode: DivisionCode, category: TalentCategory, education: Education?, residence: Residence?,
        skill: String?, willingness: Willingness?
    ) {
        self.divisionCode = divisionCode
        self.category = category
        self.education = education
        self.residence = residence
        self.skill = skill
        self.willingness = willingness
    }
}

/// What is kept of a person beside the means to recognise and to call the person.
package struct PersonTraits: Sendable, Hashable {
    /// The year of birth; month and day are not kept.
    package let birthYear: Int
    /// The gender, if stated.
    package let gender: Gender?

    /// Gathers the fields.
    package init(birthYear: Int, gender: Gender?) {
        self.birthYear = birthYear
        self.gender = gender
    }
}

/// A sound row of the ledger: who, and what is entered.
package struct TalentListing: Sendable, Hashable {
    /// The identity number, for matching alone; it is never stored.
    package let identityNumber: Personal<String>
    /// The name.
    package let name: Personal<PersonName>
    /// The mobile number.
    package let mobile: Personal<String>
    /// What is kept of the person.
    package let traits: PersonTraits
    /// The entry.
    package let talent: Talent

    /// Gathers the fields.
    package init(
        identityNumber: Personal<String>, name: Personal<PersonName>, mobile: Personal<String>, traits: PersonTraits,
        talent: Talent
    ) {
        self.identityNumber = identityNumber
        self.name = name
        self.mobile = mobile
        self.traits = traits
        self.talent = talent
    }
}
