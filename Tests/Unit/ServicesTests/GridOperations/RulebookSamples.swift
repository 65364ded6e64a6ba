import Foundation
import GridOperationsService
import Models
import Testing

/// A small rulebook: hours on weekdays from nine to five, two categories, three steps up the line.
enum RulebookSamples {
    static let office = CalendarRule(
        code: "office", name: RuleName(zh: "办公", en: "office"), weekdays: [1, 2, 3, 4, 5],
        hours: [CalendarRule.Hours(from: time("09:00"), to: time("17:00"))], years: [2021, 2022], holidays: [],
        makeUpDays: [])

    static func rulebook() -> Rulebook {
        Rulebook(
            categories: [
                CategoryRule(
                    code: "FIRE", function: .emergencyManagement, name: RuleName(zh: "消防", en: "fire"),
                    organisation: "消防站"),
                CategoryRule(
                    code: "OLD", function: .disputeMediation, name: RuleName(zh: "旧", en: "old"), isAdmitted: true,
                    admittedUntil: CalendarDay("2021-01-31"), organisation: "A"),
            ],
            clocks: [
                ClockRule(
                    response: ClockLength(10, .hours, on: "office"), resolve: ClockLength(5, .workingDays, on: "office")
                ),
                ClockRule(
                    urgency: .emergency, response: ClockLength(30, .minutes), resolve: ClockLength(2, .hours)),
                ClockRule(
                    category: "FIRE", response: ClockLength(4, .hours, on: "office"),
                    resolve: ClockLength(10, .hours, on: "office")),
            ],
            calendars: [office], routes: [], reminderPercent: 80,
            escalation: [
                EscalationRule(to: .community, afterPercent: 0), EscalationRule(to: .town, afterPercent: 50),
                EscalationRule(to: .county, afterPercent: 100),
            ])
    }

    static func rules(_ number: Int = 7, _ change: (inout Rulebook) -> Void = { _ in }) -> RulebookInForce {
        var content = rulebook()
        change(&content)
        return RulebookInForce(number: number, content: content)
    }

    static func time(_ text: String) -> DayTime {
        guard let time = DayTime(text) else { fatalError("\(text) is no time of day") }
        return time
    }

    /// A moment of the county's time.
    static func moment(_ text: String) throws -> Date { try #require(RFC3339.parse(text + "+08:00")) }

    /// An incident of Monday, 2021-05-10, ten o'clock, with its response clock.
    static func reported(
        _ urgency: IncidentUrgency = .ordinary, by rules: RulebookInForce = rules()
    ) throws -> IncidentCase {
        var report = GridSamples.report(at: try moment("2021-05-10T10:00:00"))
        report.urgency = urgency
        var incident = Incident(
            id: .new(), number: "532923100001202105100001", gridCode: GridSamples.group, report: report)
        incident.rulebook = rules.number
        let clock = try #require(IncidentClock.response(to: incident, by: rules))
        return IncidentCase(incident: incident, clocks: [clock], rules: rules)
    }
}
