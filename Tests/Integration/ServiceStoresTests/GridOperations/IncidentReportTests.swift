import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct IncidentReportTests {
    @Test func `a report gets its grid, its number and its event`() async throws {
        try await GridDatabase.withGrids { database in
            let evening = try #require(RFC3339.parse("2021-08-01T18:30:00Z"))
            let incident = try await database.report(at: evening)(GridRows.report(), key: GridRows.key("a"))
            #expect(incident.number == "532923100001202108020001")
            #expect(incident.gridCode.digits == "53292310000100101")
            let stored = try #require(try await database.incidents.find(incident.id))
            #expect(stored.incident == incident && stored.steps.isEmpty)
            #expect(try await database.events().last == "IncidentReported \(incident.id)")
        }
    }

    @Test func `reports at the same time get numbers of their own`() async throws {
        try await GridDatabase.withGrids { database in
            let report = database.report()
            let numbers = try await withThrowingTaskGroup(of: String.self) { tasks in
                for index in 0..<200 {
                    tasks.addTask { try await report(GridRows.report(), key: GridRows.key("key-\(index)")).number }
                }
                return try await tasks.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(numbers.count == 200)
            #expect(numbers.contains("532923100001202108010001") && numbers.contains("532923100001202108010200"))
            #expect(try await database.events().count { $0.hasPrefix("IncidentReported") } == 200)
        }
    }

    @Test func `the same request again gives the same answer and no second incident`() async throws {
        try await GridDatabase.withGrids { database in
            let first = try await database.report()(GridRows.report(), key: GridRows.key("a"))
            let later = GridDatabase.moment.addingTimeInterval(3600)
            let second = try await database.report(at: later)(GridRows.report(), key: GridRows.key("a"))
            #expect(second == first)
            let other = try await database.report()(GridRows.report(), key: GridRows.key("b"))
            #expect(other.id != first.id)
            #expect(try await database.number("select count(*) from grid.incidents") == 2)
            #expect(try await database.events().count { $0.hasPrefix("IncidentReported") } == 2)
        }
    }

    @Test func `a key that was used for another body is refused`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await database.report()(GridRows.report(), key: GridRows.key("a"))
            let problem = await #expect(throws: Problem.self) {
                try await database.report()(GridRows.report(x: 6), key: GridRows.key("a", body: "{\"x\": 6}"))
            }
            #expect(problem == .idempotencyMismatch)
            #expect(try await database.number("select count(*) from grid.incidents") == 1)
        }
    }

    @Test func `the same request many times at once makes one incident`() async throws {
        try await GridDatabase.withGrids { database in
            let report = database.report()
            let incidents = try await withThrowingTaskGroup(of: Incident.self) { tasks in
                for _ in 0..<12 {
                    tasks.addTask { try await report(GridRows.report(), key: GridRows.key("a")) }
                }
                return try await tasks.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(incidents.count == 1)
            #expect(try await database.number("select count(*) from grid.incidents") == 1)
        }
    }

    @Test func `a point outside every grid is refused with the nearest one and draws no number`() async throws {
        try await GridDatabase.withGrids { database in
            let error = await #expect(throws: OutsideGrids.self) {
                try await database.report()(GridRows.report(x: 45), key: GridRows.key("a"))
            }
            #expect(error?.nearest?.code.digits == "532923100001002")
            let drawn = try await database.number("select count(*) from grid.incident_counters")
            #expect(drawn == 0)
        }
    }
}
