import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Testing

/// Responsibility fields, over HTTP and against the database.
@Suite(.timeLimit(.minutes(3))) struct ResponsibilityFieldTests {
    private let group = "53292310000100101"

    private func store(_ database: GridDatabase) -> PostgresFieldStore {
        PostgresFieldStore(pool: database.pool, outbox: database.outbox, audit: GridDatabase.audit)
    }

    private func keep(_ database: GridDatabase, days: Double = 0) -> KeepFields {
        KeepFields(
            store: store(database), now: { GridDatabase.moment.addingTimeInterval(days * 86_400) })
    }

    /// Three volunteers of the group, as holdings and persons.
    private func staffed(_ database: GridDatabase) async throws -> [GridAssignmentFacts] {
        _ = try await database.staff((1...3).map { GridRows.holder($0, group, .volunteer, person: $0) })
        return try await database.assignments.list(in: try #require(GridCode(group))).map(\.facts)
    }

    private func draft(_ owner: GridAssignmentID, grid: String? = nil) throws -> ResponsibilityFieldDraft {
        try JSONDecoder().decode(
            ResponsibilityFieldDraft.self,
            from: Data(
                """
                {"gridCode":"\(grid ?? group)","name":"3 号楼","ownerAssignmentID":"\(owner)"}
                """.utf8))
    }

    private func handover(_ owner: GridAssignmentID) throws -> FieldHandoverDraft {
        try JSONDecoder().decode(FieldHandoverDraft.self, from: Data("{\"ownerAssignmentID\":\"\(owner)\"}".utf8))
    }

    @Test func `a field has one owner each day, through handovers and twice on a day`() async throws {
        try await GridDatabase.withGrids { database in
            let held = try await staffed(database)
            let field = try await keep(database).add(
                draft(held[0].assignmentID), key: try GridRows.key("k"), scope: .everything)
            #expect(field.owner == held[0].personID && field.version == 1)
            _ = try await keep(database, days: 3).handOver(
                field.id, handover(held[1].assignmentID), ifVersion: 1, scope: .everything)
            let last = try await keep(database, days: 3).handOver(
                field.id, handover(held[2].assignmentID), ifVersion: 2, scope: .everything)
            #expect(last.owner == held[2].personID && last.version == 3)
            let first = try CountyCalendar.day(of: GridDatabase.moment)
            var owners: [PersonID?] = []
            for days in [-1, 0, 2, 3, 400] {
                let day = try #require(first.adding(days: days))
                let listed = try await store(database).list(
                    gridPrefix: group, on: day, scope: .everything, after: nil, limit: 10)
                #expect(listed.count == (days < 0 ? 0 : 1))
                owners.append(listed.first?.owner)
            }
            #expect(
                owners == [nil, held[0].personID, held[0].personID, held[2].personID, held[2].personID])
            await #expect(throws: VersionMismatch.self) {
                _ = try await keep(database).handOver(
                    field.id, handover(held[0].assignmentID), ifVersion: 1, scope: .everything)
            }
        }
    }

    @Test func `the database takes neither two owners at once nor a day without one`() async throws {
        try await GridDatabase.withGrids { database in
            let held = try await staffed(database)
            let field = try await keep(database).add(
                draft(held[0].assignmentID), key: try GridRows.key("k"), scope: .everything)
            let person = try #require(held[1].personID)
            let wrong: [(PostgresStatement, String)] = [
                (
                    """
                    insert into grid.field_owners
                    values (\(field.id.rawValue), \(group), \(person.rawValue), '[2021-09-01,)')
                    """, "field_owners_one_at_a_time"
                ),
                ("update grid.field_owners set during = '[2021-08-01,2021-09-01)'", "field_owners_no_gap"),
                ("delete from grid.field_owners", "field_owners_no_gap"),
                (
                    "insert into grid.responsibility_fields (id, grid_code, name) values (gen_random_uuid(), \(group), 'x')",
                    "field_owners_no_gap"
                ),
            ]
            for (statement, constraint) in wrong {
                do {
                    _ = try await database.pool.query(statement)
                    Issue.record("\(constraint) let it through")
                } catch let error as PostgresError {
                    #expect(error.constraint == constraint)
                }
            }
        }
    }

    @Test func `of two handovers at once one wins`() async throws {
        try await GridDatabase.withGrids { database in
            let held = try await staffed(database)
            let field = try await keep(database).add(
                draft(held[0].assignmentID), key: try GridRows.key("k"), scope: .everything)
            let drafts = try held[1...].map { try handover($0.assignmentID) }
            let won = await withTaskGroup(of: Bool.self) { tasks in
                for draft in drafts {
                    tasks.addTask {
                        let after = try? await keep(database, days: 1).handOver(
                            field.id, draft, ifVersion: 1, scope: .everything)
                        return after != nil
                    }
                }
                return await tasks.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(won == 1)
            #expect(try await database.number("select count(*) from grid.field_owners") == 2)
        }
    }

    @Test func `fields follow their group into a merge, and only holders of the group may own them`() async throws {
        try await GridDatabase.withGrids { database in
            let held = try await staffed(database)
            _ = try await keep(database).add(
                draft(held[0].assignmentID), key: try GridRows.key("k"), scope: .everything)
            await #expect(throws: RowFaults.self) {
                _ = try await keep(database).add(
                    draft(held[0].assignmentID, grid: "53292310000100102"), key: try GridRows.key("l"),
                    scope: .everything)
            }
            let (one, two) = (try #require(GridCode(group)), try #require(GridCode("53292310000100102")))
            let new = try #require(GridCode("53292310000100103"))
            let reforms = PostgresGridReformStore(pool: database.pool, outbox: database.outbox)
            _ = try await ReformGrids(store: reforms, now: { GridDatabase.moment })(
                GridReform(
                    kind: .merge, code: one, others: [two],
                    successors: [GridReform.Successor(code: new, name: "新")]), ifVersion: 1,
                key: try GridRows.key("m"), scope: .everything)
            let day = try CountyCalendar.day(of: GridDatabase.moment)
            let listed = try await store(database).list(
                gridPrefix: "", on: day, scope: .everything, after: nil, limit: 10)
            #expect(listed.map(\.gridCode) == [new])
        }
    }

    @Test func `fields are read and handed over over HTTP, in one's own scope`() async throws {
        try await ServedTown.with { service in
            let area = ServedTown.community + "001"
            let rows = [
                """
                {"code":"\(area)01","name":"组","level":"group","parentCode":"\(area)",
                 "boundary":"\(GridRows.box(0, 0, 10, 10))"}
                """
            ]
            _ = try await service.send(rows, to: "/v1/grids/bulk", as: .countyAdmin, "532923")
            let holder = """
                {"gridCode":"\(area)01","role":"volunteer","identityNumber":"\(GridRows.identityNumber(1))","name":"段誉"}
                """
            _ = try await service.send([holder], to: "/v1/grid-assignments/bulk", as: .townOfficer, "532923100")
            let staff = try await service.ask(
                "GET", "/v1/grids/\(area)01/assignments", as: .townOfficer, "532923100")
            let holding = try #require(staff.body.firstMatch(of: /"id":"([^"]+)"/)).output.1
            let body = "{\"gridCode\":\"\(area)01\",\"name\":\"3 号楼\",\"ownerAssignmentID\":\"\(holding)\"}"
            let made = try await service.ask(
                "POST", "/v1/responsibility-fields", as: .communitySecretary, ServedTown.community, body: body,
                headers: ["idempotency-key": "k"])
            #expect(made.status == 201, "\(made.body)")
            let path = try #require(made.headers["location"])
            let read = try await service.ask("GET", path, as: .gridWorker, area)
            #expect(read.body == made.body && read.headers["etag"] == "\"1\"", "\(read.body)")
            let over = try await service.ask(
                "POST", path + "/handover", as: .communitySecretary, ServedTown.community,
                body: "{\"ownerAssignmentID\":\"\(holding)\"}", headers: ["if-match": "\"1\""])
            #expect(over.status == 200 && over.headers["etag"] == "\"2\"", "\(over.body)")
            let list = "/v1/responsibility-fields?grid=\(area)"
            #expect(try await service.ask("GET", list, as: .gridWorker, area).body.contains("3 号楼"))
            let others = try await service.ask("GET", list, as: .gridWorker, "532923100002001")
            #expect(others.body == "{\"items\":[]}")
            let before = try await service.ask("GET", list + "&on=2020-01-01", as: .gridWorker, area)
            #expect(before.body == "{\"items\":[]}")
        }
    }
}
