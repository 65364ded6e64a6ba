import Foundation
import GridOperationsService
import Models
import Testing

@Suite struct RulebookCheckTests {
    private let today: CalendarDay

    init() throws { today = try #require(CalendarDay("2021-05-10")) }

    private func findings(
        _ county: RulebookSurroundings = RulebookSurroundings(), _ change: (inout Rulebook) -> Void = { _ in }
    ) -> [RulebookFinding] {
        var rulebook = RulebookSamples.rulebook()
        // The sample has an ended admission on purpose; here nothing is wrong at first.
        rulebook.categories[1].admittedUntil = nil
        change(&rulebook)
        return RulebookCheck(rulebook, today: today, in: county).findings
    }

    @Test func `a rulebook that holds together has no findings`() { #expect(findings() == []) }

    private struct Case: Sendable, CustomTestStringConvertible {
        let severity: RulebookFinding.Severity
        let code: String
        let place: String
        let change: @Sendable (inout Rulebook) -> Void
        var testDescription: String { code }
    }

    private static func day(_ text: String) -> [CalendarDay] { [CalendarDay(text)].compactMap { $0 } }

    private static let cases: [Case] = [
        Case(severity: .error, code: "category-without-clock", place: "/categories/1") {
            $0.clocks[0].urgency = .urgent
        },
        Case(severity: .error, code: "no-default-clock", place: "/clocks") { $0.clocks[0].urgency = .urgent },
        Case(severity: .error, code: "duplicate-code", place: "/categories/1/code") { $0.categories[1].code = "FIRE" },
        Case(severity: .error, code: "duplicate-code", place: "/calendars/0/code") {
            $0.calendars.append(RulebookSamples.office)
        },
        Case(severity: .warning, code: "admission-ended", place: "/categories/0/admittedUntil") {
            $0.categories[0].admittedUntil = CalendarDay("2021-05-09")
        },
        Case(severity: .warning, code: "no-organisation", place: "/categories/0") {
            $0.categories[0].organisation = nil
        },
        Case(severity: .error, code: "choices", place: "/categories/0/attributes/0/choices") {
            $0.categories[0].attributes = [
                AttributeRule(code: "a", name: RuleName(zh: "甲", en: "a"), kind: .choice, isRequired: true)
            ]
        },
        Case(severity: .error, code: "unknown-category", place: "/clocks/2/category") { $0.clocks[2].category = "X" },
        Case(severity: .error, code: "duplicate-clock", place: "/clocks/3") { $0.clocks.append($0.clocks[1]) },
        Case(severity: .error, code: "unknown-calendar", place: "/clocks/0/resolve/calendar") {
            $0.clocks[0].resolve.calendar = "x"
        },
        Case(severity: .error, code: "calendar-without-year", place: "/calendars/0/years") {
            $0.calendars[0].years = [2022]
        },
        Case(severity: .warning, code: "calendar-without-next-year", place: "/calendars/0/years") {
            $0.calendars[0].years = [2021]
        },
        Case(severity: .error, code: "holiday-worked", place: "/calendars/0/makeUpDays") {
            ($0.calendars[0].holidays, $0.calendars[0].makeUpDays) = (day("2021-05-08"), day("2021-05-08"))
        },
        Case(severity: .error, code: "day-of-no-year", place: "/calendars/0/years") {
            $0.calendars[0].holidays = day("2023-05-01")
        },
        Case(severity: .warning, code: "make-up-on-working-day", place: "/calendars/0/makeUpDays") {
            $0.calendars[0].makeUpDays = day("2021-05-10")
        },
        Case(severity: .error, code: "hours", place: "/calendars/0/hours") { $0.calendars[0].hours = [] },
        Case(severity: .error, code: "hours", place: "/calendars/0/hours") {
            $0.calendars[0].hours += $0.calendars[0].hours
        },
        Case(severity: .error, code: "weekdays", place: "/calendars/0/weekdays") { $0.calendars[0].weekdays = [] },
        Case(severity: .error, code: "unknown-category", place: "/routes/0/category") {
            $0.routes = [RouteRule(category: "X", organisation: "A")]
        },
        Case(severity: .error, code: "duplicate-route", place: "/routes/1") {
            $0.routes = [RouteRule(organisation: "A"), RouteRule(organisation: "B")]
        },
        Case(severity: .error, code: "no-escalation", place: "/escalation") { $0.escalation = [] },
        Case(severity: .error, code: "escalation-order", place: "/escalation") { $0.escalation[0].afterPercent = 10 },
        Case(severity: .error, code: "escalation-order", place: "/escalation") { $0.escalation[2].afterPercent = 50 },
        Case(severity: .warning, code: "escalation-downwards", place: "/escalation") {
            $0.escalation[2].to = .community
        },
    ]

    @Test(arguments: cases) private func `what would go wrong is found with its place`(_ sample: Case) {
        let found = findings(change: sample.change)
        #expect(
            found.contains { ($0.severity, $0.code, $0.place) == (sample.severity, sample.code, sample.place) },
            "\(found)")
        #expect(found.allSatisfy { !$0.message.zh.isEmpty && $0.message.zh != $0.message.en })
    }

    private func findings(change: (inout Rulebook) -> Void) -> [RulebookFinding] {
        findings(RulebookSurroundings(), change)
    }

    @Test func `places that are not there and areas without staff are found`() {
        let county = RulebookSurroundings(
            unknownPrefixes: ["530000"], unstaffedAreas: [GridSamples.area], unstaffedCount: 7)
        let found = findings(county) { $0.routes = [RouteRule(gridPrefix: "530000", organisation: "A")] }
        #expect(found.map(\.code) == ["unknown-place", "grid-without-staff", "grids-without-staff"])
        #expect(found.map(\.place) == ["/routes/0/gridPrefix", GridSamples.area.digits, "/"])
    }

    // MARK: - Bounds

    @Test func `sizes and codes are bounded`() throws {
        #expect(try RulebookSamples.rulebook().bounded() == RulebookSamples.rulebook())
        func fields(_ change: (inout Rulebook) -> Void) -> [String] {
            var rulebook = RulebookSamples.rulebook()
            change(&rulebook)
            do throws(RowFaults) {
                _ = try rulebook.bounded()
                return []
            } catch { return error.faults.map(\.field) }
        }
        #expect(fields { $0.reminderPercent = 100 } == ["reminderPercent"])
        #expect(fields { $0.escalation[1].afterPercent = -1 } == ["escalation/1/afterPercent"])
        #expect(fields { $0.categories[0].code = "火" } == ["categories/0/code"])
        #expect(fields { $0.categories[0].name.zh = "" } == ["categories/0/name/zh"])
        #expect(fields { $0.clocks[1].resolve.amount = 0 } == ["clocks/1/resolve/amount"])
        #expect(fields { $0.calendars[0].weekdays = [0] } == ["calendars/0/weekdays"])
        #expect(fields { $0.calendars[0].years = [2026, 10_000] } == ["calendars/0/years"])
        #expect(fields { $0.routes = [RouteRule(gridPrefix: "12x", organisation: "A")] } == ["routes/0/gridPrefix"])
        #expect(
            fields { $0.categories = Array(repeating: $0.categories[0], count: 501) } == ["categories"])
    }

