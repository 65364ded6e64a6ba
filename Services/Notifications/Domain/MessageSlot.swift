import Foundation
import Models

/// What a message may say, by its name in templates: the whole list.
///
/// There is no slot for a name, an identity number, a phone number, a hardship or a text that somebody wrote, so no
/// template can show one (DOMAIN 2.3.5, 3.13).
package enum MessageSlot: String, Sendable, CaseIterable, Comparable {
    /// The number that people quote.
    case number
    /// The code of the grid.
    case grid
    /// The code of the community.
    case community
    /// The function of an incident.
    case function
    /// How pressing it is.
    case urgency
    /// A flag: it is an emergency.
    case isEmergency
    /// How many reports there are of one matter.
    case reports
    /// When it must be done.
    case dueAt
    /// Which clock of an incident.
    case clock
    /// A flag: the next in line must know.
    case isEscalated
    /// How a whistle calls.
    case whistle
    /// How many whistles there have been.
    case round
    /// A role in a grid.
    case role
    /// When a booking begins.
    case from
    /// When a booking ends.
    case to
    /// Where to read on: a path of the service that has it.
    case link

    /// A flag can only open a section of a template.
    package var isFlag: Bool { self == .isEmergency || self == .isEscalated }

    package static func < (left: MessageSlot, right: MessageSlot) -> Bool { left.rawValue < right.rawValue }
}

/// What a message is about, slot by slot, as codes, numbers and times: the words are found when it is read.
package struct MessageSlots: Sendable, Equatable {
    /// The values; times are RFC 3339, and a flag is there or not.
    package var values: [MessageSlot: String]

    /// Takes values.
    package init(_ values: [MessageSlot: String] = [:]) { self.values = values }

    /// Reads a slot.
    package subscript(_ slot: MessageSlot) -> String? { values[slot] }
}

extension MessageSlots: Codable {
    /// Reads an object of texts; slots that this release does not know are left out.
    package init(from decoder: any Decoder) throws {
        let texts = try decoder.singleValueContainer().decode([String: String].self)
        values = Dictionary(
            uniqueKeysWithValues: texts.compactMap { key, value in MessageSlot(rawValue: key).map { ($0, value) } })
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Dictionary(uniqueKeysWithValues: values.map { ($0.rawValue, $1) }))
    }
}

/// The languages of messages.
package enum MessageLanguage: Sendable, CaseIterable {
    case chinese, english
}

extension MessageSlots {
    /// The values in the words of a language, for a template: flags as truths, times in the county's time zone.
    func words(_ language: MessageLanguage) -> [String: any Sendable] {
        var words: [String: any Sendable] = [:]
        for (slot, value) in values {
            words[slot.rawValue] = slot.isFlag ? true as any Sendable : Self.word(slot, value, language)
        }
        return words
    }

    private static func word(_ slot: MessageSlot, _ value: String, _ language: MessageLanguage) -> String {
        let text: MessageText? =
            switch slot {
            case .function: GridFunction(rawValue: value)?.label
            case .urgency: IncidentUrgency(rawValue: value)?.label
            case .clock: IncidentClockKind(rawValue: value)?.label
            case .whistle: WhistleKind(rawValue: value)?.label
            case .role: GridRole(rawValue: value)?.label
            case .dueAt, .from, .to: RFC3339.parse(value).map(MessageText.init(shanghai:))
            case .number, .grid, .community, .isEmergency, .reports, .isEscalated, .round, .link: nil
            }
        return text?.in(language) ?? value
    }
}

/// A text in both languages.
package struct MessageText: Sendable, Equatable, Codable {
    /// The Chinese text.
    package let chinese: String
    /// The English text.
    package let english: String

    /// Joins both languages.
    package init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }

    /// The text in one of them.
    package func `in`(_ language: MessageLanguage) -> String {
        switch language {
        case .chinese: chinese
        case .english: english
        }
    }

    /// A time as people say it, to the minute, eight hours ahead of UTC.
    init(shanghai moment: Date) {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let seconds = Int((moment.timeIntervalSince1970 + 8 * 3600).rounded(.down))
        let (_, month, day) = RFC3339.civil(fromDays: Int64((Double(seconds) / 86_400).rounded(.down)))
        let ofDay = ((seconds % 86_400) + 86_400) % 86_400
        let time = "\(two(ofDay / 3600)):\(two(ofDay % 3600 / 60))"
        self.init("\(month)月\(day)日\(time)", "\(time) on \(day) \(Self.months[Int(month) - 1])")
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
