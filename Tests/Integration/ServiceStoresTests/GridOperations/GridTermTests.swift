import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Testing

/// Terms and absences of staff.
@Suite(.timeLimit(.minutes(3))) struct GridTermTests {
    private let area = "532923100001001"

    private func keep(_ database: GridDatabase, days: Double = 0) -> KeepTerms {
        KeepTerms(
            store: PostgresTermStore(pool: database.pool, outbox: database.outbox, audit: GridDatabase.audit),
            assignments: database.assignments, now: { GridDatabase.moment.addingTimeInterval(days * 86_400) })
    }

    private func day(_ days: Int) throws -> CalendarDay {
        try #require(try CountyCalendar.day(of: GridDatabase.moment).adding(days: days))
    }

    private func draft<Draft: Decodable>(_ json: String) throws -> Draft {
        try JSONDecoder().decode(Draft.self, from: Data(json.utf8))
    }

    /// The roles that the area lacks on a day.
    private func missing(_ database: GridDatabase, on days: Int) async throws -> [GridRole] {
        try await PostgresGridFindings(pool: database.pool).list(
            gridPrefix: area, today: day(days), scope: .everything, after: nil, limit: 50
        ).first { $0.gridCode.digits == area && $0.kind == .areaIncomplete }?.missing ?? []
    }

    private func holders(_ database: GridDatabase) async throws -> [GridAssignment] {
        _ = try await database.staff([
            GridRows.holder(2, area, .gridWorker, person: 1), GridRows.holder(3, area, .gridPolice, person: 2),
        ])
        return try await database.assignments.list(in: try #require(GridCode(area))).sorted {
            $0.facts.role.rawValue > $1.facts.role.rawValue
        }
    }

    @Test func `a holding ends by itself on the day that its term says, with a vacancy`() async throws {
        try await GridDatabase.withGrids { database in
            let worker = try await holders(database)[0].facts.assignmentID
            try await keep(database).setTerm(worker, draft("{\"to\":\"\(day(3))\"}"), scope: .everything)
            #expect(try await keep(database, days: 2).endAll() == 0)
            // Nobody holds it on that day, whether or not it was ended yet.
            #expect(try await missing(database, on: 2) == [.volunteerTeam])
            #expect(try await missing(database, on: 3) == [.gridWorker, .volunteerTeam])
            #expect(try await keep(database, days: 3).endAll() == 1)
            #expect(try await keep(database, days: 3).endAll() == 0)
            let told = try await database.events().suffix(2)
            #expect(Array(told) == ["GridAssignmentEnded \(area)", "GridVacancyOpened \(area)"])
            let code = try #require(GridCode(area))
            var counts: [Int] = []
            for days in [2, 3] {
                counts.append(try await database.assignments.list(in: code, on: day(days)).count)
            }
            #expect(counts == [2, 1])
        }
    }

    @Test func `a term ends after today, and only a present holding has one`() async throws {
        try await GridDatabase.withGrids { database in
            let worker = try await holders(database)[0].facts.assignmentID
            await #expect(throws: RowFaults.self) {
                try await keep(database).setTerm(worker, draft("{\"to\":\"\(day(0))\"}"), scope: .everything)
            }
            await #expect(throws: HoldingNotFound.self) {
                try await keep(database).setTerm(.new(), draft("{}"), scope: .everything)
            }
            await #expect(throws: HoldingNotFound.self) {
                try await keep(database).setTerm(
                    worker, draft("{}"), scope: ScopeFilter([.division(try #require(DivisionPrefix("532923100002")))]))
            }
        }
    }

    @Test func `whoever is away without a substitute is missing, and nobody is away twice`() async throws {
        try await GridDatabase.withGrids { database in
            let held = try await holders(database)
            let (worker, police) = (held[0].facts.assignmentID, held[1].facts.assignmentID)
            func absence(_ of: GridAssignmentID, _ from: Int, _ to: Int, _ key: String, by: GridAssignmentID?)
                async throws
            {
                let substitute = by.map { ",\"substituteAssignmentID\":\"\($0)\"" } ?? ""
                _ = try await keep(database).add(
                    draft("{\"from\":\"\(day(from))\",\"to\":\"\(day(to))\"\(substitute)}"), of: of,
                    key: try GridRows.key(key), scope: .everything)
            }
            try await absence(worker, 1, 3, "a", by: police)
            try await absence(worker, 5, 7, "b", by: nil)
            await #expect(throws: RowFaults.self) { try await absence(worker, 6, 8, "c", by: nil) }
            await #expect(throws: RowFaults.self) { try await absence(worker, 9, 10, "d", by: worker) }
            #expect(try await missing(database, on: 1) == [.volunteerTeam])
            #expect(try await missing(database, on: 5) == [.gridWorker, .volunteerTeam])
            #expect(try await missing(database, on: 7) == [.volunteerTeam])
            let away = try await database.assignments.list(in: try #require(GridCode(area)), on: day(2))
                .first { $0.facts.assignmentID == worker }
            #expect(try away?.absence?.to == day(3) && away?.absence?.substitute == held[1].facts.personID)
        }
    }

    @Test func `terms and absences over HTTP, in one's own scope`() async throws {
        try await ServedTown.with { service in
            let holder = """
                {"gridCode":"\(area)","role":"gridWorker","identityNumber":"\(GridRows.identityNumber(1))","name":"段誉"}
                """
            _ = try await service.send([holder], to: "/v1/grid-assignments/bulk", as: .townOfficer, "532923100")
            let list = "/v1/grids/\(area)/assignments"
            let staff = try await service.ask("GET", list, as: .townOfficer, "532923100")
            let id = try #require(staff.body.firstMatch(of: /"id":"([^"]+)"/)).output.1
            let path = "/v1/grid-assignments/\(id)"
            let set = try await service.ask(
                "PUT", path + "/term", as: .communitySecretary, ServedTown.community, body: "{\"to\":\"9000-01-01\"}")
            #expect(set.status == 204, "\(set.body)")
            let other = try await service.ask(
                "PUT", path + "/term", as: .communitySecretary, "532923100002", body: "{}")
            #expect(other.status == 404)
            let today = try #require(CalendarDay(inShanghai: Date()))
            let days = try "{\"from\":\"\(today)\",\"to\":\"\(#require(today.adding(days: 2)))\"}"
            for _ in 1...2 {
                let away = try await service.ask(
                    "POST", path + "/absences", as: .communitySecretary, ServedTown.community, body: days,
                    headers: ["idempotency-key": "k"])
                #expect(away.status == 204, "\(away.body)")
            }
            let shown = try await service.ask("GET", list, as: .townOfficer, "532923100")
            #expect(shown.body.contains("\"termTo\":\"9000-01-01\"") && shown.body.contains("\"absentTo\""))
        }
    }
}
