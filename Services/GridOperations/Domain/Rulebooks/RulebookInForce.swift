import Foundation
import Models

/// A version of the county's rules, ready to be asked.
package struct RulebookInForce: Sendable {
    /// Its number.
    package let number: Int
    /// What it says.
    package let content: Rulebook
    private let calendars: [String: BusinessCalendar]
    private let categories: [String: CategoryRule]

    /// Readies a version.
    package init(number: Int, content: Rulebook) {
        self.number = number
        self.content = content
        calendars = Dictionary(content.calendars.map { ($0.code, $0.calendar) }) { first, _ in first }
        categories = Dictionary(content.categories.map { ($0.code, $0) }) { first, _ in first }
    }

    /// A category by its code.
    package func category(_ code: String) -> CategoryRule? { categories[code] }

    /// The category that an incident may be filed or reported under on a day.
    ///
    /// - Throws: `IncidentRefusal` when there is none, when it is of another function, when grids do not take it, or when
    ///   what it asks is not answered as it must be.
    package func category(
        _ code: String, function: GridFunction?, answers: [String: String], on day: CalendarDay?
    ) throws(IncidentRefusal) -> CategoryRule {
        guard let category = category(code) else { throw .categoryUnknown(code) }
        guard function ?? category.function == category.function else {
            throw .otherFunction(category: code, category.function)
        }
        guard let day, category.isAdmitted(on: day) else { throw .categoryNotAdmitted(code) }
        try category.requireAnswers(answers)
        return category
    }

    /// A calendar by its code; round the clock for none, and for one that a rulebook lacks.
    package func calendar(_ code: String?) -> BusinessCalendar {
        code.flatMap { calendars[$0] } ?? .roundTheClock
    }

    /// The rule of clocks that says most of a category and an urgency: a rule of the category goes before one of the
    /// urgency.
    ///
    /// A category that the rulebook does not have is as none.
    package func clock(category: String?, urgency: IncidentUrgency) -> ClockRule? {
        content.clocks.filter { rule in
            (rule.category == nil || rule.category == category) && (rule.urgency == nil || rule.urgency == urgency)
        }.max { Self.weight($0) < Self.weight($1) }
    }

    /// How much time units have to answer a whistle.
    package func whistle(_ kind: WhistleKind) -> ClockLength {
        content.whistles?.first { $0.kind == kind }?.response ?? WhistleRule.usual(kind)
    }

    private static func weight(_ rule: ClockRule) -> Int {
        (rule.category == nil ? 0 : 2) + (rule.urgency == nil ? 0 : 1)
    }

    /// The milliseconds of a length on its calendar.
    package func milliseconds(_ length: ClockLength) -> Int {
        switch length.unit {
        case .minutes: length.amount * 60_000
        case .hours: length.amount * 3_600_000
        case .workingDays: length.amount * calendar(length.calendar).dayLength
        }
    }

    /// The organisation that leads an incident when nobody names one: by the route that says most (a category before a
    /// function, then the longest beginning of the grid's code), else by the category.
    package func organisation(category: String?, function: GridFunction, grid: GridCode) -> String? {
        let route = content.routes.filter { route in
            (route.category == nil || route.category == category)
                && (route.function == nil || route.function == function) && grid.digits.hasPrefix(route.gridPrefix)
        }.max { Self.weight($0) < Self.weight($1) }
        return route?.organisation ?? category.flatMap { self.category($0)?.organisation }
    }

    private static func weight(_ route: RouteRule) -> (Int, Int) {
        ((route.category == nil ? 0 : 2) + (route.function == nil ? 0 : 1), route.gridPrefix.utf8.count)
    }

    // MARK: - Levels

    /// The highest level that a clock comes to: 0 is the reminder.
    package var levelMax: Int { content.escalation.count }

    /// How much of a clock's time has passed when it comes to a level, in hundredths.
    package func percent(level: Int) -> Int {
        level == 0 ? content.reminderPercent : 100 + content.escalation[level - 1].afterPercent
    }

    /// The division whose leaders must know at a level; nil for the reminder, which is for the handlers.
    package func division(level: Int, grid: GridCode) -> DivisionCode? {
        guard level > 0 else { return nil }
        var division = grid.community
        while let present = division, present.level != content.escalation[level - 1].to { division = present.parent }
        return division
    }
}