    // MARK: - Versions

    @Test func `a version is published once it is checked, a minute ahead, and never changes again`() throws {
        let moment = try RulebookSamples.moment("2021-05-10T10:00:00")
        let draft = RulebookVersion(
            number: 2, content: RulebookSamples.rulebook(), createdAt: moment, changedAt: moment)
        #expect(throws: RulebookRefusal.notChecked) {
            try draft.published(from: nil, after: nil, finding: [], at: moment)
        }
        let fault = RulebookFinding(.error, "x", at: "/", "错", "wrong")
        #expect(try draft.checked([fault], at: moment).state == .draft)
        let checked = try draft.checked([], at: moment)
        #expect(checked.state == .checked && checked.revision == 2)
        #expect(try checked.replacing(draft.content, at: moment).state == .draft)
        #expect(throws: RulebookRefusal.errors([fault])) {
            try checked.published(from: nil, after: nil, finding: [fault], at: moment)
        }
        let earliest = moment.addingTimeInterval(60)
        #expect(throws: RulebookRefusal.tooSoon(earliest: earliest)) {
            try checked.published(from: moment, after: nil, finding: [], at: moment)
        }
        let late = moment.addingTimeInterval(3600)
        #expect(throws: RulebookRefusal.tooSoon(earliest: late.addingTimeInterval(1))) {
            try checked.published(from: late, after: late, finding: [], at: moment)
        }
        let published = try checked.published(from: nil, after: nil, finding: [], at: moment)
        #expect(published.state == .published && published.effectiveFrom == earliest)
        for change in [
            { try published.replacing(draft.content, at: moment) }, { try published.checked([], at: moment) },
        ] {
            #expect(throws: RulebookRefusal.published) { _ = try change() }
        }
    }

    // MARK: - Trials

    @Test func `a trial says what other rules would have made of the past`() throws {
        let worker = PersonID.new()
        let own = RulebookSamples.rules()
        let present = try RulebookSamples.inProgress(by: worker, at: RulebookSamples.moment("2021-05-10T10:00:00"))
        let handled = try RulebookSamples.moment("2021-05-11T11:00:00")
        let steps = [
            IncidentStep(
                version: 2, action: .file, actor: worker, at: present.clocks[1].startedAt, state: .filed,
                organisation: nil, note: nil),
            IncidentStep(
                version: 3, action: .selfHandle, actor: worker, at: handled, state: .handled, organisation: nil,
                note: "好"),
        ]
        let shorter = RulebookSamples.rules(8) { $0.clocks[2].resolve.amount = 6 }
        var trial = RulebookTrial()
        trial.take(
            PastIncident(incident: present.incident, steps: steps), own: own, others: shorter,
            until: handled.addingTimeInterval(86_400))
        let resolve = try #require(trial.figures[.resolve])
        #expect(trial.incidents == 1 && resolve.present == 1 && resolve.tried == 1)
        // Ten hours hold for what took nine; six do not, and not by half again.
        #expect(resolve.presentMissed == 0 && resolve.triedMissed == 1 && resolve.newlyMissed == 1)
        #expect(resolve.triedEscalated == 1 && resolve.earlier == 1 && resolve.later == 0)
        #expect(trial.figures[.response]?.same == 1)
    }
}
