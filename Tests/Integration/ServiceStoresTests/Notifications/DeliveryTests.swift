import Foundation
import Models
import NotificationsService
import Postgres
import Support
import Testing

@Suite(.timeLimit(.minutes(2))) struct DeliveryTests {
    private typealias Fixture = GridNewsFixture
    private let worker = PersonID.new()
    private let reporter = PersonID.new()

    @Test func `workers of the area hear of a report, the reporter of what comes of it`() async throws {
        try await NotificationsDatabase.with { notify in
            let second = PersonID.new()
            let elsewhere = PersonID.new()
            try await notify.apply([
                GridStaffed(assignment: try Fixture.worker(worker)),
                GridStaffed(assignment: try Fixture.worker(second)),
                GridStaffed(assignment: try Fixture.worker(elsewhere, in: "532923100001002")),
            ])
            let incident = try Fixture.incident("7", reporter: reporter)
            try await notify.apply([
                IncidentReported(incident: incident), IncidentFiled(incident: incident),
                IncidentDispatched(incident: incident), IncidentAccepted(incident: incident),
                IncidentHandled(incident: incident), IncidentReopened(incident: incident),
                IncidentHandled(incident: incident), IncidentClosed(incident: incident),
                IncidentStated(incident: incident),
            ])
            #expect(try await notify.messages(of: worker) == ["incidentReported 7", "incidentReopened 7"])
            #expect(try await notify.messages(of: second) == ["incidentReported 7", "incidentReopened 7"])
            #expect(try await notify.messages(of: elsewhere).isEmpty)
            #expect(
                try await notify.messages(of: reporter)
                    == ["incidentDispatched 7", "incidentHandled 7", "incidentHandled 7", "incidentClosed 7"])
            #expect(try await notify.store.unread(of: reporter) == 4)
        }
    }

    @Test func `a rejected report is told to its reporter`() async throws {
        try await NotificationsDatabase.with { notify in
            try await notify.apply([IncidentRejected(incident: try Fixture.incident("7", reporter: reporter))])
            #expect(try await notify.messages(of: reporter) == ["incidentRejected 7"])
        }
    }

    @Test func `nobody is told of incidents of old sheets, which are counted`() async throws {
        try await NotificationsDatabase.with { notify in
            try await notify.apply([GridStaffed(assignment: try Fixture.worker(worker))])
            for _ in 0..<2 {
                try await notify.apply([
                    IncidentReported(incident: try Fixture.incident(reporter: reporter, isHistorical: true)),
                    IncidentClosed(incident: try Fixture.incident(reporter: reporter, isHistorical: true)),
                ])
            }
            #expect(try await notify.messages(of: worker).isEmpty)
            #expect(try await notify.messages(of: reporter).isEmpty)
            #expect(try await notify.unaddressed("historical") == 4)
        }
    }

    @Test func `news for a reporter without an inbox is counted`() async throws {
        try await NotificationsDatabase.with { notify in
            try await notify.apply([GridStaffed(assignment: try Fixture.worker(worker))])
            let incident = try Fixture.incident()
            try await notify.apply([
                IncidentReported(incident: incident), IncidentFiled(incident: incident),
                IncidentHandled(incident: incident), IncidentClosed(incident: incident),
            ])
            #expect(try await notify.unaddressed("no-inbox") == 2)
            #expect(try await notify.messages(of: worker) == ["incidentReported 1"])
        }
    }

    @Test func `a worker is not told of his own report`() async throws {
        try await NotificationsDatabase.with { notify in
            let colleague = PersonID.new()
            try await notify.apply([
                GridStaffed(assignment: try Fixture.worker(worker)),
                GridStaffed(assignment: try Fixture.worker(colleague)),
            ])
            try await notify.apply([IncidentReported(incident: try Fixture.incident("7", reporter: worker))])
            #expect(try await notify.messages(of: worker).isEmpty)
            #expect(try await notify.messages(of: colleague) == ["incidentReported 7"])
            #expect(try await notify.outcomes("SKIPPED", reason: "own-report") == 1)
        }
    }

    @Test func `an event told again reaches an inbox once`() async throws {
        try await NotificationsDatabase.with { notify in
            try await notify.apply([GridStaffed(assignment: try Fixture.worker(worker))])
            let event = try NotificationsDatabase.received(IncidentReported(incident: try Fixture.incident()))
            try await notify.apply([event])
            try await notify.apply([event, event])
            #expect(try await notify.messages(of: worker) == ["incidentReported 1"])
            #expect(try await notify.store.unread(of: worker) == 1)
        }
    }

    @Test func `one person with two posts in an area is told once`() async throws {
        try await NotificationsDatabase.with { notify in
            try await notify.apply([
                GridStaffed(assignment: try Fixture.worker(worker)),
                GridStaffed(assignment: try Fixture.worker(worker, in: "53292310000100101")),
            ])
            try await notify.apply([IncidentReported(incident: try Fixture.incident())])
            #expect(try await notify.messages(of: worker) == ["incidentReported 1"])
        }
    }

    @Test func `whoever has left the post hears nothing more`() async throws {
        try await NotificationsDatabase.with { notify in
            let post = try Fixture.worker(worker)
            try await notify.apply([GridStaffed(assignment: post)])
            try await notify.apply([GridAssignmentEnded(assignment: post)])
            try await notify.apply([IncidentReported(incident: try Fixture.incident())])
            #expect(try await notify.messages(of: worker).isEmpty)
            #expect(try await notify.outcomes("WAITING") == 1)
        }
    }

    @Test func `batches at once give an inbox whole numbers in order, without a hole and none twice`() async throws {
        try await NotificationsDatabase.with { notify in
            let people = (0..<10).map { _ in PersonID.new() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        for _ in 0..<10 {
                            try await notify.apply(
                                people.shuffled().map {
                                    IncidentClosed(incident: try Fixture.incident(reporter: $0))
                                })
                        }
                    }
                }
                // Meanwhile whoever follows an inbox must never see a number before a smaller one.
                group.addTask {
                    var last: Int64 = 0
                    while last < 60 {
                        try Task.checkCancellation()
                        for delivery in try await notify.store.following(last, of: people[0], limit: 1000) {
                            #expect(delivery.sequence == last + 1)
                            last = delivery.sequence
                        }
                    }
                }
                // Not waitForAll, which would wait for the follower after a writer has failed.
                for try await _ in group {}
            }
            for person in people {
                let sequences = try await notify.store.following(0, of: person, limit: 1000).map(\.sequence)
                #expect(sequences == Array(1...60))
            }
        }
    }
}
