import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Testing

/// Merge and split of grids against the database.
@Suite(.timeLimit(.minutes(3))) struct GridReformTests {
    private let west = "532923100001001"
    private let east = "532923100001002"
    private let merged = "532923100001003"

    private func code(_ digits: String) throws -> GridCode { try #require(GridCode(digits)) }

    private func box(_ west: Double, _ south: Double, _ east: Double, _ north: Double) throws -> GridBoundary {
        try GridBoundary(wellKnownText: GridRows.box(west, south, east, north))
    }

    private func merge(into new: String = "532923100001003") throws -> GridReform {
        GridReform(
            kind: .merge, code: try code(west), others: [try code(east)],
            successors: [GridReform.Successor(code: try code(new), name: "新责任区")])
    }

    private func parts(_ borders: [Double], _ households: [Int] = [129, 129]) throws -> GridReform {
        GridReform(
            kind: .split, code: try code(east),
            successors: try households.enumerated().map { index, count in
                GridReform.Successor(
                    code: try code("53292310000100\(3 + index)"), name: "部分", households: count,
                    boundary: try box(borders[2 * index], 0, borders[2 * index + 1], 20))
            })
    }

    private func carryOut(
        _ reform: GridReform, _ database: GridDatabase, ifVersion version: Int? = 1, key: String = "k",
        days: Double = 0
    ) async throws -> GridReformReceipt {
        let store = PostgresGridReformStore(pool: database.pool, outbox: database.outbox)
        return try await ReformGrids(store: store, now: { GridDatabase.moment.addingTimeInterval(days * 86_400) })(
            reform, ifVersion: version, key: try GridRows.key(key), scope: .everything)
    }

    private func faults(_ body: () async throws -> GridReformReceipt) async throws -> [String] {
        do {
            _ = try await body()
            return []
        } catch let error as RowFaults {
            return error.faults.map { "\($0.field):\($0.code)" }
        }
    }

    private func gridsOfIncidents(_ database: GridDatabase) async throws -> [String] {
        try await database.pool.query("select grid_code from grid.incidents order by longitude, latitude").rows
            .map { try $0.decode("grid_code") }
    }

    private func report(_ x: Double, _ y: Double, _ database: GridDatabase) async throws {
        _ = try await database.report()(
            GridRows.report(x: x, y: y), key: try GridRows.key("\(x),\(y)", body: "\(x),\(y)"))
    }

    @Test func `two areas become one with their groups, incidents and staff, and the old codes stay with successors`()
        async throws
    {
        try await GridDatabase.withGrids { database in
            for point in [(5.0, 5.0), (15.0, 5.0), (25.0, 5.0)] { try await report(point.0, point.1, database) }
            let staff = try await database.staff([
                GridRows.holder(2, west, .gridWorker, person: 1), GridRows.holder(3, east, .gridWorker, person: 1),
                GridRows.holder(4, east, .gridPolice, person: 2),
                GridRows.holder(5, west + "01", .communityCadre, person: 3),
            ])
            #expect(staff.tally == ["accepted": 4])
            let receipt = try await carryOut(try merge(), database, days: 3)
            #expect(receipt.ended.map(\.digits) == [west, west + "01", west + "02", east])
            #expect(receipt.successors.map(\.digits) == [merged, merged + "01", merged + "02"])
            #expect(receipt.incidents == 3 && receipt.holdings == 3)
            #expect(try await gridsOfIncidents(database) == [merged + "01", merged, merged])
            let clocks = try await database.number(
                "select count(*) from grid.clocks where left(grid_code, 15) = \(merged)")
            #expect(clocks == 3)
            let found = try await database.number(
                """
                select count(*) from grid.incident_words
                where words @@ \("'g:\(merged)'")::tsquery and not words @@ \("'g:\(west)'")::tsquery
                """)
            #expect(found == 3)
            let held = try await database.assignments.list(in: try code(merged)).map(\.facts.role)
            #expect(held == [.gridPolice, .gridWorker])
            #expect(try await database.assignments.list(in: try code(west)).isEmpty)

            let old = try #require(try await database.grids.find(try code(west), scope: .everything))
            #expect(old.successors.map(\.digits) == [merged] && old.validity.to?.description == "2021-08-04")
            #expect(old.version == 2)
            let new = try #require(try await database.grids.find(try code(merged), scope: .everything))
            #expect(new.grid.households == 516 && new.validity.from?.description == "2021-08-04")
            let events = try await database.events()
            #expect(events.contains("GridMerged \(west)") && events.contains("GridActivated \(merged)"))
            #expect(events.count { $0.hasPrefix("IncidentStated") } == 3)
        }
    }

    @Test func `lists show the grids of a day, and a point lies in those of today`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await carryOut(try merge(), database, days: 3)
            let first = try CountyCalendar.day(of: GridDatabase.moment)
            func codes(_ days: Int) async throws -> [String] {
                let day = try #require(first.adding(days: days))
                return try await database.grids.list(
                    prefix: "532923", level: .area, on: day, scope: .everything, after: nil, limit: 10
                ).map(\.code.digits)
            }
            #expect(try await codes(2) == [west, east])
            #expect(try await codes(3) == [merged])
            let point = try #require(Position(longitude: 100.525, latitude: 25.405))
            #expect(try await database.grids.locate(point) == .inside(try code(merged)))
            let findings = try await PostgresGridFindings(pool: database.pool).list(
                gridPrefix: "", today: first, scope: .everything, after: nil, limit: 50)
            #expect(!findings.contains { $0.gridCode.digits == west } && !findings.isEmpty)
        }
    }

    @Test func `a grid is split by its parts, and each incident goes where its point lies`() async throws {
        try await GridDatabase.withGrids { database in
            try await report(25, 5, database)
            try await report(35, 5, database)
            _ = try await database.staff([GridRows.holder(2, east, .gridWorker, person: 1)])
            let receipt = try await carryOut(try parts([20, 30, 30, 40]), database)
            #expect(receipt.successors.map(\.digits) == [merged, "532923100001004"] && receipt.holdings == 2)
            #expect(try await gridsOfIncidents(database) == [merged, "532923100001004"])
            #expect(try await database.events().contains("GridSplit \(east)"))
        }
    }

    @Test func `parts that overlap, leave a gap, reach out or do not add up are refused, with the place`() async throws
    {
        try await GridDatabase.withGrids { database in
            let overlap = try parts([20, 32, 30, 40])
            #expect(
                try await faults { try await carryOut(overlap, database) } == ["parts/1/boundary:boundary-overlap"])
            let gap = try parts([20, 28, 30, 40])
            #expect(try await faults { try await carryOut(gap, database) } == ["parts:boundary-gap"])
            let beyond = try parts([20, 30, 30, 45])
            #expect(try await faults { try await carryOut(beyond, database) } == ["parts/1/boundary:boundary-beyond"])
            let short = try parts([20, 30, 30, 40], [1, 2])
            #expect(try await faults { try await carryOut(short, database) } == ["parts:households-differ"])
            do {
                _ = try await carryOut(gap, database)
            } catch let error as RowFaults {
                #expect(error.faults.first?.english.contains("near longitude 100.529") == true)
            }
            #expect(try await database.number("select count(*) from grid.grids") == 4)
        }
    }

    @Test func `a split that cuts a group is refused, and so are grids that do not touch`() async throws {
        try await GridDatabase.withGrids { database in
            let cut = GridReform(
                kind: .split, code: try code(west),
                successors: try [(0.0, 5.0), (5.0, 20.0)].enumerated().map { index, span in
                    GridReform.Successor(
                        code: try code("53292310000100\(3 + index)"), name: "部分", households: 129,
                        boundary: try box(span.0, 0, span.1, 20))
                })
            #expect(
                try await faults { try await carryOut(cut, database) } == [
                    "parts:groups-outside", "parts:groups-outside",
                ])
            _ = try await database.registerGrids([GridRows.grid(2, "532923100001009", GridRows.box(50, 0, 60, 20))])
            let apart = GridReform(
                kind: .merge, code: try code(west), others: [try code("532923100001009")],
                successors: [GridReform.Successor(code: try code(merged), name: "新")])
            #expect(try await faults { try await carryOut(apart, database) } == ["others:boundary-invalid"])
        }
    }

    @Test func `no code is ever used again, by a merge, by a sheet or in the database`() async throws {
        try await GridDatabase.withGrids { database in
            #expect(
                try await faults { try await carryOut(try merge(into: "532923100001001"), database) } == [
                    "code:code-used"
                ])
            _ = try await carryOut(try merge(), database)
            let again = try await database.registerGrids([GridRows.grid(2, east, GridRows.box(20, 0, 40, 20))])
            #expect(again.tally == ["code:grid-ended": 1])
            // The fence lets nothing be deleted, and the trigger nothing that has ended be changed.
            _ = try await database.pool.query("delete from grid.grids")
            #expect(try await database.number("select count(*) from grid.grids") == 7)
            await #expect(throws: PostgresError.self) {
                _ = try await database.pool.query(
                    "update grid.grids set valid_to = null where code = '532923100001002'")
            }
        }
    }

    @Test func `of two merges of one grid at once one wins, and the same order again is answered as before`()
        async throws
    {
        try await GridDatabase.withGrids { database in
            let orders = try ["532923100001003", "532923100001004"].map { try merge(into: $0) }
            let outcomes = await withTaskGroup(of: String.self) { tasks in
                for (index, order) in orders.enumerated() {
                    tasks.addTask {
                        do {
                            _ = try await carryOut(order, database, ifVersion: index == 0 ? 1 : nil, key: "k\(index)")
                            return "won"
                        } catch is VersionMismatch {
                            return "lost"
                        } catch is GridRefusal {
                            return "lost"
                        } catch {
                            return "\(error)"
                        }
                    }
                }
                return await tasks.reduce(into: [String]()) { $0.append($1) }
            }
            #expect(outcomes.sorted() == ["lost", "won"])
            #expect(try await database.number("select count(*) from grid.grids where valid_to is null") == 3)
        }
        try await GridDatabase.withGrids { database in
            let first = try await carryOut(try merge(), database)
            let events = try await database.events()
            #expect(try await carryOut(try merge(), database, days: 5) == first)
            #expect(try await database.events() == events)
        }
    }

    @Test func `an incident that came into a grid while it ended follows it`() async throws {
        try await GridDatabase.withGrids { database in
            try await report(25, 5, database)
            _ = try await carryOut(try merge(), database)
            _ = try await database.pool.query("update grid.incidents set grid_code = \(east)")
            let store = PostgresGridReformStore(pool: database.pool, outbox: database.outbox)
            #expect(try await store.moveStrays(at: GridDatabase.moment) == 1)
            #expect(try await gridsOfIncidents(database) == [merged])
            #expect(try await store.moveStrays(at: GridDatabase.moment) == 0)
        }
    }
}
