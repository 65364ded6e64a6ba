import Foundation
import GridOperationsService
import Models
import Postgres
import Testing

@Suite(.timeLimit(.minutes(2))) struct IncidentHandlingTests {
    @Test func `every step is kept with who, when and why, and told`() async throws {
        try await GridDatabase.withGrids { database in
            let incident = try await database.report()(GridRows.report(), key: GridRows.key("a"))
            let (desk, handler, verifier) = (PersonID.new(), PersonID.new(), PersonID.new())
            let way: [(IncidentAction, IncidentCommandDraft)] = [
                (.file, IncidentCommandDraft(actor: desk.description, function: "disputeMediation")),
                (.dispatch, IncidentCommandDraft(actor: desk.description, organisation: "物业")),
                (.giveBack, IncidentCommandDraft(actor: handler.description, reason: "不属于我", organisation: "物业")),
                (.dispatch, IncidentCommandDraft(actor: desk.description, organisation: "城管")),
                (.accept, IncidentCommandDraft(actor: handler.description, organisation: "城管")),
                (.handle, IncidentCommandDraft(actor: handler.description, result: "已清理")),
                (.verify, IncidentCommandDraft(actor: verifier.description, passed: true, method: "site")),
            ]
            var last = incident
            for (action, draft) in way {
                last = try await database.handle()(action, on: incident.id, draft, ifVersion: last.version)
            }
            let record = try #require(try await database.incidents.find(incident.id))
            let (stored, steps) = (record.incident, record.steps)
            #expect(stored == last)
            #expect(stored.state == .closed && stored.version == 8 && stored.returnedBy == ["物业"])
            #expect(stored.handledBy == handler && stored.closedAt == GridDatabase.moment)
            #expect(steps.map(\.action) == way.map(\.0))
            #expect(steps.map(\.organisation) == [nil, "物业", "物业", "城管", "城管", nil, nil])
            #expect(steps.map(\.note) == [nil, nil, "不属于我", nil, nil, "已清理", "passed:site"])
            let names = ["Filed", "Dispatched", "Returned", "Dispatched", "Accepted", "Handled", "Closed"]
            #expect(try await database.events().suffix(7) == names.map { "Incident\($0) \(incident.id)" }[...])
        }
    }

    @Test func `of two who accept at once one wins`() async throws {
        try await GridDatabase.withGrids { database in
            let incident = try await database.report()(GridRows.report(), key: GridRows.key("a"))
            let draft = IncidentCommandDraft(
                actor: PersonID.new().description, function: "disputeMediation", reason: "重复")
            let won = await withTaskGroup(of: Bool.self) { tasks in
                for action in [IncidentAction.file, .reject, .file, .reject] {
                    tasks.addTask {
                        do {
                            _ = try await database.handle()(action, on: incident.id, draft, ifVersion: nil)
                            return true
                        } catch { return !(error is IncidentRefusal) }
                    }
                }
                return await tasks.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(won == 1)
            #expect(try await database.number("select count(*) from grid.incident_steps") == 1)
        }
    }

    @Test func `a change of another version or of no incident is refused`() async throws {
        try await GridDatabase.withGrids { database in
            let incident = try await database.report()(GridRows.report(), key: GridRows.key("a"))
            let draft = IncidentCommandDraft(actor: PersonID.new().description, reason: "重复")
            await #expect(throws: VersionMismatch.self) {
                try await database.handle()(.reject, on: incident.id, draft, ifVersion: 2)
            }
            await #expect(throws: IncidentNotFound.self) {
                try await database.handle()(.reject, on: .new(), draft, ifVersion: nil)
            }
            await #expect(throws: IncidentRefusal.wrongState(.reported, .reopen)) {
                try await database.handle()(.reopen, on: incident.id, draft, ifVersion: 1)
            }
            #expect(try await database.incidents.find(incident.id)?.incident == incident)
        }
    }
}
