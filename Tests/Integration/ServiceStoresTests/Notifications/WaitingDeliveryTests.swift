import Foundation
import Models
import NotificationsService
import Postgres
import Support
import Testing

@Suite(.timeLimit(.minutes(2))) struct WaitingDeliveryTests {
    private typealias Fixture = GridNewsFixture
    private let worker = PersonID.new()
    private let moment = NotificationsDatabase.moment

    @Test func `a report waits for its worker, since the topics have no order`() async throws {
        try await NotificationsDatabase.with { notify in
            let colleague = PersonID.new()
            try await notify.apply([
                IncidentReported(incident: try Fixture.incident("1")),
                IncidentReported(incident: try Fixture.incident("2")),
            ])
            #expect(try await notify.outcomes("WAITING") == 2)
            try await notify.apply(
                [
                    GridStaffed(assignment: try Fixture.worker(worker)),
                    GridStaffed(assignment: try Fixture.worker(colleague)),
                ], at: moment.addingTimeInterval(3600))
            #expect(try await notify.messages(of: worker) == ["incidentReported 1", "incidentReported 2"])
            #expect(try await notify.messages(of: colleague) == ["incidentReported 1", "incidentReported 2"])
            #expect(try await notify.outcomes("WAITING") == 0)
            #expect(try await notify.outcomes("SENT") == 4)
        }
    }

    @Test func `after a day nobody is told any more, and the area is a finding`() async throws {
        try await NotificationsDatabase.with { notify in
            try await notify.apply([IncidentReported(incident: try Fixture.incident())])
            let late = moment.addingTimeInterval(86_401)
            #expect(try await notify.settle(at: moment.addingTimeInterval(86_399)) == false)
            try await notify.apply([GridStaffed(assignment: try Fixture.worker(worker))], at: late)
            #expect(try await notify.messages(of: worker).isEmpty)
            #expect(try await notify.settle(at: late))
            #expect(try await notify.outcomes("SKIPPED", reason: "no-recipient") == 1)
            let findings = try await notify.store.unstaffedAreas(after: nil, limit: 10)
            #expect(findings.map(\.code) == ["532923100001001"])
            #expect(findings.map(\.undelivered) == [1])
            #expect(findings.map(\.audience) == ["role:gridWorker@area"])
            let last = ("532923100001001", "role:gridWorker@area")
            #expect(try await notify.store.unstaffedAreas(after: last, limit: 10).isEmpty)
        }
    }

    @Test func `while it waits the area is a finding too`() async throws {
        try await NotificationsDatabase.with { notify in
            try await notify.apply([IncidentReported(incident: try Fixture.incident())])
            let findings = try await notify.store.unstaffedAreas(after: nil, limit: 10)
            #expect(findings.map(\.waiting) == [1])
            #expect(findings.map(\.since) == [moment])
        }
    }

    @Test func `a staffing applied in the same moment as the report is found by settling`() async throws {
        try await NotificationsDatabase.with { notify in
            let handler = notify.handler()
            let report = try NotificationsDatabase.received(IncidentReported(incident: try Fixture.incident("3")))
            let staffing = try Fixture.worker(worker)
            // The staffing commits while the transaction of the report is open, which has looked before.
            try await notify.pool.withTransaction { transaction in
                _ = try await handler.apply([report], in: transaction)
                try await transaction.flush()
                try await notify.apply([GridStaffed(assignment: staffing)])
            }
            #expect(try await notify.outcomes("WAITING") == 1)
            #expect(try await notify.settle())
            #expect(try await notify.messages(of: worker) == ["incidentReported 3"])
            #expect(try await notify.outcomes("WAITING") == 0)
        }
    }

    @Test func `replicas that settle at once deliver once`() async throws {
        try await NotificationsDatabase.with { notify in
            try await notify.apply(
                (1...200).map { IncidentReported(incident: try Fixture.incident("\($0)")) })
            // Put in behind the handler's back, so that only settling can find it.
            let post = try Fixture.worker(worker)
            try await notify.pool.withTransaction { transaction in
                var staffing = GridStaffing()
                staffing.noteHeld(post)
                let ledger = PostgresDeliveryLedger(transaction: transaction)
                try await ledger.keep(staffing, at: NotificationsDatabase.moment)
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { _ = try await notify.settle() } }
                try await group.waitForAll()
            }
            #expect(try await notify.messages(of: worker).count == 200)
            #expect(try await notify.store.unread(of: worker) == 200)
        }
    }

    @Test func `a worker is not told of his own report when the post is taken up later`() async throws {
        try await NotificationsDatabase.with { notify in
            try await notify.apply([IncidentReported(incident: try Fixture.incident(reporter: worker))])
            try await notify.apply([GridStaffed(assignment: try Fixture.worker(worker))])
            #expect(try await notify.messages(of: worker).isEmpty)
            #expect(try await notify.outcomes("SKIPPED", reason: "own-report") == 1)
        }
    }
}
