import Models

/// How large a rulebook and its parts may be; what makes sense is for `RulebookCheck`.
extension Rulebook {
    /// Checks the sizes and the form of codes.
    ///
    /// - Throws: `RowFaults`.
    package func bounded() throws(RowFaults) -> Rulebook {
        var reader = RowReader()
        reader.most(500, categories, "categories")
        reader.most(3000, clocks, "clocks")
        reader.most(20, calendars, "calendars")
        reader.most(5000, routes, "routes")
        reader.most(9, escalation, "escalation")
        reader.most(WhistleKind.allCases.count, whistles ?? [], "whistles")
        guard reader.isSound else { throw reader.rejection }
        for (index, category) in categories.enumerated() { reader.bound(category, "categories/\(index)") }
        for (index, clock) in clocks.enumerated() { reader.bound(clock, "clocks/\(index)") }
        for (index, calendar) in calendars.enumerated() { reader.bound(calendar, "calendars/\(index)") }
        for (index, whistle) in (whistles ?? []).enumerated() {
            reader.bound(whistle.response, "whistles/\(index)/response")
        }
        for (index, route) in routes.enumerated() { reader.bound(route, "routes/\(index)") }
        reader.within(1...99, reminderPercent, "reminderPercent")
        for (index, step) in escalation.enumerated() {
            reader.within(0...10_000, step.afterPercent, "escalation/\(index)/afterPercent")
        }
        return try reader.checked(self)
    }
}

extension RowReader {
    fileprivate mutating func most(_ max: Int, _ items: [some Any], _ field: String) {
        within(0...max, items.count, field)
    }

    fileprivate mutating func within(_ range: ClosedRange<Int>, _ number: Int, _ field: String) {
        if !range.contains(number) { add(.outOfRange(field, range)) }
    }

    private mutating func text(_ text: String, _ field: String) { _ = self.text(text, field, max: 100) }

    private mutating func bound(_ name: RuleName, _ field: String) {
        text(name.zh, field + "/zh")
        text(name.en, field + "/en")
    }

    fileprivate mutating func bound(_ category: CategoryRule, _ field: String) {
        _ = code(category.code, field + "/code")
        bound(category.name, field + "/name")
        if let organisation = category.organisation { _ = text(organisation, field + "/organisation", max: 64) }
        most(20, category.attributes, field + "/attributes")
        for (index, attribute) in category.attributes.prefix(20).enumerated() {
            let field = "\(field)/attributes/\(index)"
            _ = code(attribute.code, field + "/code")
            bound(attribute.name, field + "/name")
            most(50, attribute.choices ?? [], field + "/choices")
            for (index, choice) in (attribute.choices ?? []).prefix(50).enumerated() {
                text(choice, "\(field)/choices/\(index)")
            }
        }
    }

    fileprivate mutating func bound(_ clock: ClockRule, _ field: String) {
        if let category = clock.category { _ = code(category, field + "/category") }
        bound(clock.response, field + "/response")
        bound(clock.resolve, field + "/resolve")
    }

    fileprivate mutating func bound(_ length: ClockLength, _ field: String) {
        // No more than ten years of any unit, which is as far as calendars look.
        let most =
            switch length.unit {
            case .minutes: 525_600
            case .hours: 8760
            case .workingDays: 365
            }
        within(1...most, length.amount, field + "/amount")
        if let calendar = length.calendar { _ = code(calendar, field + "/calendar") }
    }

    fileprivate mutating func bound(_ calendar: CalendarRule, _ field: String) {
        _ = code(calendar.code, field + "/code")
        bound(calendar.name, field + "/name")
        most(7, calendar.weekdays, field + "/weekdays")
        for weekday in calendar.weekdays.prefix(7) { within(1...7, weekday, field + "/weekdays") }
        most(12, calendar.hours, field + "/hours")
        most(50, calendar.years, field + "/years")
        for year in calendar.years.prefix(50) { within(1...9999, year, field + "/years") }
        most(2000, calendar.holidays, field + "/holidays")
        most(500, calendar.makeUpDays, field + "/makeUpDays")
    }

    fileprivate mutating func bound(_ route: RouteRule, _ field: String) {
        if let category = route.category { _ = code(category, field + "/category") }
        let prefix = route.gridPrefix
        if prefix.utf8.count > 17 || !prefix.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            add(.malformed(field + "/gridPrefix", form: ("最多 17 位数字", "at most 17 digits")))
        }
        _ = text(route.organisation, field + "/organisation", max: 64)
    }
}
