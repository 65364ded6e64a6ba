import Models

/// The fields of a row of the ledger as a client sends them.
///
/// Ethnicity and Party membership are not among them: whoever sends them sends them in vain.
package struct TalentDraft: Decodable, Sendable {
    /// The citizen identity number.
    package var identityNumber: String?
    /// The name.
    package var name: String?
    /// The gender, by code or in Chinese.
    package var gender: String?
    /// The date of birth; it is held against the identity number, and only the year is kept.
    package var birthDate: String?
    /// The mobile number.
    package var mobile: String?
    /// The village or community that surveyed the person.
    package var divisionCode: String?
    /// The category, by code or in Chinese.
    package var category: String?
    /// The highest education, by code or in Chinese.
    package var education: String?
    /// The coarse place, by code or in Chinese.
    package var residence: String?
    /// What the person is good at.
    package var skill: String?
    /// Whether the person would come back, by code or in Chinese.
    package var willingness: String?

    /// Makes a draft without fields.
    package init() {}

    /// Reads the fields.
    ///
    /// - Throws: all faults that the fields have by themselves. None of them quotes a personal value.
    package func checked(today: CalendarDay) throws(RowFaults) -> TalentListing {
        var reader = RowReader()
        let identity = reader.identityNumber(identityNumber, "identityNumber", today: today)
        let name = reader.personName(name, "name")
        let gender = reader.optionalWord(gender, "gender", of: Gender.self)
        if let day = reader.optionalPastDay(birthDate, "birthDate", today: today), let identity,
            day != identity.birthDate
        {
            reader.add(.birthDateMismatch)
        }
        let mobile = reader.mobile(mobile, "mobile")
        let division = reader.community(divisionCode, "divisionCode")
        let category = reader.word(category, "category", of: TalentCategory.self)
        let education = reader.optionalWord(education, "education", of: Education.self)
        let residence = reader.optionalWord(residence, "residence", of: Residence.self)
        let skill = reader.optionalText(skill, "skill", max: 50)
        let willingness = reader.optionalWord(willingness, "willingness", of: Willingness.self)
        guard reader.isSound, let identity, let name, let mobile, let division, let category else {
            throw reader.rejection
        }
        return TalentListing(
            identityNumber: Personal(identity.number), name: Personal(name), mobile: Personal(mobile),
            traits: PersonTraits(birthYear: identity.birthDate.year, gender: gender),
            talent: Talent(
                divisionCode: division, category: category, education: education, residence: residence, skill: skill,
                willingness: willingness))
    }
}

extension RowFault {
    fileprivate static let birthDateMismatch = RowFault(
        field: "birthDate", code: "birth-date-mismatch", "与身份证号中的出生日期不一致，请核对两者",
        "it differs from the date of birth in the identity number; check both")
}
