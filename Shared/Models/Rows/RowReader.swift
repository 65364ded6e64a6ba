/// Reads the fields of a row, or of a request, and gathers what is wrong with them, so that all of it is told at once.
package struct RowReader {
    /// What is wrong so far.
    package private(set) var faults: [RowFault] = []

    /// Begins without faults.
    package init() {}

    /// Adds a fault that the caller has found.
    package mutating func add(_ fault: RowFault) { faults.append(fault) }

    /// Adds a fault that the caller has found, with its cause and next step in both languages.
    package mutating func add(_ field: String, _ code: RowFault.Code, _ chinese: String, _ english: String) {
        add(RowFault(field: field, code: code, chinese, english))
    }

    /// Whether nothing was wrong so far.
    ///
    /// A field that must be there and is missing is always a fault.
    package var isSound: Bool { faults.isEmpty }

    /// Everything that was wrong.
    package var rejection: RowFaults { RowFaults(faults) }

    /// Ends the reading.
    ///
    /// - Parameter value: what was made of the fields; nil only when one of them had a fault.
    /// - Throws: `RowFaults` when something was wrong.
    package func checked<Value>(_ value: Value?) throws(RowFaults) -> Value {
        guard isSound, let value else { throw rejection }
        return value
    }

    /// A cleaned text that must be there.
    private mutating func present(_ value: String?, _ field: String) -> String? {
        let text = FieldText.present(value)
        if text == nil { add(.required(field)) }
        return text
    }

    // MARK: - Texts and words

    /// A text that must be there.
    ///
    /// - Parameter allowingLines: whether tabs and line breaks may stand in it.
    package mutating func text(
        _ value: String?, _ field: String, max: Int, allowingLines: Bool = false
    ) -> String? {
        present(value, field).flatMap { bounded($0, field, max: max, allowingLines: allowingLines) }
    }

    /// A text that may be absent or blank.
    package mutating func optionalText(_ value: String?, _ field: String, max: Int) -> String? {
        FieldText.present(value).flatMap { bounded($0, field, max: max, allowingLines: false) }
    }

    private mutating func bounded(_ text: String, _ field: String, max: Int, allowingLines: Bool) -> String? {
        guard text.count <= max else {
            add(.tooLong(field, max: max))
            return nil
        }
        guard !FieldText.hasControls(text, allowingLines: allowingLines) else {
            add(.character(field))
            return nil
        }
        return text
    }

    /// A word of a dictionary that must be there, by code or in Chinese.
    package mutating func word<Word: DictionaryWord>(
        _ value: String?, _ field: String, of type: Word.Type = Word.self
    ) -> Word? {
        present(value, field).flatMap { known($0, field, of: type) }
    }

    /// A word of a dictionary that may be absent or blank.
    package mutating func optionalWord<Word: DictionaryWord>(
        _ value: String?, _ field: String, of type: Word.Type = Word.self
    ) -> Word? {
        FieldText.present(value).flatMap { known($0, field, of: type) }
    }

    private mutating func known<Word: DictionaryWord>(_ text: String, _ field: String, of type: Word.Type) -> Word? {
        let word = Word(word: text)
        if word == nil {
            add(
                .unknownWord(
                    field, chinese: Word.allCases.map(\.chinese), english: Word.allCases.map(\.rawValue)))
        }
        return word
    }

    /// A word of an enumeration that must be there, by its code alone.
    package mutating func choice<Choice: CaseIterable & RawRepresentable>(
        _ value: String?, _ field: String, of type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        present(value, field).flatMap { chosen($0, field, of: type) }
    }

    /// A word of an enumeration that may be absent or blank.
    package mutating func optionalChoice<Choice: CaseIterable & RawRepresentable>(
        _ value: String?, _ field: String, of type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        FieldText.present(value).flatMap { chosen($0, field, of: type) }
    }

    private mutating func chosen<Choice: CaseIterable & RawRepresentable>(
        _ text: String, _ field: String, of type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        let choice = Choice(rawValue: text)
        let words = Choice.allCases.map(\.rawValue)
        if choice == nil { add(.unknownWord(field, chinese: words, english: words)) }
        return choice
    }

    // MARK: - Numbers and days

    /// A count that must be there.
    package mutating func count(_ value: Int?, _ field: String, max: Int) -> Int? {
        if value == nil { add(.required(field)) }
        return optionalCount(value, field, max: max)
    }

    /// A count that may be absent.
    package mutating func optionalCount(_ value: Int?, _ field: String, max: Int) -> Int? {
        guard let value else { return nil }
        guard (0...max).contains(value) else {
            add(.outOfRange(field, 0...max))
            return nil
        }
        return value
    }

    /// A day that must be there.
    package mutating func day(_ value: String?, _ field: String) -> CalendarDay? {
        present(value, field).flatMap { day(of: $0, field) }
    }

    /// A day that must be there and must not lie after today.
    package mutating func pastDay(_ value: String?, _ field: String, today: CalendarDay) -> CalendarDay? {
        present(value, field).flatMap { optionalPastDay($0, field, today: today) }
    }

    /// A day that may be absent or blank, and must not lie after today.
    package mutating func optionalPastDay(_ value: String?, _ field: String, today: CalendarDay) -> CalendarDay? {
        guard let text = FieldText.present(value), let day = day(of: text, field) else { return nil }
        guard day <= today else {
            add(.dayInFuture(field))
            return nil
        }
        return day
    }

    private mutating func day(of text: String, _ field: String) -> CalendarDay? {
        let day = CalendarDay(FieldText.code(text))
        if day == nil { add(.day(field)) }
        return day
    }

    // MARK: - Codes

    /// A value that is made of a code which must be there.
    ///
    /// - Parameters:
    ///   - form: what the code looks like, for the fault.
    ///   - make: makes the value of a code without full-width characters; nil when it is none.
    package mutating func value<Value>(
        _ value: String?, _ field: String, form: (chinese: String, english: String), _ make: (String) -> Value?
    ) -> Value? {
        guard let text = present(value, field) else { return nil }
        let value = make(FieldText.code(text))
        if value == nil { add(.malformed(field, form: form)) }
        return value
    }

    /// A code that an office has given and that must be there: letters, digits, `-` and `_`, 40 at most.
    package mutating func code(_ value: String?, _ field: String) -> String? {
        present(value, field).flatMap { optionalCode($0, field) }
    }

    /// As `code`, but it may be absent or blank.
    package mutating func optionalCode(_ value: String?, _ field: String) -> String? {
        guard let text = FieldText.present(value) else { return nil }
        let code = FieldText.code(text)
        guard code.utf8.count <= 40 else {
            add(.tooLong(field, max: 40))
            return nil
        }
        guard code.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }) else {
            add(.character(field))
            return nil
        }
        return code
    }

    /// A division code that must be there.
    package mutating func division(_ value: String?, _ field: String) -> DivisionCode? {
        self.value(value, field, form: ("6、9 或 12 位数字的区划代码", "a division code of 6, 9 or 12 digits")) {
            DivisionCode($0)
        }
    }

    /// The code of a village or community that must be there.
    package mutating func community(_ value: String?, _ field: String) -> DivisionCode? {
        guard let code = division(value, field) else { return nil }
        guard code.level == .community else {
            add(
                field, .notACommunity, "应为 12 位的村（社区）代码，请核对",
                "it must be the code of a village or community, 12 digits; check it")
            return nil
        }
        return code
    }

    /// A unified social credit code that must be there.
    package mutating func creditCode(_ value: String?, _ field: String) -> UnifiedSocialCreditCode? {
        guard let text = present(value, field) else { return nil }
        do throws(UnifiedSocialCreditCode.Fault) {
            return try UnifiedSocialCreditCode(FieldText.code(text))
        } catch {
            add(.creditCode(field, error))
            return nil
        }
    }
}

extension RowFault {
    fileprivate static func creditCode(_ field: String, _ fault: UnifiedSocialCreditCode.Fault) -> RowFault {
        switch fault {
        case .length:
            RowFault(
                field: field, code: .length, "统一社会信用代码应为 18 位，请补全（单元格须设为文本格式）",
                "a unified social credit code has 18 characters; complete it, in a cell of format text")
        case .character:
            RowFault(
                field: field, code: .character, "统一社会信用代码含有不允许的字符（不使用 I、O、S、V、Z），请核对",
                "the unified social credit code has a character that is not allowed (I, O, S, V, Z are not); check it")
        case .checkCharacter:
            RowFault(
                field: field, code: .checkCharacter, "统一社会信用代码校验位不对，请核对",
                "the check character of the unified social credit code does not fit; check it")
        }
    }
}
