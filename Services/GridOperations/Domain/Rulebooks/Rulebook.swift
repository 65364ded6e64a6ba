import Foundation
import Models

/// The county's rules of incidents as data: categories, clocks, calendars, routes.
///
/// The JSON document of `/v1/rulebooks`, kept whole in each version. Once published it never changes.
package struct Rulebook: Codable, Sendable, Hashable {
    /// Second level of the categories; the first are the five functions.
    package var categories: [CategoryRule]
    /// How much time there is, by category and urgency.
    package var clocks: [ClockRule]
    /// When people work.
    package var calendars: [CalendarRule]
    /// Who leads the handling when nobody says so.
    package var routes: [RouteRule]
    /// After how many hundredths of its time a clock reminds.
    package var reminderPercent: Int
    /// Who must know when the time is over, one after the other.
    package var escalation: [EscalationRule]
    /// How much time units have to answer a whistle, by its kind; nil for the usual times.
    package var whistles: [WhistleRule]?

    /// Gathers the rules.
    package init(
        categories: [CategoryRule], clocks: [ClockRule], calendars: [CalendarRule], routes: [RouteRule],
        reminderPercent: Int, escalation: [EscalationRule], whistles: [WhistleRule]? = nil
    ) {
        self.whistles = whistles
        self.categories = categories
        self.clocks = clocks
        self.calendars = calendars
        self.routes = routes
        self.reminderPercent = reminderPercent
        self.escalation = escalation
    }
}

/// A text in both languages, as a rulebook has it.
package struct RuleName: Codable, Sendable, Hashable {
    package var zh: String
    package var en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }
}

/// A category 事项类别 of incidents.
package struct CategoryRule: Codable, Sendable, Hashable {
    /// Its code, unique in the rulebook.
    package var code: String
    /// The function that it belongs to.
    package var function: GridFunction
    package var name: RuleName
    /// What must be known of an incident of this category.
    package var attributes: [AttributeRule]
    /// Whether it is on the list of tasks that grids take 网格事项准入清单.
    package var isAdmitted: Bool
    /// The last day on that list; nil for no end.
    package var admittedUntil: CalendarDay?
    /// The organisation that leads where no route says otherwise.
    package var organisation: String?
    /// Whether everybody may read over Open311 what was reported that way; nil for what goes with its function.
    package var isPublic: Bool?

    package init(
        code: String, function: GridFunction, name: RuleName, attributes: [AttributeRule] = [],
        isAdmitted: Bool = true, admittedUntil: CalendarDay? = nil, organisation: String? = nil, isPublic: Bool? = nil
    ) {
        self.isPublic = isPublic
        self.code = code
        self.function = function
        self.name = name
        self.attributes = attributes
        self.isAdmitted = isAdmitted
        self.admittedUntil = admittedUntil
        self.organisation = organisation
    }

    /// Looks whether all is known of an incident that must be.
    ///
    /// - Throws: `IncidentRefusal.attribute`.
    package func requireAnswers(_ answers: [String: String]) throws(IncidentRefusal) {
        let known = Set(attributes.map(\.code))
        if let stranger = answers.keys.sorted().first(where: { !known.contains($0) }) {
            throw .attribute(stranger, .unknown)
        }
        for attribute in attributes {
            guard let answer = answers[attribute.code] else {
                guard !attribute.isRequired else { throw .attribute(attribute.code, .missing) }
                continue
            }
            if attribute.kind == .number, Double(answer)?.isFinite != true {
                throw .attribute(attribute.code, .notANumber)
            }
            if attribute.kind == .choice, let choices = attribute.choices, !choices.contains(answer) {
                throw .attribute(attribute.code, .notAChoice(choices))
            }
        }
    }

    /// Whether grids take it on a day.
    package func isAdmitted(on day: CalendarDay) -> Bool {
        isAdmitted && admittedUntil.map { day <= $0 } ?? true
    }
}

/// Something that is asked about an incident of a category.
package struct AttributeRule: Codable, Sendable, Hashable {
    /// What may be answered.
    package enum Kind: String, Codable, Sendable {
        case text
        case number
        case choice
    }

    /// Its code, unique in the category.
    package var code: String
    package var name: RuleName
    package var kind: Kind
    /// Whether an incident cannot be filed without it.
    package var isRequired: Bool
    /// The words of a choice.
    package var choices: [String]?

    package init(code: String, name: RuleName, kind: Kind, isRequired: Bool, choices: [String]? = nil) {
        self.code = code
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.choices = choices
    }
}

/// How much time there is for incidents of a category and an urgency; the rule that says most counts.
package struct ClockRule: Codable, Sendable, Hashable {
    /// One category alone; nil for all.
    package var category: String?
    /// One urgency alone; nil for all.
    package var urgency: IncidentUrgency?
    /// From the report until somebody has taken it up.
    package var response: ClockLength
    /// From the filing until the result holds.
    package var resolve: ClockLength

    package init(
        category: String? = nil, urgency: IncidentUrgency? = nil, response: ClockLength, resolve: ClockLength
    ) {
        self.category = category
        self.urgency = urgency
        self.response = response
        self.resolve = resolve
    }
}

