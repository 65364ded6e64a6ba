import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct GridStaffTests {
    private let area = "532923100001001"
    private let group = "53292310000100101"

    @Test func `one person is one person in all grids, and importing again changes nothing`() async throws {
        try await GridDatabase.withGrids { database in
            let rows = [
                GridRows.holder(2, area, .gridWorker, person: 1),
                GridRows.holder(3, group, .partyGroupLeader, person: 1),
                GridRows.holder(4, group, .communityCadre, person: 2), GridRows.holder(5, group, .volunteer, person: 3),
                Numbered(row: 6, AssignmentDraft(gridCode: area, role: "volunteerTeam", teamCode: "532923100001-T")),
                GridRows.holder(7, "532923100001009", .gridWorker, person: 4),
            ]
            let sent = try await database.staff(rows)
            #expect(sent.tally == ["accepted": 5, "gridCode:reference-unknown": 1])
            #expect(try await database.number("select count(*) from grid.people") == 3)
            let events = try await database.events()
            #expect(events.suffix(5).allSatisfy { $0.hasPrefix("GridStaffed 532923100001001") })
            #expect(try await database.staff(Array(rows.prefix(5))).tally == ["unchanged": 5])
            #expect(try await database.events() == events)

            let staff = try await database.assignments.list(in: try #require(GridCode(area)))
            #expect(staff.map(\.facts.role) == [.gridWorker, .volunteerTeam])
            #expect(staff.map(\.maskedName) == ["欧阳**", nil])
            let leader = try await database.assignments.list(in: try #require(GridCode(group)))
                .first { $0.facts.role == .partyGroupLeader }
            #expect(leader?.facts.personID == staff.first?.facts.personID && leader != nil)
        }
    }

    @Test func `with keys of the contact topic a number is told to notifications alone, and taken back`() async throws {
        try await GridDatabase.withGrids { database in
            let transport = ContactTransport(cipher: database.cipher)
            let store = PostgresGridAssignmentStore(
                pool: database.pool, outbox: database.outbox, audit: AuditTrail(service: .gridOperations),
                cipher: database.cipher, transport: transport)
            let staff = StaffGrids(store: store, now: { GridDatabase.moment })
            var row = GridRows.holder(2, area, .gridWorker, person: 1).content
            for mobile in ["13800138000", "13900139000"] {
                row.mobile = mobile
                for _ in 0..<2 { _ = try await staff([Numbered(row: 2, row)]) }
            }
            let told = try await database.pool.query(
                "select data from messaging.outbox where topic = 'grid-operations.contact.v1' order by position"
            ).rows.map { try EventCoding.decode(ContactStated.self, from: try $0.decode("data", as: [UInt8].self)) }
            let numbers = try told.map { event in
                try event.contact.addresses.map { try transport.open($0, of: event.contact.personID) }
            }
            #expect(numbers == [["13800138000"], ["13900139000"]])
            #expect(told.map(\.contact.divisionCode.digits) == ["532923100001", "532923100001"])
        }
    }

    @Test func `a new mobile number is kept without telling anybody`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await database.staff([GridRows.holder(2, area, .gridWorker, person: 1)])
            let events = try await database.events()
            var row = GridRows.holder(2, area, .gridWorker, person: 1).content
            row.mobile = "13800138000"
            #expect(try await database.staff([Numbered(row: 2, row)]).tally == ["accepted": 1])
            #expect(try await database.staff([Numbered(row: 2, row)]).tally == ["unchanged": 1])
            #expect(try await database.events() == events)
        }
    }

    @Test func `nothing that says who a person is lies in the database in the clear`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await database.staff([GridRows.holder(2, area, .gridWorker, person: 1)])
            let texts = try await database.pool.query(
                """
                select p::text || a::text as text from grid.people p join grid.assignments a on a.person_id = p.id
                union all select convert_from(data, 'UTF8') || key from messaging.outbox where type like '%GridStaffed%'
                """
            ).rows.map { try $0.decode("text", as: String.self) }
            #expect(texts.count == 2)
            for value in ["欧阳春梅", "15400000001", GridRows.identityNumber(1)] {
                let hexadecimal = value.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                #expect(!texts.contains { $0.contains(value) || $0.contains(hexadecimal) })
            }
        }
    }

    @Test func `a role that one person holds is free when the holding ends`() async throws {
        try await GridDatabase.withGrids { database in
            _ = try await database.staff([GridRows.holder(2, group, .communityCadre, person: 1)])
            let next = [GridRows.holder(2, group, .communityCadre, person: 2)]
            #expect(try await database.staff(next).tally == ["role:role-taken": 1])
            let code = try #require(GridCode(group))
            let held = try #require(try await database.assignments.list(in: code).first)
            let end = EndGridAssignment(store: database.assignments, now: { GridDatabase.moment })
            #expect(try await end(held.facts.assignmentID))
            #expect(try await end(held.facts.assignmentID))
            #expect(try await !end(.new()))
            #expect(try await database.staff(next).tally == ["accepted": 1])
            #expect(
                try await database.events().suffix(4) == [
                    "GridStaffed \(group)", "GridAssignmentEnded \(group)", "GridVacancyOpened \(group)",
                    "GridStaffed \(group)",
                ])
        }
    }

    @Test func `the last holder leaves a vacancy, and whoever held what on a day is found`() async throws {
        try await GridDatabase.withGrids { database in
            let code = try #require(GridCode(group))
            _ = try await database.staff((1...2).map { GridRows.holder($0, group, .volunteer, person: $0) })
            let held = try await database.assignments.list(in: code)
            // 2021-08-01 is a Sunday in the county; the clock of the tests shows noon there.
            for (index, days) in [3.0, 5.0].enumerated() {
                let moment = GridDatabase.moment.addingTimeInterval(days * 86_400)
                let end = EndGridAssignment(store: database.assignments, now: { moment })
                #expect(try await end(held[index].facts.assignmentID))
            }
            let told = try await database.events().filter { !$0.hasPrefix("Division") && !$0.hasPrefix("GridAct") }
            #expect(
                told.suffix(3) == [
                    "GridAssignmentEnded \(group)", "GridAssignmentEnded \(group)", "GridVacancyOpened \(group)",
                ])
            let first = try CountyCalendar.day(of: GridDatabase.moment)
            func count(_ days: Int) async throws -> Int {
                let day = try #require(first.adding(days: days))
                return try await database.assignments.list(in: code, on: day).count
            }
            var counts: [Int] = []
            for days in [-1, 0, 3, 4, 5, 6] { counts.append(try await count(days)) }
            #expect(counts == [0, 2, 2, 1, 1, 0])
            #expect(try await database.assignments.list(in: code).isEmpty)
        }
    }

    @Test func `sheets at the same time make each person and each holding once`() async throws {
        try await GridDatabase.withGrids { database in
            let rows = (0..<200).map { GridRows.holder($0 + 2, group, .volunteer, person: $0) }
            try await withThrowingTaskGroup { tasks in
                for _ in 0..<4 { tasks.addTask { _ = try await database.staff(rows) } }
                try await tasks.waitForAll()
            }
            #expect(try await database.number("select count(*) from grid.people") == 200)
            #expect(try await database.number("select count(*) from grid.assignments") == 200)
            #expect(try await database.events().count { $0.hasPrefix("GridStaffed") } == 200)
        }
    }
}
