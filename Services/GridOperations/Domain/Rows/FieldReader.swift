import Foundation
import Models

/// Reads the fields of a draft and gathers what is wrong with them, so that all of it is told at once.
struct FieldReader {
    private(set) var faults: [FieldFault] = []

    mutating func add(_ field: FieldName, _ code: FieldFault.Code, _ chinese: String, _ english: String) {
        faults.append(FieldFault(field, code, chinese, english))
    }

    /// Text without blanks at its ends in Unicode's composed form, so that the same words are the same text.
    static func cleaned(_ text: String?) -> String? {
        guard let text else { return nil }
        let cleaned = text.trimmingCharacters(in: .whitespacesAndNewlines).precomposedStringWithCanonicalMapping
        return cleaned.isEmpty ? nil : cleaned
    }

    /// A text that must be there, of a bounded number of characters and without control characters.
    mutating func text(_ text: String?, _ field: FieldName, lengthMax: Int) -> String? {
        guard let text = Self.cleaned(text) else {
            add(field, .required, "缺少\(field.chinese)，请补填", "the \(field.english) is missing; fill it in")
            return nil
        }
        return bounded(text, field, lengthMax: lengthMax)
    }

    /// A text that may be absent.
    mutating func optionalText(_ text: String?, _ field: FieldName, lengthMax: Int) -> String? {
        guard let text = Self.cleaned(text) else { return nil }
        return bounded(text, field, lengthMax: lengthMax)
    }

    private mutating func bounded(_ text: String, _ field: FieldName, lengthMax: Int) -> String? {
        guard text.count <= lengthMax else {
            add(
                field, .tooLong, "\(field.chinese)超过 \(lengthMax) 个字符，请缩短",
                "the \(field.english) has more than \(lengthMax) characters; shorten it")
            return nil
        }
        // Line breaks belong into a description; a NUL or an escape sequence never does, and PostgreSQL refuses a NUL.
        let isClean = text.unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control || [0x09, 0x0a, 0x0d].contains($0.value)
        }
        guard isClean else {
            add(
                field, .malformed, "\(field.chinese)含有控制字符，请删除后重试",
                "the \(field.english) holds control characters; remove them")
            return nil
        }
        return text
    }

    /// A value that is made of a text which must be there.
    mutating func value<Value>(
        _ text: String?, _ field: FieldName, form: (chinese: String, english: String), _ make: (String) -> Value?
    ) -> Value? {
        guard let text = Self.cleaned(text) else {
            add(field, .required, "缺少\(field.chinese)，请补填", "the \(field.english) is missing; fill it in")
            return nil
        }
        guard let value = make(text) else {
            add(
                field, .malformed, "\(field.chinese)应为 \(form.chinese)，请核对",
                "the \(field.english) must be \(form.english); check it")
            return nil
        }
        return value
    }

    /// One of the words of an enumeration.
    mutating func choice<Choice: CaseIterable & RawRepresentable>(
        _ text: String?, _ field: FieldName, as type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        guard let text = Self.cleaned(text) else {
            add(field, .required, "缺少\(field.chinese)，请补填", "the \(field.english) is missing; fill it in")
            return nil
        }
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            add(
                field, .notOneOf, "\(field.chinese)只能是：\(words)", "the \(field.english) must be one of: \(words)")
            return nil
        }
        return choice
    }

    /// A count within a range that may be absent.
    mutating func optionalCount(_ count: Int?, _ field: FieldName, in range: ClosedRange<Int>) -> Int? {
        guard let count else { return nil }
        guard range.contains(count) else {
            add(
                field, .outOfRange, "\(field.chinese)应在 \(range.lowerBound) 到 \(range.upperBound) 之间，请核对",
                "the \(field.english) must be \(range.lowerBound) to \(range.upperBound); check it")
            return nil
        }
        return count
    }

    /// The parent that a code names by itself must be the one that is stated.
    mutating func parent(_ stated: String?, _ field: FieldName, isRequired: Bool, expected: String) {
        guard let stated = Self.cleaned(stated) else {
            if isRequired {
                add(field, .required, "缺少\(field.chinese)，请补填", "the \(field.english) is missing; fill it in")
            }
            return
        }
        guard stated != expected else { return }
        add(
            field, .parentMismatch, "\(field.chinese)与编码不符，按编码应为 \(expected)，请核对两者",
            "the \(field.english) does not fit the code, which says \(expected); check both")
    }

    /// Ends the reading.
    ///
    /// - Throws: `FieldFaults` when something was wrong, or a value is missing.
    func checked<Value>(_ value: Value?) throws(FieldFaults) -> Value {
        guard faults.isEmpty, let value else { throw FieldFaults(faults) }
        return value
    }
}