/// How much time there is from a whistle until every unit that it called has answered.
package struct WhistleRule: Codable, Sendable, Hashable {
    package var kind: WhistleKind
    package var response: ClockLength

    package init(kind: WhistleKind, response: ClockLength) {
        self.kind = kind
        self.response = response
    }

    /// What counts where a rulebook says nothing: on the place within an hour in an emergency, else a first answer within
    /// a day (`DOMAIN.md` 3.6).
    package static func usual(_ kind: WhistleKind) -> ClockLength {
        switch kind {
        case .emergency: ClockLength(1, .hours)
        case .hard, .daily: ClockLength(24, .hours)
        }
    }
}

/// An amount of time on a calendar.
package struct ClockLength: Codable, Sendable, Hashable {
    /// What is counted.
    package enum Unit: String, Codable, Sendable {
        case minutes
        case hours
        /// As many hours as the calendar's working day has.
        case workingDays
    }

    package var amount: Int
    package var unit: Unit
    /// The code of the calendar; nil for round the clock.
    package var calendar: String?

    package init(_ amount: Int, _ unit: Unit, on calendar: String? = nil) {
        self.amount = amount
        self.unit = unit
        self.calendar = calendar
    }
}

/// When people work.
package struct CalendarRule: Codable, Sendable, Hashable {
    /// Working hours of a day, `08:30` to `12:00`.
    package struct Hours: Codable, Sendable, Hashable {
        package var from: DayTime
        package var to: DayTime

        package init(from: DayTime, to: DayTime) {
            self.from = from
            self.to = to
        }
    }

    /// Its code, unique in the rulebook.
    package var code: String
    package var name: RuleName
    /// Working days of the week, 1 (Monday) to 7.
    package var weekdays: [Int]
    package var hours: [Hours]
    /// The years whose holidays it knows; the others are made of weeks alone.
    package var years: [Int]
    package var holidays: [CalendarDay]
    /// Days off that are worked to pay for holidays 调休.
    package var makeUpDays: [CalendarDay]

    package init(
        code: String, name: RuleName, weekdays: [Int], hours: [Hours], years: [Int], holidays: [CalendarDay],
        makeUpDays: [CalendarDay]
    ) {
        self.code = code
        self.name = name
        self.weekdays = weekdays
        self.hours = hours
        self.years = years
        self.holidays = holidays
        self.makeUpDays = makeUpDays
    }

    /// The calendar that it describes.
    package var calendar: BusinessCalendar {
        BusinessCalendar(
            hours: hours.compactMap { span in
                span.from.minute < span.to.minute ? span.from.minute * 60_000..<span.to.minute * 60_000 : nil
            }, weekdays: Set(weekdays), holidays: holidays, makeUpDays: makeUpDays)
    }
}

/// A time of day to the minute, `08:30`; `24:00` is the end of the day.
package struct DayTime: Codable, Sendable, Hashable {
    /// Minutes since midnight, 1440 at most.
    package let minute: Int

    /// Reads `hh:mm`, or gives nil.
    package init?(_ text: String) {
        guard let match = text.wholeMatch(of: /([0-9]{2}):([0-5][0-9])/), let hour = Int(match.1),
            let minute = Int(match.2), hour * 60 + minute <= 1440
        else { return nil }
        self.minute = hour * 60 + minute
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = DayTime(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a time of day is hh:mm")
        }
        self = time
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        let padded = [minute / 60, minute % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        try container.encode(padded.joined(separator: ":"))
    }
}

/// Who leads the handling of incidents in a place, when whoever dispatches names nobody; the rule that says most counts.
package struct RouteRule: Codable, Sendable, Hashable {
    /// One category alone; nil for all.
    package var category: String?
    /// One function alone; nil for all.
    package var function: GridFunction?
    /// The beginning of the code of the grid; empty for everywhere.
    package var gridPrefix: String
    /// The organisation that leads.
    package var organisation: String

    package init(
        category: String? = nil, function: GridFunction? = nil, gridPrefix: String = "", organisation: String
    ) {
        self.category = category
        self.function = function
        self.gridPrefix = gridPrefix
        self.organisation = organisation
    }
}

/// Who must know that time is over.
package struct EscalationRule: Codable, Sendable, Hashable {
    /// The level of the division, counted up from the grid.
    package var to: DivisionLevel
    /// How much later than the due time, in hundredths of the clock's whole time; 0 for at once.
    package var afterPercent: Int

    package init(to: DivisionLevel, afterPercent: Int) {
        self.to = to
        self.afterPercent = afterPercent
    }
}
