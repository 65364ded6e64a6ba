import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct RulebookTests {
    private let moment = GridDatabase.moment

    private func keep(_ database: GridDatabase, at moment: Date = GridDatabase.moment) -> KeepRulebooks {
        KeepRulebooks(store: PostgresRulebookStore(pool: database.pool, audit: GridDatabase.audit), now: { moment })
    }

    /// A copy of the first rulebook with another time to resolve ordinary incidents, checked.
    private func draft(_ database: GridDatabase, days: Int, key: String) async throws -> RulebookVersion {
        var content = try await database.shelf.current(at: moment).content
        content.clocks[2].resolve.amount = days
        content.calendars[0].years.append(2021)
        let keep = keep(database)
        let draft = try await keep.create(RulebookDraft(content: content), key: GridRows.key(key), scope: .everything)
        return try await keep.check(draft.number, ifRevision: draft.revision, scope: .everything)
    }

    @Test func `the first rulebook holds together`() async throws {
        try await GridDatabase.with { database in
            let first = try await database.shelf.current(at: moment)
            #expect(first.number == 1)
            let today = try #require(CalendarDay("2026-01-01"))
            let findings = RulebookCheck(first.content, today: today, in: RulebookSurroundings()).findings
            #expect(findings.allSatisfy { $0.severity == .warning }, "\(findings)")
            #expect(try first.content.bounded() == first.content)
            for urgency in IncidentUrgency.allCases { #expect(first.clock(category: nil, urgency: urgency) != nil) }
        }
    }

    @Test func `reports keep to the version in force at their time, and running incidents keep theirs`() async throws {
        try await GridDatabase.withGrids { database in
            let before = try await database.report()(GridRows.report(), key: GridRows.key("a"))
            let checked = try await draft(database, days: 3, key: "d")
            #expect(checked.state == .checked && checked.number == 2)
            let published = try await keep(database).publish(
                2, from: nil, ifRevision: checked.revision, scope: .everything)
            #expect(published.effectiveFrom == moment.addingTimeInterval(60))
            // Another replica, or this one a few seconds later.
            let shelf = RulebookShelf(pool: database.pool)
            #expect(try await shelf.current(at: moment.addingTimeInterval(59)).number == 1)
            let report = ReportIncident(
                store: PostgresIncidentReportStore(
                    pool: database.pool, outbox: database.outbox, audit: GridDatabase.audit,
                    cipher: database.cipher), grids: database.grids,
                rulebooks: shelf, now: { moment.addingTimeInterval(61) })
            let after = try await report(GridRows.report(), key: GridRows.key("b"))
            #expect(before.rulebook == 1 && after.rulebook == 2)
            let file = IncidentCommandDraft(actor: PersonID.new().description, function: "emergencyManagement")
            var dues: [Date] = []
            for incident in [before, after] {
                let filed = moment.addingTimeInterval(3600)
                _ = try await database.handle(at: filed)(.file, on: incident.id, file, ifVersion: nil)
                dues.append(try #require(try await database.incidents.find(incident.id)?.clocks.last).dueAt)
            }
            // Sunday; seven working days and three.
            #expect(
                dues == ["2021-08-10T17:30:00+08:00", "2021-08-04T17:30:00+08:00"].compactMap { RFC3339.parse($0) })
        }
    }

    @Test func `what is published is out of everybody's reach, with SQL too`() async throws {
        try await GridDatabase.with { database in
            #expect(try await database.pool.query("update grid.rulebooks set content = '{}'").affectedRows == 0)
            #expect(try await database.pool.query("delete from grid.rulebooks").affectedRows == 0)
            let town = ScopeFilter([.division(try #require(DivisionPrefix("532923100")))])
            await #expect(throws: RowFaults.self) {
                try await keep(database).create(RulebookDraft(copyOf: 1), key: GridRows.key("k"), scope: town)
            }
            let error = await #expect(throws: PostgresError.self) {
                try await RowScope.with(town) {
                    _ = try await keep(database).create(
                        RulebookDraft(copyOf: 1), key: GridRows.key("k"), scope: .everything)
                }
            }
            #expect(error?.sqlState == "42501")
        }
    }

    @Test func `a draft is made once for a key, and a stale revision changes nothing`() async throws {
        try await GridDatabase.with { database in
            let keep = keep(database)
            let first = try await keep.create(RulebookDraft(copyOf: 1), key: GridRows.key("k"), scope: .everything)
            let again = try await keep.create(RulebookDraft(copyOf: 1), key: GridRows.key("k"), scope: .everything)
            #expect(first == again && first.number == 2)
            let content = first.content
            let second = try await keep.replace(2, content, ifRevision: 1, scope: .everything)
            #expect(second.revision == 2)
            await #expect(throws: VersionMismatch.self) {
                try await keep.replace(2, content, ifRevision: 1, scope: .everything)
            }
            await #expect(throws: RulebookRefusal.unknown) {
                try await keep.check(9, ifRevision: nil, scope: .everything)
            }
            #expect(try await keep.list(before: nil, limit: 10).map(\.number) == [2, 1])
            #expect(try await keep.list(before: 2, limit: 10).map(\.number) == [1])
            #expect(
                try await database.number(
                    "select count(*) from audit_trail.entries where object_type = 'rulebook'") == 2)
        }
    }

    @Test func `the check knows the county`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await database.staff([GridRows.holder(2, "532923100001001", .gridWorker, person: 1)])
            var content = try await database.shelf.current(at: moment).content
            content.routes = [
                RouteRule(gridPrefix: "532923100001", organisation: "A"),
                RouteRule(gridPrefix: "5329231", organisation: "B"),
                RouteRule(gridPrefix: "532924", organisation: "C"),
            ]
            let keep = keep(database)
            let draft = try await keep.create(
                RulebookDraft(content: content), key: GridRows.key("k"), scope: .everything)
            let checked = try await keep.check(draft.number, ifRevision: nil, scope: .everything)
            let findings = try #require(checked.findings)
            #expect(checked.state == .draft)
            #expect(findings.filter { $0.code == "unknown-place" }.map(\.place) == ["/routes/2/gridPrefix"])
            #expect(findings.filter { $0.code == "grid-without-staff" }.map(\.place) == ["532923100001002"])
            // The holidays of 2021 are in nobody's rulebook.
            #expect(findings.contains { $0.code == "calendar-without-year" })
            await #expect(throws: RulebookRefusal.notChecked) {
                try await keep.publish(draft.number, from: nil, ifRevision: nil, scope: .everything)
            }
            #expect(try await keep.one(draft.number) == checked)
        }
    }

    @Test func `a draft is tried on the incidents of the last month`() async throws {
        try await GridDatabase.withGrids { database in
            // Old sheets are not tried; reports are, five of them a day apart.
            _ = try await database.importIncidents(GridRows.incidents(0..<3))
            let desk = PersonID.new().description
            for day in 0..<5 {
                let reported = moment.addingTimeInterval(-86_400 * Double(20 - day))
                let incident = try await database.report(at: reported)(
                    GridRows.report(), key: GridRows.key("k\(day)"))
                let file = IncidentCommandDraft(actor: desk, function: "emergencyManagement")
                _ = try await database.handle(at: reported.addingTimeInterval(3600))(
                    .file, on: incident.id, file, ifVersion: nil)
                // Handled after two days, three, four …
                let handled = reported.addingTimeInterval(86_400 * Double(2 + day))
                _ = try await database.handle(at: handled)(
                    .selfHandle, on: incident.id, IncidentCommandDraft(actor: desk, result: "好"), ifVersion: nil)
            }
            let tried = try await draft(database, days: 2, key: "d")
            let trial = TryRulebook(
                store: PostgresRulebookStore(pool: database.pool, audit: GridDatabase.audit), rulebooks: database.shelf,
                history: PostgresIncidentHistory(pool: database.pool), now: { moment })
            let report = try await trial(tried.number, days: nil)
            let resolve = try #require(report.trial.figures[.resolve])
            #expect(report.isComplete && report.trial.incidents == 5)
            #expect(resolve.present == 5 && resolve.tried == 5 && resolve.earlier == 5)
            #expect(resolve.presentMissed == 0 && resolve.triedMissed == resolve.newlyMissed && resolve.newlyMissed > 0)
            #expect(report.trial.figures[.response]?.same == 5)
            // Those that were reported before the days asked for are left out.
            #expect(try await trial(tried.number, days: 18).trial.incidents == 3)
            await #expect(throws: RowFaults.self) { try await trial(tried.number, days: 93) }
        }
    }

    // MARK: - Over HTTP

    @Test func `a version goes from draft to published over HTTP`() async throws {
        try await ServedService.with(GridOperations.self, extensions: ["postgis"]) { service in
            func ask(
                _ method: String, _ path: String, _ body: String? = nil, _ headers: [String: String] = [:]
            ) async throws -> ServedService.Answer {
                try await service.ask(
                    method, "/v1/rulebooks\(path)", as: .countyAdmin, "532923", body: body, headers: headers)
            }
            let current = try await ask("GET", "/current")
            #expect(current.status == 200 && current.body.contains(#""number":1"#), "\(current.body)")
            let created = try await ask("POST", "", #"{"copyOf":1}"#, ["idempotency-key": "k"])
            #expect(created.status == 201 && created.headers["location"] == "/v1/rulebooks/2", "\(created.body)")
            #expect(created.headers["etag"] == "\"1\"")
            let nothing = try await ask("POST", "", "{}", ["idempotency-key": "k2"])
            #expect(nothing.status == 422 && nothing.body.contains("/content"), "\(nothing.body)")
            let early = try await ask("POST", "/2/publish", "{}", ["if-match": "\"1\""])
            #expect(early.status == 409 && early.body.contains("rulebook-unchecked"), "\(early.body)")
            // Its content once more, with next year's holidays still missing and this year's there, whatever year it is.
            let version = try await ask("GET", "/2")
            let year = try CountyCalendar.day(of: Date()).year
            let stored = try #require(version.body.firstMatch(of: /"content":(.*),"createdAt"/)).output.1
            let content = String(stored)
                .replacing("\"years\":[2025,2026]", with: "\"years\":[2025,2026,\(year)]")
            let replaced = try await ask("PUT", "/2", content, ["if-match": "\"1\""])
            #expect(replaced.status == 200 && replaced.headers["etag"] == "\"2\"", "\(replaced.body)")
            let broken = content.replacing("\"reminderPercent\":80", with: "\"reminderPercent\":0")
            let refused = try await ask("PUT", "/2", broken, ["if-match": "\"2\""])
            #expect(refused.status == 422 && refused.body.contains("/reminderPercent"), "\(refused.body)")
            let checked = try await ask("POST", "/2/check", nil, ["if-match": "\"2\""])
            #expect(checked.status == 200 && checked.body.contains(#""state":"checked""#), "\(checked.body)")
            let soon = try await ask("POST", "/2/publish", #"{"from":"2020-01-01T00:00:00Z"}"#, ["if-match": "\"3\""])
            #expect(soon.status == 422 && soon.body.contains("/from"), "\(soon.body)")
            let published = try await ask("POST", "/2/publish", "{}", ["if-match": "\"3\""])
            #expect(published.status == 200 && published.body.contains(#""state":"published""#), "\(published.body)")
            let late = try await ask("PUT", "/2", content, ["if-match": "\"4\""])
            #expect(late.status == 409 && late.body.contains("rulebook-published"), "\(late.body)")
            let trial = try await ask("POST", "/2/trial", "{}")
            #expect(trial.status == 200 && trial.body.contains(#""incidents":0"#), "\(trial.body)")
            let list = try await ask("GET", "?limit=1")
            #expect(list.body.contains(#""number":2"#) && list.headers["link"] != nil, "\(list.body)")
            let town = try await service.ask(
                "POST", "/v1/rulebooks", as: .countyAdmin, "532923100", body: #"{"copyOf":1}"#,
                headers: ["idempotency-key": "k3"])
            #expect(town.status == 422 && town.body.contains("outside-scope"), "\(town.body)")
        }
    }
}
