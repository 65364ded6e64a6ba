import Foundation
import GridOperationsService
import Messaging
import Models
import Postgres
import Testing

@Suite(.timeLimit(.minutes(2))) struct IncidentImportTests {
    @Test func `old incidents are imported once`() async throws {
        try await GridDatabase.withGrids { database in
            #expect(try await database.importIncidents(GridRows.incidents(0..<1000)).tally == ["accepted": 1000])
            let reported = try await database.events().count { $0.hasPrefix("IncidentReported") }
            #expect(reported == 1000)
            let again = try await database.importIncidents(
                GridRows.incidents(0..<1000) + GridRows.incidents(1000..<1010))
            #expect(again.tally == ["unchanged": 1000, "accepted": 10])
            #expect(try await database.events().count { $0.hasPrefix("IncidentReported") } == 1010)
            #expect(
                try await database.number(
                    """
                    select count(*) from (
                        select left(number, 20) as series, count(*) as n, min(right(number, 4))::int as low,
                            max(right(number, 4))::int as high from grid.incidents group by 1) s
                    where low <> 1 or high <> n
                    """) == 0)
        }
    }

    @Test func `a corrected row is stated anew until somebody handles the incident`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await database.importIncidents(GridRows.incidents(0..<3))
            #expect(
                try await database.importIncidents(GridRows.incidents(1..<2, title: "垃圾堆放")).tally == ["accepted": 1])
            let incidents = try await database.incidents.list(IncidentFilter(), before: nil, limit: 10)
            let corrected = try #require(incidents.first { $0.report.externalNumber == "E1" })
            #expect(corrected.report.title == "垃圾堆放" && corrected.version == 2 && corrected.isHistorical)
            #expect(try await database.events().last == "IncidentStated \(corrected.id)")
            let draft = IncidentCommandDraft(actor: PersonID.new().description, reason: "重复")
            _ = try await database.handle()(.reject, on: corrected.id, draft, ifVersion: 2)
            #expect(
                try await database.importIncidents(GridRows.incidents(1..<2)).tally
                    == ["externalNumber:already-in-handling": 1])
        }
    }

    @Test func `a point outside keeps only its own row out`() async throws {
        try await GridDatabase.withGrids { database in
            var rows = GridRows.incidents(0..<3)
            var outside = rows[1].content
            outside.longitude = 101
            rows[1] = Numbered(row: rows[1].row, outside)
            let outcomes = try await database.importIncidents(rows)
            #expect(outcomes.tally == ["accepted": 2, "longitude:incident-outside-grids": 1])
        }
    }

    @Test func `the same sheet twice at once is imported once`() async throws {
        try await GridDatabase.withGrids { database in
            let rows = GridRows.incidents(0..<300)
            try await withThrowingTaskGroup { tasks in
                for _ in 0..<4 { tasks.addTask { _ = try await database.importIncidents(rows) } }
                try await tasks.waitForAll()
            }
            #expect(try await database.number("select count(*) from grid.incidents") == 300)
            #expect(try await database.events().count { $0.hasPrefix("IncidentReported") } == 300)
        }
    }

    @Test func `lists show the newest first, whole, in every way of asking`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await database.importIncidents(GridRows.incidents(0..<300))
            let all = try await database.incidents.list(IncidentFilter(), before: nil, limit: 1000)
            #expect(all.count == 300)
            let times = all.map(\.report.reportedAt)
            #expect(times == times.sorted(by: >))
            let draft = IncidentCommandDraft(actor: PersonID.new().description, reason: "重复")
            for incident in all.prefix(40) {
                _ = try await database.handle()(.reject, on: incident.id, draft, ifVersion: nil)
            }
            let prefixes = ["", "532923", "532923100001", "532923100001001", "53292310000100102", "532923100002"]
            for prefix in prefixes {
                for state in [nil, IncidentState.reported, .rejected, .closed] {
                    let expected = all.filter { incident in
                        let isRejected = all.prefix(40).contains { $0.id == incident.id }
                        return incident.gridCode.digits.hasPrefix(prefix)
                            && (state == nil || state == (isRejected ? .rejected : .reported))
                    }
                    let listed = try await pages(IncidentFilter(gridPrefix: prefix, state: state), database)
                    #expect(listed == expected.map(\.id), "prefix \(prefix), state \(String(describing: state))")
                }
            }
        }
    }

    @Test func `announcers state everything there is, page by page`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await database.importIncidents(GridRows.incidents(0..<25))
            _ = try await database.staff([
                GridRows.holder(2, "532923100001001", .gridWorker, person: 1),
                GridRows.holder(3, "53292310000100102", .communityCadre, person: 1),
            ])
            let now = { @Sendable in GridDatabase.moment }
            #expect(
                try await stated(PageAnnouncer.divisions(now: now), .division, database) == [
                    "DivisionStated 532923", "DivisionStated 532923100", "DivisionStated 532923100001",
                ])
            #expect(
                try await stated(GridAnnouncer(now: now), .grid, database) == [
                    "GridStated 532923100001001", "GridAssignmentStated 532923100001001",
                    "GridStated 53292310000100101",
                    "GridStated 53292310000100102", "GridAssignmentStated 53292310000100102",
                    "GridStated 532923100001002",
                ])
            let incidents = try await stated(PageAnnouncer.incidents(now: now), .incident, database)
            #expect(Set(incidents).count == 25 && incidents.allSatisfy { $0.hasPrefix("IncidentStated ") })
        }
    }

    /// All pages of a list, seven at a time.
    private func pages(_ filter: IncidentFilter, _ database: GridDatabase) async throws -> [IncidentID] {
        var found: [IncidentID] = []
        while true {
            let page = try await database.incidents.list(filter, before: found.last, limit: 7)
            found += page.map(\.id)
            if page.count < 7 { return found }
        }
    }

    /// What an announcer states, two aggregates at a time.
    private func stated(_ announcer: some Announcer, _ topic: Topic, _ database: GridDatabase) async throws -> [String]
    {
        var stated: [String] = []
        var cursor: String?
        repeat {
            let after = cursor
            let page = try await database.pool.withTransaction { transaction in
                try await announcer.announce(topic, after: after, limit: 2, in: transaction)
            }
            stated += page.events.map { event in
                let type = event.type.split(separator: ".")
                return "\(type[type.count - 2]) \(event.key)"
            }
            cursor = page.cursor
        } while cursor != nil
        return stated
    }
}
