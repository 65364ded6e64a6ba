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
        guard !FieldText.cleaned(value ?? "").isEmpty else {
            add(.required(field))
            return nil
        }
        return optionalWord(value, field, of: type)
    }

    /// A word of a dictionary that may be absent or blank.
    mutating func optionalWord<Word: DictionaryWord>(_ value: String?, _ field: String, of type: Word.Type) -> Word? {
        let text = FieldText.cleaned(value ?? "")
        guard !text.isEmpty else { return nil }
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

    /// A day that must be there and must not lie after today.
    mutating func pastDay(_ value: String?, _ field: String, today: CalendarDay) -> CalendarDay? {
        guard !FieldText.cleaned(value ?? "").isEmpty else {
            add(.required(field))
            return nil
        }
        return optionalPastDay(value, field, today: today)
    }

    /// A day that may be absent or blank, and must not lie after today.
    mutating func optionalPastDay(_ value: String?, _ field: String, today: CalendarDay) -> CalendarDay? {
        let text = FieldText.code(value ?? "")
        guard !text.isEmpty else { return nil }
        guard let day = CalendarDay(text) else {
            add(.day(field))
            return nil
        }
        guard day <= today else {
            add(.dayInFuture(field))
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
