/// What is wrong with a field of a row: the cause and the next step, never a personal value.
package struct RowFault: Sendable, Hashable {
    /// The field's name in the request.
    package let field: String
    /// A stable code, for example `required` or `reference-unknown`.
    package let code: String
    /// Cause and next step in Chinese.
    package let chinese: String
    /// Cause and next step in English.
    package let english: String

    /// Makes a fault.
    package init(field: String, code: String, _ chinese: String, _ english: String) {
        self.field = field
        self.code = code
        self.chinese = chinese
        self.english = english
    }
}

extension RowFault {
    /// A field that must be there and is not.
    package static func required(_ field: String) -> RowFault {
        RowFault(field: field, code: "required", "不能为空，请补填", "it is missing; fill it in")
    }

    /// A text longer than its field.
    package static func tooLong(_ field: String, max: Int) -> RowFault {
        RowFault(
            field: field, code: "too-long", "超过 \(max) 个字符，请缩短", "it is longer than \(max) characters; shorten it")
    }

    /// A text with signs that have no place in it.
    package static func character(_ field: String) -> RowFault {
        RowFault(
            field: field, code: "character", "含有不允许的字符，请核对", "it has characters that are not allowed; check it")
    }

    /// A word that is not in the dictionary of its field.
    package static func unknownWord<Word: DictionaryWord>(_ field: String, of type: Word.Type) -> RowFault {
        let words = Word.allCases.map(\.chinese).joined(separator: "、")
        let codes = Word.allCases.map(\.rawValue).joined(separator: ", ")
        return RowFault(
            field: field, code: "unknown-word", "不在可选范围内，请改为：\(words)", "it is not a known word; use one of: \(codes)")
    }

    /// A code that is not a division code.
    package static func divisionCode(_ field: String) -> RowFault {
        RowFault(
            field: field, code: "malformed", "区划代码应为 6、9 或 12 位数字，请核对",
            "a division code has 6, 9 or 12 digits; check it")
    }

    /// A division that nobody has registered.
    package static func divisionUnknown(_ field: String) -> RowFault {
        RowFault(
            field: field, code: "reference-unknown", "没有这个区划，请先导入区划表或核对代码",
            "there is no such division; import the divisions first or check the code")
    }

    /// A Party organisation that nobody has registered.
    package static func organisationUnknown(_ field: String) -> RowFault {
        RowFault(
            field: field, code: "reference-unknown", "没有这个党组织，请先导入党组织表或核对编码",
            "there is no such Party organisation; import the organisations first or check the code")
    }

    /// A day that the calendar does not have, or in another form.
    package static func day(_ field: String) -> RowFault {
        RowFault(
            field: field, code: "not-a-day", "不是有效日期，应为 年-月-日（如 2021-05-07）",
            "it is not a day; write year-month-day, such as 2021-05-07")
    }

    /// A day that has not come yet.
    package static func dayInFuture(_ field: String) -> RowFault {
        RowFault(field: field, code: "in-future", "日期晚于今天，请核对", "the day has not come yet; check it")
    }

    /// A number below nought or beyond what is plausible.
    package static func outOfRange(_ field: String, _ range: ClosedRange<Int>) -> RowFault {
        RowFault(
            field: field, code: "out-of-range", "应在 \(range.lowerBound) 到 \(range.upperBound) 之间，请核对",
            "it must lie between \(range.lowerBound) and \(range.upperBound); check it")
    }

    /// The key of an earlier row of the same request with other content.
    package static func duplicate(_ field: String, of row: Int) -> RowFault {
        RowFault(
            field: field, code: "duplicate", "与第 \(row) 行重复而内容不同，请只保留正确的一行",
            "row \(row) has the same key and other content; keep the right one")
    }
}
