import Models

/// Reads the fields of a row and gathers what is wrong with them, so that a row is told all of its faults at once.
struct RowReader {
    private var faults: [RowFault] = []

    /// Adds a fault that the caller has found.
    mutating func add(_ fault: RowFault) { faults.append(fault) }

    /// Whether nothing was wrong so far.
    ///
    /// A field that must be there and is missing is always a fault.
    var isSound: Bool { faults.isEmpty }

    /// Everything that was wrong.
    var rejection: RowFaults { RowFaults(faults) }

    /// A text that must be there.
    mutating func text(_ value: String?, _ field: String, max: Int) -> String? {
        let text = optionalText(value, field, max: max)
        if text == nil, FieldText.cleaned(value ?? "").isEmpty { add(.required(field)) }
        return text
    }

    /// A text that may be absent or blank.
    mutating func optionalText(_ value: String?, _ field: String, max: Int) -> String? {
        let text = FieldText.cleaned(value ?? "")
        guard !text.isEmpty else { return nil }
        guard text.count <= max else {
            add(.tooLong(field, max: max))
            return nil
        }
        guard !FieldText.hasControls(text) else {
            add(.character(field))
            return nil
        }
        return text
    }

    /// A word of a dictionary that must be there.
    mutating func word<Word: DictionaryWord>(_ value: String?, _ field: String, of type: Word.Type) -> Word? {
        let text = FieldText.cleaned(value ?? "")
        guard !text.isEmpty else {
            add(.required(field))
            return nil
        }
        guard let word = Word(word: text) else {
            add(.unknownWord(field, of: type))
            return nil
        }
        return word
    }

    /// A division code that must be there.
    mutating func division(_ value: String?, _ field: String) -> DivisionCode? {
        let text = FieldText.code(value ?? "")
        guard !text.isEmpty else {
            add(.required(field))
            return nil
        }
        guard let code = DivisionCode(text) else {
            add(.divisionCode(field))
            return nil
        }
        return code
    }

    /// A day that must be there.
    mutating func day(_ value: String?, _ field: String) -> CalendarDay? {
        let text = FieldText.code(value ?? "")
        guard !text.isEmpty else {
            add(.required(field))
            return nil
        }
        guard let day = CalendarDay(text) else {
            add(.day(field))
            return nil
        }
        return day
    }

    /// A count that must be there.
    mutating func count(_ value: Int?, _ field: String, max: Int) -> Int? {
        guard let value else {
            add(.required(field))
            return nil
        }
        guard (0...max).contains(value) else {
            add(.outOfRange(field, 0...max))
            return nil
        }
        return value
    }
}

extension RowReader {
    /// A unified social credit code that must be there.
    mutating func creditCode(_ value: String?, _ field: String) -> UnifiedSocialCreditCode? {
        let text = FieldText.code(value ?? "")
        guard !text.isEmpty else {
            add(.required(field))
            return nil
        }
        do throws(UnifiedSocialCreditCode.Fault) {
            return try UnifiedSocialCreditCode(text)
        } catch {
            add(.creditCode(field, error))
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
    fileprivate static func creditCode(_ field: String, _ fault: UnifiedSocialCreditCode.Fault) -> RowFault {
        switch fault {
        case .length:
            RowFault(
                field: field, code: "length", "统一社会信用代码应为 18 位，请补全（单元格须设为文本格式）",
                "a unified social credit code has 18 characters; complete it, in a cell of format text")
        case .character:
            RowFault(
                field: field, code: "character", "统一社会信用代码含有不允许的字符（不使用 I、O、S、V、Z），请核对",
                "the unified social credit code has a character that is not allowed (I, O, S, V, Z are not); check it")
        case .checkCharacter:
            RowFault(
                field: field, code: "check-character", "统一社会信用代码校验位不对，请核对",
                "the check character of the unified social credit code does not fit; check it")
        }
    }
}
