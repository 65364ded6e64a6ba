import Foundation
import Models
import Mustache

/// The words of a message as they are written: heading and body in both languages, with slots in double braces.
package struct TemplateWords: Sendable, Equatable, Codable {
    /// The heading.
    package var title: MessageText
    /// The message itself.
    package var body: MessageText

    /// Gathers the words.
    package init(title: MessageText, body: MessageText) {
        self.title = title
        self.body = body
    }

    /// The slots that the words name.
    package var slots: Set<MessageSlot> {
        texts.reduce(into: []) { $0.formUnion(TemplateTags($1.text).slots) }
    }

    /// The words with their slots filled, as plain text; a slot that the event did not fill is left out.
    ///
    /// - Throws: a fault of the syntax, which no approved words have.
    package func filled(_ slots: MessageSlots) throws -> TemplateWords {
        func fill(_ text: MessageText) throws -> MessageText {
            MessageText(
                try Self.render(text.chinese, slots.words(.chinese)),
                try Self.render(text.english, slots.words(.english)))
        }
        return TemplateWords(title: try fill(title), body: try fill(body))
    }

    /// The words as plain text: no character of a slot is escaped as HTML would have it.
    private static func render(_ text: String, _ words: [String: any Sendable]) throws -> String {
        // Most headings have no slot.
        guard text.contains("{{") else { return text }
        return try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text).render(words)
    }

    private var texts: [(field: String, text: String, max: Int)] {
        [
            ("title.chinese", title.chinese, Self.titleMax), ("title.english", title.english, Self.titleMax * 2),
            ("body.chinese", body.chinese, Self.bodyMax), ("body.english", body.english, Self.bodyMax * 2),
        ]
    }

    /// The longest heading, in characters; an English one may be twice as long.
    private static let titleMax = 40
    /// The longest message: what one short message may have (DOMAIN 3.13).
    private static let bodyMax = 500

    /// What is wrong with the words by themselves, whatever event they are for.
    package var faults: [RowFault] {
        texts.flatMap { field, text, max -> [RowFault] in
            if text.allSatisfy(\.isWhitespace) { return [.required(field)] }
            if text.unicodeScalars.count > max { return [.tooLong(field, max: max)] }
            if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control && $0 != "\n" }) {
                return [.character(field)]
            }
            var faults = TemplateTags(text).faults(of: field)
            // A number of a person may not be written into the words either.
            if PersonalNumberScan.finds(in: text) { faults.append(.personalNumber(field)) }
            // The tags are known words now, so what is left are sections that do not close.
            if faults.isEmpty, (try? MustacheTemplate(string: text)) == nil { faults.append(.unbalanced(field)) }
            return faults
        }
    }
}

/// The tags of a text in double braces.
///
/// Of Mustache the suite's templates have variables and sections, and neither partials nor other delimiters nor code.
struct TemplateTags {
    private(set) var slots: Set<MessageSlot> = []
    private var strangers: [String] = []
    private var isBroken = false

    init(_ text: String) {
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            rest = rest[open.upperBound...]
            guard let close = rest.firstRange(of: "}}") else {
                isBroken = true
                return
            }
            note(rest[..<close.lowerBound])
            rest = rest[close.upperBound...]
        }
    }

    private mutating func note(_ tag: Substring) {
        let isSection = tag.first.map { "#^/".contains($0) } ?? false
        let name = (isSection ? tag.dropFirst() : tag).trimmingPrefix { $0 == " " }
        let word = String(name.reversed().drop { $0 == " " }.reversed())
        guard let slot = MessageSlot(rawValue: word), isSection || !slot.isFlag else {
            strangers.append(String(word.prefix(40)))
            return
        }
        slots.insert(slot)
    }

    func faults(of field: String) -> [RowFault] {
        isBroken ? [.unbalanced(field)] : strangers.isEmpty ? [] : [.unknownSlot(field)]
    }
}

extension RowFault {
    fileprivate static func unbalanced(_ field: String) -> RowFault {
        RowFault(
            field: field, code: "unbalanced", "双花括号或区段没有成对，请核对",
            "a pair of braces or a section is not closed; check it")
    }

    fileprivate static func unknownSlot(_ field: String) -> RowFault {
        let names = MessageSlot.allCases.map(\.rawValue).joined(separator: "、")
        return RowFault(
            field: field, code: "slot-unknown", "含有不可用的占位符，可用的有：\(names)（标志只能用作区段）",
            "it has a slot that there is not; there are: \(names.replacing("、", with: ", ")) (flags as sections only)")
    }

    fileprivate static func personalNumber(_ field: String) -> RowFault {
        RowFault(
            field: field, code: "personal-data-in-text", "文字中有身份号码或电话号码，请删除",
            "the text holds an identity or phone number; remove it")
    }

    /// Words that name slots which an event does not have.
    package static func slotOfOtherEvent(_ field: String, _ slots: [MessageSlot], _ event: NewsEvent) -> RowFault {
        let names = slots.sorted().map(\.rawValue)
        return RowFault(
            field: field, code: "slot-not-of-event",
            "模板用到事件 \(event.rawValue) 没有的占位符：\(names.joined(separator: "、"))，请换模板或修改文字",
            "the template has slots that \(event.rawValue) does not: \(names.joined(separator: ", ")); take another, or change its words"
        )
    }
}

/// Which template: its code, and the channel that its words are for.
package struct TemplateKey: Sendable, Hashable {
    /// The name by which routes know it.
    package let code: String
    /// The channel.
    package let channel: ChannelCode

    /// Names a template.
    package init(code: String, channel: ChannelCode) {
        self.code = code
        self.channel = channel
    }

    /// Reads a code of 2 to 64 letters and digits, a letter first; nil for another text.
    package init?(_ code: String, _ channel: String) {
        guard Self.isCode(code), let channel = ChannelCode(rawValue: channel) else { return nil }
        self.init(code: code, channel: channel)
    }

    /// Whether a text may be a template's code.
    package static func isCode(_ text: String) -> Bool {
        (2...64).contains(text.utf8.count) && text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
            && text.utf8.first.map(isLetter) == true
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }
}

/// The ways on which a message can go, by the words that routes, templates and sendings use.
package enum ChannelCode: String, Sendable, CaseIterable, Codable {
    case inApp
    case email
    case sms
    case weComRobot
    case weComApp
    case dingTalkRobot
    case webhook
}
