import Models

/// Looks for what would go wrong with a rulebook before it counts.
package struct RulebookCheck {
    /// What was found, in the order of the rulebook.
    package private(set) var findings: [RulebookFinding] = []
    private let rulebook: Rulebook
    private let today: CalendarDay

    /// Checks a rulebook as of a day, in a county.
    package init(_ rulebook: Rulebook, today: CalendarDay, in county: RulebookSurroundings) {
        self.rulebook = rulebook
        self.today = today
        checkCategories()
        checkClocks()
        for (index, calendar) in rulebook.calendars.enumerated() { check(calendar, at: "/calendars/\(index)") }
        checkRoutes(unknown: county.unknownPrefixes)
        checkEscalation()
        checkWhistles()
        checkStaff(county)
    }

    private mutating func error(_ code: String, at place: String, _ chinese: String, _ english: String) {
        findings.append(RulebookFinding(.error, code, at: place, chinese, english))
    }

    private mutating func warn(_ code: String, at place: String, _ chinese: String, _ english: String) {
        findings.append(RulebookFinding(.warning, code, at: place, chinese, english))
    }

    // MARK: - Categories

    private mutating func checkCategories() {
        var seen: Set<String> = []
        for (index, category) in rulebook.categories.enumerated() {
            let place = "/categories/\(index)"
            if !seen.insert(category.code).inserted {
                error(
                    "duplicate-code", at: place + "/code", "类别代码 \(category.code) 重复，请改为不同的代码",
                    "the category code \(category.code) is there twice; give each its own")
            }
            checkClock(of: category, at: place)
            check(category.attributes, at: place)
            if category.isAdmitted, let end = category.admittedUntil, end < today {
                warn(
                    "admission-ended", at: place + "/admittedUntil", "类别 \(category.code) 的准入已于 \(end) 到期，请延期或移出清单",
                    "the admission of \(category.code) ended on \(end); renew it or take it off the list")
            }
            if category.isAdmitted, category.organisation == nil, !hasRoute(category) {
                warn(
                    "no-organisation", at: place, "类别 \(category.code) 没有牵头单位也没有路由，派遣时须逐件填写；请补充其一",
                    "\(category.code) has neither a leading organisation nor a route, so each dispatch must name one; add either"
                )
            }
        }
    }

    private mutating func checkClock(of category: CategoryRule, at place: String) {
        for urgency in IncidentUrgency.allCases where !hasClock(category.code, urgency) {
            error(
                "category-without-clock", at: place,
                "类别 \(category.code) 在紧急程度 \(urgency.rawValue) 下没有时限，请在 clocks 中补充",
                "\(category.code) has no clock for the urgency \(urgency.rawValue); add one to clocks")
        }
    }

    private mutating func check(_ attributes: [AttributeRule], at place: String) {
        var seen: Set<String> = []
        for (index, attribute) in attributes.enumerated() {
            let place = "\(place)/attributes/\(index)"
            if !seen.insert(attribute.code).inserted {
                error(
                    "duplicate-code", at: place + "/code", "属性代码 \(attribute.code) 重复，请改为不同的代码",
                    "the attribute code \(attribute.code) is there twice; give each its own")
            }
            if (attribute.kind == .choice) == (attribute.choices ?? []).isEmpty {
                error(
                    "choices", at: place + "/choices", "只有选择类属性有选项，且至少一个；请补充或删除",
                    "choices belong to attributes of the kind choice, at least one; add or remove them")
            }
        }
    }

    private func hasClock(_ category: String?, _ urgency: IncidentUrgency) -> Bool {
        rulebook.clocks.contains {
            ($0.category == nil || $0.category == category) && ($0.urgency == nil || $0.urgency == urgency)
        }
    }

    private func hasRoute(_ category: CategoryRule) -> Bool {
        rulebook.routes.contains {
            ($0.category == nil || $0.category == category.code)
                && ($0.function == nil || $0.function == category.function)
        }
    }

    // MARK: - Clocks

    private mutating func checkClocks() {
        let categories = Set(rulebook.categories.map(\.code))
        var seen: Set<String> = []
        for (index, clock) in rulebook.clocks.enumerated() {
            let place = "/clocks/\(index)"
            if let category = clock.category, !categories.contains(category) {
                error(
                    "unknown-category", at: place + "/category", "没有类别 \(category)，请补充类别或改正时限",
                    "there is no category \(category); add it or correct the clock")
            }
            if !seen.insert("\(clock.category ?? "*") \(clock.urgency?.rawValue ?? "*")").inserted {
                error(
                    "duplicate-clock", at: place, "同一类别和紧急程度有两条时限，请只保留一条",
                    "there are two clocks for the same category and urgency; keep one")
            }
            check(clock.response, at: place + "/response")
            check(clock.resolve, at: place + "/resolve")
        }
        for urgency in IncidentUrgency.allCases where !hasClock(nil, urgency) {
            error(
                "no-default-clock", at: "/clocks", "紧急程度 \(urgency.rawValue) 没有默认时限，未分类的事件将没有时限，请补充",
                "the urgency \(urgency.rawValue) has no clock of its own, so incidents without a category would have none; add one"
            )
        }
    }

    private mutating func check(_ length: ClockLength, at place: String) {
        guard let code = length.calendar else { return }
        if !rulebook.calendars.contains(where: { $0.code == code }) {
            error(
                "unknown-calendar", at: place + "/calendar", "没有日历 \(code)，请补充日历或改正时限",
                "there is no calendar \(code); add it or correct the clock")
        }
    }

    // MARK: - Calendars

    private mutating func check(_ calendar: CalendarRule, at place: String) {
        if rulebook.calendars.count(where: { $0.code == calendar.code }) > 1 {
            error(
                "duplicate-code", at: place + "/code", "日历代码 \(calendar.code) 重复，请改为不同的代码",
                "the calendar code \(calendar.code) is there twice; give each its own")
        }
        checkHours(of: calendar, at: place)
        if !calendar.years.contains(today.year) {
            error(
                "calendar-without-year", at: place + "/years", "日历 \(calendar.code) 没有 \(today.year) 年的节假日，请补充",
                "the calendar \(calendar.code) lacks the holidays of \(today.year); add them")
        }
        if !calendar.years.contains(today.year + 1) {
            warn(
                "calendar-without-next-year", at: place + "/years",
                "日历 \(calendar.code) 没有 \(today.year + 1) 年的节假日，跨年的时限将只按周计算；国务院办公厅公布后请补充",
                "the calendar \(calendar.code) lacks the holidays of \(today.year + 1), so what is due then counts weeks alone; add them when they are announced"
            )
        }
        for day in Set(calendar.holidays).intersection(calendar.makeUpDays).sorted() {
            error(
                "holiday-worked", at: place + "/makeUpDays", "\(day) 既是节假日又是调休上班日，请删除其一",
                "\(day) is both a holiday and a make-up day; remove one")
        }
        for day in Set(calendar.holidays + calendar.makeUpDays).sorted() where !calendar.years.contains(day.year) {
            error(
                "day-of-no-year", at: place + "/years", "\(day) 不在该日历的年份内，请补充年份或改正日期",
                "\(day) is of no year of the calendar; add the year or correct the day")
        }
        for day in calendar.makeUpDays where calendar.calendar.isOrdinaryWorkingDay(day) {
            warn(
                "make-up-on-working-day", at: place + "/makeUpDays", "\(day) 本来就是工作日，请核对调休日期",
                "\(day) is a working day anyway; check the make-up day")
        }
    }

    private mutating func checkHours(of calendar: CalendarRule, at place: String) {
        let spans = calendar.hours.map { $0.from.minute..<max($0.from.minute, $0.to.minute) }
        let isAscending = zip(spans, spans.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }
        if spans.isEmpty || spans.contains(where: \.isEmpty) || !isAscending {
            error(
                "hours", at: place + "/hours", "工作时段应至少一个，按顺序且不重叠，请改正",
                "there must be at least one span of hours, in order and clear of each other; correct them")
        }
        if calendar.weekdays.isEmpty || Set(calendar.weekdays).count < calendar.weekdays.count {
            error(
                "weekdays", at: place + "/weekdays", "工作日应至少一天且不重复（1 为周一），请改正",
                "there must be at least one working day of the week, none twice (1 is Monday); correct them")
        }
    }

    // MARK: - Routes, escalation, staff

    private mutating func checkRoutes(unknown: Set<String>) {
        let categories = Set(rulebook.categories.map(\.code))
        var seen: Set<String> = []
        for (index, route) in rulebook.routes.enumerated() {
            let place = "/routes/\(index)"
            if let category = route.category, !categories.contains(category) {
                error(
                    "unknown-category", at: place + "/category", "没有类别 \(category)，请补充类别或改正路由",
                    "there is no category \(category); add it or correct the route")
            }
            if unknown.contains(route.gridPrefix) {
                error(
                    "unknown-place", at: place + "/gridPrefix", "没有代码以 \(route.gridPrefix) 开头的区划或网格，请先导入或改正",
                    "no division or grid has a code that begins with \(route.gridPrefix); import it first or correct the route"
                )
            }
            let key = "\(route.category ?? "*") \(route.function?.rawValue ?? "*") \(route.gridPrefix)"
            if !seen.insert(key).inserted {
                error(
                    "duplicate-route", at: place, "同一范围有两条路由，请只保留一条",
                    "there are two routes for the same incidents; keep one")
            }
        }
    }

    private mutating func checkEscalation() {
        let steps = rulebook.escalation
        if steps.isEmpty {
            error(
                "no-escalation", at: "/escalation", "没有逾期上报的层级，请至少设一级",
                "nobody is told of what is overdue; add a step at least")
        }
        let isAscending = zip(steps, steps.dropFirst()).allSatisfy { $0.afterPercent < $1.afterPercent }
        if !isAscending || steps.first.map({ $0.afterPercent != 0 }) ?? false {
            error(
                "escalation-order", at: "/escalation", "第一级应为 0（到期即报），以后各级递增，请改正",
                "the first step must be at 0, when the time is over, and each later than the one before; correct them")
        }
        let ranks = steps.map { DivisionLevel.allCases.firstIndex(of: $0.to) ?? 0 }
        if zip(ranks, ranks.dropFirst()).contains(where: { $0 < $1 }) {
            warn(
                "escalation-downwards", at: "/escalation", "上报层级先高后低，请核对", "the steps lead down the line; check them")
        }
    }

    private mutating func checkWhistles() {
        var seen: Set<WhistleKind> = []
        for (index, whistle) in (rulebook.whistles ?? []).enumerated() {
            let place = "/whistles/\(index)"
            if !seen.insert(whistle.kind).inserted {
                error(
                    "duplicate-whistle", at: place, "同一类吹哨有两条时限，请只保留一条",
                    "there are two rules for the same kind of whistle; keep one")
            }
            check(whistle.response, at: place + "/response")
        }
    }

    private mutating func checkStaff(_ county: RulebookSurroundings) {
        for area in county.unstaffedAreas {
            warn(
                "grid-without-staff", at: area.digits, "责任区 \(area) 没有网格员，事件将无人接手；请先配备",
                "the area \(area) has no grid worker to take an incident up; staff it")
        }
        if county.unstaffedCount > county.unstaffedAreas.count {
            warn(
                "grids-without-staff", at: "/", "共有 \(county.unstaffedCount) 个责任区没有网格员，以上只列出一部分",
                "\(county.unstaffedCount) areas have no grid worker; the findings above name only some")
        }
    }
}
