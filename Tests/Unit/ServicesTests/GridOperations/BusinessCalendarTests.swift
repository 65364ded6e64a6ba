import Foundation
import GridOperationsService
import Models
import Testing

@Suite struct BusinessCalendarTests {
    /// The office hours of the county, with Spring Festival of 2026 and its two make-up days.
    private static let office = BusinessCalendar(
        hours: [hour(8.5)..<hour(12), hour(14)..<hour(17.5)], weekdays: Set(1...5),
        holidays: (15...23).compactMap { CalendarDay(year: 2026, month: 2, day: $0) },
        makeUpDays: [14, 28].compactMap { CalendarDay(year: 2026, month: 2, day: $0) })

    private static func hour(_ hours: Double) -> Int { Int(hours * 3_600_000) }

    private static func time(_ text: String) throws -> Date { try #require(RFC3339.parse(text + "+08:00")) }

    @Test(arguments: [
        // Within a morning, over noon, over a night.
        ("2026-03-02T09:00:00", 1.0, "2026-03-02T10:00:00"),
        ("2026-03-02T11:30:00", 1.0, "2026-03-02T14:30:00"),
        ("2026-03-02T17:00:00", 1.0, "2026-03-03T09:00:00"),
        // What fills a morning or a day ends with it and not when the next begins.
        ("2026-03-02T08:30:00", 3.5, "2026-03-02T12:00:00"),
        ("2026-03-02T08:30:00", 7.0, "2026-03-02T17:30:00"),
        // From before work, from the lunch break, from after work, from a Saturday.
        ("2026-03-02T00:00:00", 0.5, "2026-03-02T09:00:00"),
        ("2026-03-02T12:30:00", 0.5, "2026-03-02T14:30:00"),
        ("2026-03-06T23:59:59", 0.5, "2026-03-09T09:00:00"),
        ("2026-03-07T10:00:00", 0.5, "2026-03-09T09:00:00"),
        // The Saturday before the festival is worked; then come nine days without.
        ("2026-02-13T17:00:00", 1.0, "2026-02-14T09:00:00"),
        ("2026-02-14T17:00:00", 1.0, "2026-02-24T09:00:00"),
        ("2026-02-27T17:00:00", 7.5, "2026-02-28T17:30:00"),
        ("2026-02-20T03:00:00", 0.0, "2026-02-20T03:00:00"),
    ])
    func `working time is added over nights, holidays and make-up days`(from: String, hours: Double, to: String) throws
    {
        let end = Self.office.adding(Self.hour(hours), to: try Self.time(from))
        #expect(end == (try Self.time(to)), "\(RFC3339.format(end))")
        #expect(Self.office.working(from: try Self.time(from), to: end) == Self.hour(hours))
    }

    @Test func `a calendar without working days adds plain time`() throws {
        let never = BusinessCalendar(hours: [0..<86_400_000], weekdays: [])
        let start = try Self.time("2026-03-02T09:00:00")
        #expect(never.adding(60_000, to: start) == start.addingTimeInterval(60))
        #expect(never.working(from: start, to: start.addingTimeInterval(864_000)) == 0)
    }

    // MARK: - Against a model that looks at every minute

    /// A calendar as a predicate over minutes, written another way: by the texts of times.
    private struct Model {
        let spans: [ClosedRange<String>]
        let weekdays: Set<Int>
        let holidays: Set<String>
        let makeUpDays: Set<String>

        func works(at minute: Date) -> Bool {
            let text = RFC3339.format(minute.addingTimeInterval(8 * 3600))
            let (day, clock) = (String(text.prefix(10)), String(text.dropFirst(11).prefix(5)))
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = .gmt
            let weekday = (calendar.component(.weekday, from: minute.addingTimeInterval(8 * 3600)) + 5) % 7 + 1
            let isDay = makeUpDays.contains(day) || (!holidays.contains(day) && weekdays.contains(weekday))
            return isDay && spans.contains { $0.contains(clock) && clock != $0.upperBound }
        }
    }

    @Test(arguments: 0..<40) func `any calendar agrees with a walk over every minute`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let (calendar, model) = Self.randomCalendar(&random)
        let start = try Self.time("2025-12-20T00:00:00").addingTimeInterval(
            60 * Double(Int.random(in: 0..<20_000, using: &random)))
        let minutes = Int.random(in: 1..<8000, using: &random)
        var worked = 0
        for minute in 0..<minutes {
            let moment = start.addingTimeInterval(60 * Double(minute))
            if model.works(at: moment) {
                worked += 1
                // The work of this minute is done when it ends, and not earlier.
                if worked % 97 == 1 {
                    #expect(calendar.adding(worked * 60_000, to: start) == moment.addingTimeInterval(60))
                    #expect(
                        calendar.adding(worked * 60_000 - 1, to: start)
                            == moment.addingTimeInterval(59.999).wholeMilliseconds)
                }
            }
        }
        #expect(calendar.working(from: start, to: start.addingTimeInterval(60 * Double(minutes))) == worked * 60_000)
    }

    @Test(arguments: 0..<40) func `adding in two parts is adding at once, and more work never ends sooner`(
        seed: UInt64
    ) throws {
        var random = SplitMix(state: seed &+ 1000)
        let (calendar, _) = Self.randomCalendar(&random)
        for _ in 0..<50 {
            let start = try Self.time("2025-12-20T00:00:00").addingTimeInterval(
                Double(Int.random(in: 0..<3_000_000_000, using: &random)) / 1000)
            let (first, second) = (
                Int.random(in: 0..<200_000_000, using: &random), Int.random(in: 0..<200_000_000, using: &random)
            )
            let middle = calendar.adding(first, to: start)
            let end = calendar.adding(first + second, to: start)
            #expect(calendar.adding(second, to: middle) == end)
            #expect(start <= middle && middle <= end)
            #expect(calendar.working(from: start, to: end) == first + second)
        }
    }

    private static func randomCalendar(_ random: inout SplitMix) -> (BusinessCalendar, Model) {
        // Cuts of the day in minutes, in pairs: one to three spans.
        let cuts = (0..<Int.random(in: 1...3, using: &random) * 2)
            .map { _ in Int.random(in: 0..<96, using: &random) * 15 }.sorted()
        var spans = stride(from: 0, to: cuts.count, by: 2).map { cuts[$0]..<cuts[$0 + 1] }.filter { !$0.isEmpty }
        if spans.isEmpty { spans = [1425..<1440] }
        let days = (0..<60).compactMap {
            RFC3339.parse("2025-12-15T00:00:00Z")?.addingTimeInterval(86_400 * Double($0))
        }
        .map { String(RFC3339.format($0).prefix(10)) }
        let special = days.shuffled(using: &random)
        let (holidays, makeUp) = (special.prefix(12), special.suffix(6))
        let weekdays = Set((1...7).shuffled(using: &random).prefix(Int.random(in: 2...7, using: &random)))
        func text(_ minute: Int) -> String {
            let hour = String(100 + minute / 60).suffix(2)
            return "\(hour):\(String(100 + minute % 60).suffix(2))"
        }
        return (
            BusinessCalendar(
                hours: spans.map { $0.lowerBound * 60_000..<$0.upperBound * 60_000 }, weekdays: weekdays,
                holidays: holidays.compactMap { CalendarDay($0) }, makeUpDays: makeUp.compactMap { CalendarDay($0) }),
            Model(
                spans: spans.map { text($0.lowerBound)...text($0.upperBound) }, weekdays: weekdays,
                holidays: Set(holidays), makeUpDays: Set(makeUp))
        )
    }
}
