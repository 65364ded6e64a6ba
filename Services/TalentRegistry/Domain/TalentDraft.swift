import Models

/// The fields of a row of the ledger as a client sends them.
package struct TalentDraft: Sendable {
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
        let division = reader.division(divisionCode, "divisionCode")
        if let division, division.level != .community { reader.add(.notACommunity) }
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

extension RowReader {
    /// A citizen identity number with the date of birth in it.
    mutating func identityNumber(
        _ value: String?, _ field: String, today: CalendarDay
    ) -> (number: String, birthDate: CalendarDay)? {
        let text = FieldText.cleaned(value ?? "")
        guard !text.isEmpty else {
            add(.required(field))
            return nil
        }
        do throws(CitizenIdentityNumber.Fault) {
            let number = try CitizenIdentityNumber.check(text)
            let digits = Array(number)
            guard let year = Int(String(digits[6..<10])), let month = Int(String(digits[10..<12])),
                let day = Int(String(digits[12..<14])),
                let birthDate = CalendarDay(year: year, month: month, day: day), year >= 1900, birthDate <= today
            else { throw .birthDate }
            return (number, birthDate)
        } catch {
            add(.identityNumber(field, error))
            return nil
        }
    }

    /// A person's name.
    mutating func personName(_ value: String?, _ field: String) -> PersonName? {
        do throws(PersonName.Fault) {
            return try PersonName(value ?? "")
        } catch {
            switch error {
            case .missing: add(.required(field))
            case .tooLong: add(.tooLong(field, max: PersonName.lengthMax))
            case .character: add(.character(field))
            }
            return nil
        }
    }

    /// A mobile number.
    mutating func mobile(_ value: String?, _ field: String) -> String? {
        let text = FieldText.cleaned(value ?? "")
        guard !text.isEmpty else {
            add(.required(field))
            return nil
        }
        guard let number = MobileNumber.check(text) else {
            add(
                RowFault(
                    field: field, code: "malformed", "手机号应为 1 开头的 11 位数字，请核对",
                    "a mobile number has 11 digits and begins with 1; check it"))
            return nil
        }
        return number
    }
}

extension RowFault {
    fileprivate static func identityNumber(_ field: String, _ fault: CitizenIdentityNumber.Fault) -> RowFault {
        switch fault {
        case .length:
            RowFault(
                field: field, code: "length", "身份证号应为 18 位，请补全（单元格须设为文本格式）",
                "an identity number has 18 characters; complete it, in a cell of format text")
        case .character:
            RowFault(
                field: field, code: "character", "身份证号只能有数字和末位 X，请核对（科学计数法的号码须重新录入）",
                "an identity number has digits and at most a final X; check it, and type numbers in scientific form anew"
            )
        case .birthDate:
            RowFault(
                field: field, code: "birth-date", "身份证号中的出生日期不成立，请核对第 7 至 14 位",
                "the date of birth in the identity number cannot be; check characters 7 to 14")
        case .checkCharacter:
            RowFault(
                field: field, code: "check-character", "身份证号校验位不对，请核对最后一位（可能被Excel改成0）",
                "the check character of the identity number does not fit; check the last one (a spreadsheet may have put 0)"
            )
        }
    }

    fileprivate static let birthDateMismatch = RowFault(
        field: "birthDate", code: "birth-date-mismatch", "与身份证号中的出生日期不一致，请核对两者",
        "it differs from the date of birth in the identity number; check both")
    fileprivate static let notACommunity = RowFault(
        field: "divisionCode", code: "not-a-community", "应为 12 位的村（社区）代码，请核对",
        "it must be the code of a village or community, 12 digits; check it")
}
