import GridOperationsService
import Models
import Postgres
import Testing

@Suite(.timeLimit(.minutes(2))) struct GridDirectoryTests {
    @Test func `divisions are written once and announced when they change`() async throws {
        try await GridDatabase.with { database in
            let rows = [
                GridRows.division(2, "532923100001"), GridRows.division(3, "532923100"), GridRows.division(4, "532923"),
                GridRows.division(5, "532923999001"),
            ]
            let sent = try await database.registerDivisions(rows)
            #expect(sent.tally == ["accepted": 3, "parentCode:reference-unknown": 1])
            let events = [
                "DivisionRegistered 532923", "DivisionRegistered 532923100", "DivisionRegistered 532923100001",
            ]
            #expect(try await database.events() == events)
            #expect(try await database.registerDivisions(Array(rows.prefix(3))).tally == ["unchanged": 3])
            let renamed = [GridRows.division(3, "532923100", name: "新名"), GridRows.division(4, "532923")]
            #expect(try await database.registerDivisions(renamed).tally == ["accepted": 1, "unchanged": 1])
            #expect(try await database.events() == events + ["DivisionChanged 532923100"])
            #expect(
                try await database.divisions.list(prefix: "532923100", after: nil, limit: 10).map(\.name) == [
                    "新名", "某地",
                ])
            let rest = try await database.divisions.list(prefix: "5329", after: "532923", limit: 1)
            #expect(rest.map(\.code.digits) == ["532923100"])
        }
    }

    @Test func `grids that share a border stand side by side and importing again changes nothing`() async throws {
        try await GridDatabase.withGrids { database in
            let events = try await database.events()
            #expect(events.suffix(4).allSatisfy { $0.hasPrefix("GridActivated 53292310000100") })
            let again = try await database.registerGrids([
                GridRows.grid(2, "532923100001001", GridRows.box(0, 0, 20, 20)),
                GridRows.grid(4, "53292310000100101", GridRows.box(0, 0, 10, 10)),
            ])
            #expect(again.tally == ["unchanged": 2])
            #expect(try await database.events() == events)
            let listed = try await database.grids.list(prefix: "532923100001", level: .area, after: nil, limit: 10)
            #expect(listed.map(\.code.digits) == ["532923100001001", "532923100001002"])
            let read = try await database.grids.find(try #require(GridCode("532923100001002")))
            #expect(read?.boundary == listed.last?.boundary && read?.households == 258)
        }
    }

    @Test func `boundaries that break a rule are rejected one by one`() async throws {
        try await GridDatabase.withGrids { database in
            let bow = "POLYGON((100.51 25.4,100.52 25.41,100.52 25.4,100.51 25.41,100.51 25.4))"
            let outcomes = try await database.registerGrids([
                GridRows.grid(2, "53292310000100103", bow),
                GridRows.grid(3, "53292310000100104", GridRows.box(9, 0, 15, 10)),
                GridRows.grid(4, "53292310000100105", GridRows.box(15, 0, 25, 10)),
                GridRows.grid(5, "53292310000100106", GridRows.box(10, 0, 20, 10)),
                GridRows.grid(6, "53292310000100107", GridRows.box(12, 5, 14, 15)),
                GridRows.grid(7, "532923100002001", GridRows.box(60, 0, 70, 10)),
                GridRows.grid(8, "532923100001001", GridRows.box(5, 0, 20, 20)),
                GridRows.grid(9, "53292310000100901", GridRows.box(0, 0, 1, 1)),
            ])
            #expect(
                outcomes.tally == [
                    "boundary:boundary-invalid": 1, "boundary:boundary-overlap": 2,
                    "boundary:boundary-outside-parent": 1,
                    "accepted": 1, "parentCode:reference-unknown": 2, "boundary:groups-outside": 1,
                ])
            #expect(outcomes.first { $0.content == .accepted }?.row == 5)
            #expect(try await database.number("select count(*) from grid.grids") == 5)
        }
    }

    @Test func `a border moves between two areas in one request`() async throws {
        try await GridDatabase.withGrids { database in
            let moved = try await database.registerGrids([
                GridRows.grid(2, "532923100001001", GridRows.box(0, 0, 25, 20)),
                GridRows.grid(3, "532923100001002", GridRows.box(25, 0, 40, 20)),
            ])
            #expect(moved.tally == ["accepted": 2])
            #expect(try await database.events().suffix(2).allSatisfy { $0.hasPrefix("GridChanged ") })
            let alone = try await database.registerGrids([
                GridRows.grid(2, "532923100001001", GridRows.box(0, 0, 30, 20))
            ])
            #expect(alone.tally == ["boundary:boundary-overlap": 1])
        }
    }

    @Test func `a point lies in the smallest grid around it or is told the nearest`() async throws {
        try await GridDatabase.withGrids { database in
            func place(_ x: Double, _ y: Double) async throws -> GridPlace {
                let position = try #require(Position(longitude: 100.5 + x / 1000, latitude: 25.4 + y / 1000))
                return try await database.grids.locate(position)
            }
            func inside(_ digits: String) throws -> GridPlace { .inside(try #require(GridCode(digits))) }
            #expect(try await place(5, 5) == inside("53292310000100101"))
            #expect(try await place(15, 5) == inside("532923100001001"))
            // On borders: the first code, whichever row was written first.
            #expect(try await place(5, 10) == inside("53292310000100101"))
            #expect(try await place(20, 5) == inside("532923100001001"))
            guard case .outside(let nearest?) = try await place(50, 5) else {
                Issue.record("a point outside was placed")
                return
            }
            #expect(nearest.code.digits == "532923100001002")
            #expect((950...1050).contains(nearest.metres))
        }
    }
}
