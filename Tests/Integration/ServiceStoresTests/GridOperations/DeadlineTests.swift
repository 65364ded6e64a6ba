import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct DeadlineTests {
    /// A Sunday; the office hours of the first rulebook begin on Monday at half past eight.
    private let sunday = GridDatabase.moment
    private let desk = PersonID.new().description

    private func act(_ database: GridDatabase, at moment: Date) async throws -> Int {
        let store = PostgresDeadlineStore(pool: database.pool, outbox: database.outbox, shelf: database.shelf)
        return try await WatchDeadlines(store: store, now: { moment }).actOnAll()
    }

    @Test func `a report starts a clock, and what is due is reminded, missed and told up the line once`() async throws {
        try await GridDatabase.withGrids { database in
            let incident = try await database.report()(GridRows.report(), key: GridRows.key("a"))
            let clock = try #require(try await database.incidents.find(incident.id)?.clocks.first)
            #expect(incident.rulebook == 1 && clock.kind == .response && clock.level == nil)
            #expect(clock.dueAt == RFC3339.parse("2021-08-02T17:30:00+08:00"))
            let reminder = try #require(RFC3339.parse("2021-08-02T16:06:00+08:00"))
            #expect(try await act(database, at: reminder.addingTimeInterval(-1)) == 0)
            #expect(try await act(database, at: reminder) == 1)
            #expect(try await act(database, at: reminder) == 0)
            #expect(try await database.events().last == "IncidentDeadlineApproaching \(incident.id)")
            // Nobody watches for a month.
            #expect(try await act(database, at: sunday.addingTimeInterval(30 * 86_400)) == 1)
            #expect(try await act(database, at: sunday.addingTimeInterval(60 * 86_400)) == 0)
            let missed = "IncidentDeadlineMissed \(incident.id)"
            #expect(try await database.events().suffix(3) == [missed, missed, missed])
            #expect(try await database.number("select count(*) from grid.deadline_actions") == 4)
            #expect(
                try await database.number(
                    "select count(*) from audit_trail.entries where details like '%IncidentDeadline%'") == 4)
            let deadline = try #require(try await database.incidents.find(incident.id)?.clocks.first)
            #expect(deadline.level == 3 && deadline.state == .running)
        }
    }

    @Test func `filing ends the response clock, and a pause hides the other from the watch`() async throws {
        try await GridDatabase.withGrids { database in
            var incident = try await database.report()(GridRows.report(), key: GridRows.key("a"))
            func order(_ action: IncidentAction, at moment: Date, _ draft: IncidentCommandDraft) async throws {
                incident = try await database.handle(at: moment)(
                    action, on: incident.id, draft, ifVersion: incident.version)
            }
            try await order(.file, at: sunday, IncidentCommandDraft(actor: desk, category: "EM-ROAD"))
            #expect(incident.category == "EM-ROAD" && incident.report.function == .emergencyManagement)
            try await order(.dispatch, at: sunday, IncidentCommandDraft(actor: desk, organisation: "城管"))
            try await order(.accept, at: sunday, IncidentCommandDraft(actor: desk, organisation: "城管"))
            try await order(.pause, at: sunday, IncidentCommandDraft(actor: desk, reason: "等材料"))
            #expect(try await act(database, at: sunday.addingTimeInterval(90 * 86_400)) == 0)
            let resumed = sunday.addingTimeInterval(91 * 86_400)
            try await order(.resume, at: resumed, IncidentCommandDraft(actor: desk))
            let record = try #require(try await database.incidents.find(incident.id))
            #expect(record.clocks.map(\.kind) == [.response, .resolve])
            #expect(record.clocks.map(\.state) == [.stopped, .running])
            #expect(record.incident == incident && record.steps.count == 5)
            #expect(try await act(database, at: record.clocks[1].dueAt) == 1)
            #expect(
                try await database.events().suffix(4).map { $0.split(separator: " ")[0] } == [
                    "IncidentPaused", "IncidentResumed", "IncidentDeadlineApproaching", "IncidentDeadlineMissed",
                ])
        }
    }

    @Test func `an order acts on what was due before it, and the watch finds nothing more`() async throws {
        try await GridDatabase.withGrids { database in
            let incident = try await database.report()(GridRows.report(), key: GridRows.key("a"))
            let late = sunday.addingTimeInterval(30 * 86_400)
            _ = try await database.handle(at: late)(
                .reject, on: incident.id, IncidentCommandDraft(actor: desk, reason: "重复"), ifVersion: nil)
            #expect(try await act(database, at: late) == 0)
            #expect(try await database.number("select count(*) from grid.deadline_actions") == 4)
            #expect(
                try await database.events().suffix(5).map { $0.split(separator: " ")[0] } == [
                    "IncidentDeadlineApproaching", "IncidentDeadlineMissed", "IncidentDeadlineMissed",
                    "IncidentDeadlineMissed", "IncidentRejected",
                ])
        }
    }

    @Test func `the same deadline twice is refused by the database, and keeps no other waiting`() async throws {
        try await GridDatabase.withGrids { database in
            let twice = try await database.report()(GridRows.report(), key: GridRows.key("a"))
            let late = sunday.addingTimeInterval(30 * 86_400)
            #expect(try await act(database, at: late) == 1)
            let others = try await [
                database.report()(GridRows.report(), key: GridRows.key("b")),
                database.report()(GridRows.report(), key: GridRows.key("c")),
            ]
            let before = try await database.events()
            // As nobody but a bug could make it, and the longest due of all.
            _ = try await database.pool.query(
                """
                update grid.clocks set level = null, next_action_at = \(sunday) where incident_id = \(twice.id.rawValue)
                """)
            let error = await #expect(throws: FaultyClocks.self) { try await act(database, at: late) }
            #expect(error?.clocks == [ClockKey(incident: twice.id, kind: .response, round: 1)])
            #expect(error?.code == "database-23505")
            let told = try await database.events().dropFirst(before.count)
            #expect(told.count == 8 && !told.contains { $0.hasSuffix(twice.id.description) })
            for other in others {
                #expect(try await database.incidents.find(other.id)?.clocks.first?.level == 3)
            }
        }
    }

    @Test func `a resident's report has a clock, which neighbours do not see`() async throws {
        try await GridDatabase.withGrids { database in
            let resident = PersonID.new()
            let own = ScopeFilter([.own], subject: resident.description)
            let incident = try await RowScope.with(own) {
                try await database.report()(GridRows.report(), key: GridRows.key("a"), scope: own)
            }
            func clocks(_ scope: ScopeFilter) async throws -> Int {
                try await RowScope.with(scope) { try await database.number("select count(*) from grid.clocks") }
            }
            #expect(try await clocks(own) == 1)
            #expect(try await clocks(ScopeFilter([.own], subject: PersonID.new().description)) == 0)
            let prefixes = ["532923100001": 1, "532923100002": 0, "532923": 1]
            for (prefix, count) in prefixes {
                let division = ScopeFilter([.division(try #require(DivisionPrefix(prefix)))])
                #expect(try await clocks(division) == count, "\(prefix)")
            }
            #expect(incident.report.reporterID == resident)
            _ = try await RowScope.with(own) {
                try await database.handle()(
                    .withdraw, on: incident.id, IncidentCommandDraft(actor: resident.description), ifVersion: nil,
                    scope: own)
            }
            #expect(try await database.incidents.find(incident.id)?.clocks.first?.state == .stopped)
        }
    }

    @Test func `the watch waits for the next due time, and not too long`() {
        let watch = WatchDeadlines(store: NoDeadlines(), now: { Date() }, pauseMax: .seconds(5))
        #expect(watch.pause(until: nil, from: sunday) == .seconds(5))
        #expect(watch.pause(until: sunday.addingTimeInterval(2), from: sunday) == .seconds(2))
        #expect(watch.pause(until: sunday.addingTimeInterval(60), from: sunday) == .seconds(5))
        #expect(watch.pause(until: sunday.addingTimeInterval(-60), from: sunday) == .milliseconds(20))
    }

    private struct NoDeadlines: DeadlineStore {
        func act(at moment: Date, limit: Int, except faulty: Set<ClockKey>) async throws -> Int { 0 }
        func nextActionAt() async throws -> Date? { nil }
    }

    @Test func `the watch says how late it is, and finds what is due by its index alone`() async throws {
        try await GridDatabase.withGrids { database in
            let incident = try await database.report()(GridRows.report(), key: GridRows.key("a"))
            let due = try #require(RFC3339.parse("2021-08-02T16:06:00+08:00"))
            let store = PostgresDeadlineStore(pool: database.pool, outbox: database.outbox, shelf: database.shelf)
            let lags = Mutex<[Double]>([])
            for late in [-5.0, 90, 91] {
                try await WatchDeadlines(
                    store: store, now: { due.addingTimeInterval(late) },
                    noteLag: { lag in lags.withLock { $0.append(lag) } }
                ).look()
            }
            #expect(lags.withLock { $0 } == [0, 90, 0])
            #expect(try await database.incidents.find(incident.id)?.clocks.first?.level == 0)
            _ = try await database.pool.query(
                """
                insert into grid.clocks (incident_id, kind, round, grid_code, rulebook, started_at, allowance, spent, state,
                                         since, due_at, is_extended, next_action_at)
                select gen_random_uuid(), 'resolve', 1, '532923100001001', 1, now(), 1, 0, 'running', now(), now(), false,
                       now() + make_interval(secs => n) from generate_series(1, 20000) n
                """)
            _ = try await database.pool.query("analyze grid.clocks")
            let plan = try await database.pool.query(
                """
                explain select incident_id from grid.clocks c join grid.incidents i on i.id = c.incident_id
                where c.next_action_at <= now() order by c.next_action_at limit 500 for update of i, c skip locked
                """
            ).rows.map { try $0.decode(at: 0, as: String.self) }.joined(separator: "\n")
            #expect(plan.contains("clocks_next_action_at_idx") && !plan.contains("Seq Scan on clocks"), "\(plan)")
        }
    }
}
