import Foundation
import GridOperationsService
import Logging
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// What has been kept long enough is erased, its counts stay, and a hold keeps it.
struct RetentionTests {
    private static let day: TimeInterval = 86_400
    private static let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    private func job(_ grids: GridDatabase, at time: Date, batchSize: Int = 2) -> RetentionJob {
        RetentionJob(
            outbox: grids.outbox, audit: GridDatabase.audit, rules: PersonalDataInventory.grid.retention, now: { time },
            batchSize: batchSize, logger: Self.quiet)
    }

    /// Five persons with a post each that ended at the moment, and one whose post goes on.
    private func withFormerStaff(_ body: (GridDatabase) async throws -> Void) async throws {
        try await GridDatabase.withGrids { grids in
            let staffed = try await grids.staff(
                (1...5).map { GridRows.holder($0, "532923100001001", .gridWorker, person: $0) })
            #expect(staffed.tally == ["accepted": 5])
            // By itself, so that it is the last of the list.
            let last = try await grids.staff([GridRows.holder(6, "532923100001001", .gridWorker, person: 6)])
            #expect(last.tally == ["accepted": 1])
            let present = try await grids.assignments.list(in: try #require(GridCode("532923100001001")))
            for assignment in present.dropLast() {
                #expect(try await grids.assignments.end(assignment.facts.assignmentID, at: GridDatabase.moment))
            }
            // The rows were written by the clock of the database.
            _ = try await grids.pool.query("update grid.people set updated_at = \(GridDatabase.moment)")
            try await body(grids)
        }
    }

    private func kept(_ grids: GridDatabase) async throws -> Int {
        try await grids.number("select count(*) from grid.people where name_encrypted is not null")
    }

    private func afterMonths(_ months: Double, days: Double = 1) -> Date {
        GridDatabase.moment.addingTimeInterval((months * 31 + days) * Self.day)
    }

    @Test func `half a year after the last post name, number and hash go, and rows and counts stay`() async throws {
        try await withFormerStaff { grids in
            #expect(try await job(grids, at: afterMonths(5)).runToday()["grid-staff"] == 0)
            #expect(try await kept(grids) == 6)
            let erased = try await job(grids, at: afterMonths(6)).runToday()
            #expect(erased["grid-staff"] == 5)
            #expect(try await kept(grids) == 1)
            #expect(
                try await grids.number(
                    """
                    select count(*) from grid.people where identity_hash is null and mobile_encrypted is null
                      and erased_at is not null
                    """) == 5)
            #expect(try await grids.number("select count(*) from grid.assignments") == 6)
            #expect(
                try await grids.number(
                    "select sum(erased)::bigint from service_kit.retention_runs where rule = 'grid-staff'")
                    == 5)
            #expect(
                try await grids.number(
                    "select count(*) from audit_trail.entries where action = 'erased' and object_type = 'person'") == 5)
            // The same person can hold a post again, as somebody new.
            let again = try await grids.staff([GridRows.holder(9, "532923100001001", .gridWorker, person: 1)])
            #expect(again.tally == ["accepted": 1])
            #expect(try await kept(grids) == 2)
        }
    }

    @Test func `a run goes on where it was ended, and a finished day is not run again`() async throws {
        try await withFormerStaff { grids in
            let time = afterMonths(6)
            let rule = try #require(PersonalDataInventory.grid.retention.first { $0.name == "grid-staff" })
            #expect(try await job(grids, at: time).step(rule) == 2)
            #expect(try await kept(grids) == 4)
            // Another process.
            #expect(try await job(grids, at: time).runToday()["grid-staff"] == 3)
            #expect(try await job(grids, at: time).step(rule) == nil)
            #expect(try await job(grids, at: time.addingTimeInterval(Self.day)).runToday()["grid-staff"] == 0)
            #expect(
                try await grids.number(
                    "select sum(erased)::bigint from service_kit.retention_runs where rule = 'grid-staff'")
                    == 5)
        }
    }

    @Test func `an approved hold keeps a person until its day; one that its asker alone wants does not`() async throws {
        try await withFormerStaff { grids in
            let ids = try await grids.pool.query(
                """
                select p.id::text as id from grid.people p join grid.assignments a on a.person_id = p.id
                where a.ended_at is not null order by p.id limit 2
                """
            ).rows.map { try $0.decode("id", as: String.self) }
            let (id, other) = (ids[0], ids[1])
            let holds = LegalHolds(pool: grids.pool, audit: GridDatabase.audit, types: ["person"])
            func acting<Value: Sendable>(
                as subject: String, _ work: () async throws -> Value
            ) async throws -> Value {
                try await Actor.$current.withValue(
                    Actor(kind: .person, subject: subject, operation: "test"), operation: work)
            }
            let until = try CountyCalendar.day(of: afterMonths(7))
            let hold = try await acting(as: "officer-1") {
                try await holds.ask(
                    objectType: "person", objectID: id, until: until, ground: "court-17", at: GridDatabase.moment)
            }
            await #expect(throws: Problem.self) {
                _ = try await acting(as: "officer-1") { try await holds.approve(hold.id, at: GridDatabase.moment) }
            }
            let approved = try await acting(as: "officer-2") {
                try await holds.approve(hold.id, at: GridDatabase.moment)
            }
            #expect(approved?.approvedBy == "officer-2")
            // Nobody approves this one.
            let unheard = try await acting(as: "officer-1") {
                try await holds.ask(
                    objectType: "person", objectID: other, until: until, ground: "court-18", at: GridDatabase.moment)
            }
            #expect(unheard.approvedBy == nil)
            #expect(try await job(grids, at: afterMonths(6)).runToday()["grid-staff"] == 4)
            #expect(try await job(grids, at: afterMonths(7, days: 2)).runToday()["grid-staff"] == 1)
        }
    }

    @Test func `half a year after the close nobody can tell who reported, and the incident stays`() async throws {
        try await GridDatabase.withGrids { grids in
            let reporter = UUID()
            for (state, closed) in [("closed", true), ("withdrawn", false), ("inProgress", false)] {
                _ = try await grids.pool.query(
                    """
                    insert into grid.incidents (id, number, grid_code, function, function_is_provisional, title, description,
                        longitude, latitude, source, urgency, state, reported_at, reporter_id, is_anonymous, is_historical, closed_at)
                    values (gen_random_uuid(), \(state), '532923100001001', 'emergencyManagement', false, 't', 'd', 100.5, 25.4,
                        'resident', 'ordinary', \(state), \(GridDatabase.moment), \(reporter), false, false,
                        \(closed ? GridDatabase.moment : nil)::timestamptz)
                    """)
            }
            _ = try await grids.pool.query(
                """
                insert into grid.incident_steps (incident_id, version, action, actor_id, at, state)
                select id, 2, 'withdraw', \(reporter), \(GridDatabase.moment), 'withdrawn' from grid.incidents
                where state = 'withdrawn'
                """)
            #expect(try await job(grids, at: afterMonths(5)).runToday()["incident-reporters"] == 0)
            #expect(try await job(grids, at: afterMonths(6)).runToday()["incident-reporters"] == 2)
            #expect(try await grids.number("select count(*) from grid.incidents where reporter_id is not null") == 1)
            #expect(try await grids.number("select count(*) from grid.incidents") == 3)
            let states = try await grids.pool.query("select state, version from grid.incidents order by number").rows
            #expect(
                try states.map { try $0.decode("state", as: String.self) } == ["archived", "inProgress", "withdrawn"])
            // Whoever knows the reporter by events is told.
            let told = try await grids.pool.query(
                "select type, data from messaging.outbox where type like '%Incident%' order by position"
            ).rows
            let names = try told.map { try $0.decode("type", as: String.self).split(separator: ".").dropLast().last }
            #expect(Set(names) == ["IncidentArchived", "IncidentStated"] && names.count == 2)
            for row in told {
                let text = String(decoding: try row.decode("data", as: [UInt8].self), as: UTF8.self)
                #expect(!text.contains("reporterID"), "\(text)")
            }
            let archived = try await grids.pool.query(
                "select version, state from grid.incident_steps where action = 'archive'")
            #expect(try archived.rows.map { try $0.decode("version", as: Int32.self) } == [2])
            // An archived incident is at its end.
            let id: IncidentID = try #require(
                try await grids.pool.query("select id from grid.incidents where state = 'archived'").rows.first
            ).identifier("id")
            await #expect(throws: IncidentRefusal.self) {
                _ = try await grids.handle(at: afterMonths(6))(
                    .reopen, on: id, IncidentCommandDraft(actor: UUID().uuidString, reason: "又坏了"), ifVersion: nil)
            }
            #expect(
                try await grids.number("select count(*) from grid.incident_steps where actor_id = \(reporter)") == 0)
        }
    }
}
