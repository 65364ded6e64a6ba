// The faults that several services find, in the words of all of them.

extension RowFault {
    /// A field that must be there and is not.
    package static func required(_ field: String) -> RowFault {
        RowFault(field: field, code: .required, "不能为空，请补填", "it is missing; fill it in")
    }

    /// A text longer than its field.
    package static func tooLong(_ field: String, max: Int) -> RowFault {
        RowFault(
            field: field, code: .tooLong, "超过 \(max) 个字符，请缩短", "it is longer than \(max) characters; shorten it")
    }

    /// A text with signs that have no place in it.
    package static func character(_ field: String) -> RowFault {
        RowFault(field: field, code: .character, "含有不允许的字符，请核对", "it has characters that are not allowed; check it")
    }

    /// A text of another form than the one that its field takes.
    package static func malformed(_ field: String, form: (chinese: String, english: String)) -> RowFault {
        RowFault(
            field: field, code: .malformed, "应为 \(form.chinese)，请核对", "it must be \(form.english); check it")
    }

    /// A word that is none of those of its field.
    ///
    /// - Parameters:
    ///   - chinese: the words for Chinese readers.
    ///   - english: the words for English readers.
    package static func unknownWord(_ field: String, chinese: [String], english: [String]) -> RowFault {
        RowFault(
            field: field, code: .unknownWord, "不在可选范围内，请改为：\(chinese.joined(separator: "、"))",
            "it is not a known word; use one of: \(english.joined(separator: ", "))")
    }

    /// A division that nobody has registered.
    package static func divisionUnknown(_ field: String) -> RowFault {
        RowFault(
            field: field, code: .referenceUnknown, "没有这个区划，请先导入区划表或核对代码",
            "there is no such division; import the divisions first or check the code")
    }

    /// A row about something that lies outside the scope of who sends it.
    package static func outsideScope(_ field: String) -> RowFault {
        RowFault(
            field: field, code: .outsideScope, "不在您的管辖范围内，请由相应的乡镇或社区提交",
            "it lies outside your scope; the town or community concerned must send it")
    }

    /// A row that names somebody who had himself erased.
    package static func erasedAtRequest(_ field: String) -> RowFault {
        RowFault(
            field: field, code: .erasedAtRequest,
            "此人已应本人要求删除，不能再由表格录入；如本人重新同意，请社区窗口核验证件后解除",
            "the person had himself erased, and no sheet brings him back; if he agrees again, the desk checks a document and lifts it"
        )
    }

    /// A day that the calendar does not have, or in another form.
    package static func day(_ field: String) -> RowFault {
        RowFault(
            field: field, code: .notADay, "不是有效日期，应为 年-月-日（如 2021-05-07）",
            "it is not a day; write year-month-day, such as 2021-05-07")
    }

    /// A day that has not come yet.
    package static func dayInFuture(_ field: String) -> RowFault {
        RowFault(field: field, code: .inFuture, "日期晚于今天，请核对", "the day has not come yet; check it")
    }

    /// A number below nought or beyond what is plausible.
    package static func outOfRange(_ field: String, _ range: ClosedRange<Int>) -> RowFault {
        RowFault(
            field: field, code: .outOfRange, "应在 \(range.lowerBound) 到 \(range.upperBound) 之间，请核对",
            "it must lie between \(range.lowerBound) and \(range.upperBound); check it")
    }

    /// The key of an earlier row of the same request with other content.
    package static func duplicate(_ field: String, of row: Int) -> RowFault {
        RowFault(
            field: field, code: .duplicateRow, "与第 \(row) 行重复而内容不同，请只保留正确的一行",
            "row \(row) has the same key and other content; keep the right one")
    }
}
