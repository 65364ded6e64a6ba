// What rows say of people. No fault quotes a value.

extension RowReader {
    /// A person's name that must be there.
    package mutating func personName(_ value: String?, _ field: String) -> PersonName? {
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

    /// A mobile number that must be there, as its eleven digits.
    package mutating func mobile(_ value: String?, _ field: String) -> String? {
        self.value(
            value, field, form: ("1 开头的 11 位手机号", "a mobile number of 11 digits that begins with 1"),
            MobileNumber.check)
    }

    /// A mobile number that may be absent or blank.
    package mutating func optionalMobile(_ value: String?, _ field: String) -> String? {
        FieldText.present(value).flatMap { mobile($0, field) }
    }

    /// A citizen identity number that must be there, with the date of birth in it, which lies in 1900 or later.
    ///
    /// - Parameter today: the last day on which somebody can be born; nil where it does not matter.
    package mutating func identityNumber(
        _ value: String?, _ field: String, today: CalendarDay? = nil
    ) -> (number: String, birthDate: CalendarDay)? {
        guard let text = FieldText.present(value) else {
            add(.required(field))
            return nil
        }
        do throws(CitizenIdentityNumber.Fault) {
            let number = try CitizenIdentityNumber.check(text)
            let digits = Array(number)
            guard let year = Int(String(digits[6..<10])), let month = Int(String(digits[10..<12])),
                let day = Int(String(digits[12..<14])),
                let birthDate = CalendarDay(year: year, month: month, day: day), year >= 1900
            else { throw .birthDate }
            if let today, birthDate > today { throw .birthDate }
            return (number, birthDate)
        } catch {
            add(.identityNumber(field, error))
            return nil
        }
    }
}

extension RowFault {
    fileprivate static func identityNumber(_ field: String, _ fault: CitizenIdentityNumber.Fault) -> RowFault {
        switch fault {
        case .length:
            RowFault(
                field: field, code: .length, "身份证号应为 18 位，请补全（单元格须设为文本格式）",
                "an identity number has 18 characters; complete it, in a cell of format text")
        case .character:
            RowFault(
                field: field, code: .character, "身份证号只能有数字和末位 X，请核对（科学计数法的号码须重新录入）",
                "an identity number has digits and at most a final X; check it, and type numbers in scientific form anew"
            )
        case .birthDate:
            RowFault(
                field: field, code: .birthDate, "身份证号中的出生日期不成立，请核对第 7 至 14 位",
                "the date of birth in the identity number cannot be; check characters 7 to 14")
        case .checkCharacter:
            RowFault(
                field: field, code: .checkCharacter, "身份证号校验位不对，请核对最后一位（可能被Excel改成0）",
                "the check character of the identity number does not fit; check the last one (a spreadsheet may have put 0)"
            )
        }
    }
}
