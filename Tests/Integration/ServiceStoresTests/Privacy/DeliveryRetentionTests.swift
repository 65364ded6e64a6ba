import Foundation
import Logging
import Messaging
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import Testing

/// Who was told of what is forgotten half a year after the last news and the reader's last post; the counts stay.
struct DeliveryRetentionTests {
    private static let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
    private static let day: TimeInterval = 86_400
    private static let start = NotificationsDatabase.moment

    private let worker = PersonID.new()
    private let reporter = PersonID.new()

    private func run(_ notify: NotificationsDatabase, after days: Double) async throws -> [String: Int] {
        let time = Self.start.addingTimeInterval(days * Self.day)
        return try await RetentionJob(
            outbox: Outbox(pool: notify.pool), audit: AuditTrail(service: .notifications),
            rules: PersonalDataInventory.notify.retention, now: { time }, batchSize: 2, logger: Self.quiet
        ).runToday()
    }

    /// Five incidents that a worker and their reporter are told of, the last of them closed a month later.
    private func withNews(
        _ body: (NotificationsDatabase, GridAssignmentFacts) async throws -> Void
    ) async throws {
        try await NotificationsDatabase.with { notify in
            let post = try GridNewsFixture.worker(worker)
            try await notify.apply([GridStaffed(assignment: post)])
            let incidents = try (1...5).map { try GridNewsFixture.incident("\($0)", reporter: reporter) }
            try await notify.apply(incidents.map { IncidentReported(incident: $0) })
            try await notify.apply(incidents.map { IncidentClosed(incident: $0) })
            try await notify.apply(
                [IncidentClosed(incident: incidents[4])], at: Self.start.addingTimeInterval(31 * Self.day))
            try await body(notify, post)
        }
    }

    @Test func `a reporter is forgotten half a year after the last news of the incident, unread ones are counted off`()
        async throws
    {
        try await withNews { notify, _ in
            #expect(try await notify.store.unread(of: reporter, scope: .everything) == 6)
            #expect(try await notify.store.markRead(1, of: reporter, at: Self.start))
            #expect(try await run(notify, after: 180)["deliveries"] == 0)
            // Of the fifth there was news a month later; what the worker was told stays, since he is at his post.
            #expect(try await run(notify, after: 190) == ["deliveries": 4, "inboxes": 0])
            #expect(try await notify.outcomes("ERASED", reason: "retention") == 4)
            #expect(try await notify.store.unread(of: reporter, scope: .everything) == 2)
            #expect(try await notify.messages(of: worker).count == 5)
            #expect(try await run(notify, after: 230) == ["deliveries": 2, "inboxes": 1])
            #expect(try await notify.outcomes("ERASED", reason: "retention") == 6)
            let kept = try await notify.pool.query(
                "select sum(erased)::bigint as erased from service_kit.retention_runs where rule = 'deliveries'")
            #expect(try kept.rows[0].decode("erased") == 6)
        }
    }

    @Test func `a worker is forgotten half a year after his last post, and is told anew when he comes back`()
        async throws
    {
        try await withNews { notify, post in
            try await notify.apply(
                [GridAssignmentEnded(assignment: post)], at: Self.start.addingTimeInterval(100 * Self.day))
            #expect(try await run(notify, after: 270)["deliveries"] == 6, "the reporter's alone")
            #expect(try await notify.messages(of: worker).count == 5)
            #expect(try await run(notify, after: 285) == ["deliveries": 5, "inboxes": 1])
            let left = try await notify.pool.query(
                "select (select count(*) from notify.inboxes) + (select count(*) from notify.post_ends) as people")
            #expect(try left.rows[0].decode("people") == 0)
            let later = Self.start.addingTimeInterval(300 * Self.day)
            try await notify.apply([GridStaffed(assignment: try GridNewsFixture.worker(worker))], at: later)
            try await notify.apply(
                [IncidentReported(incident: try GridNewsFixture.incident("6"))], at: later)
            #expect(try await notify.messages(of: worker) == ["incidentReported 6"])
        }
    }

    @Test func `what a reporter was told is forgotten when the incident forgets him, unread ones are counted off`()
        async throws
    {
        try await withNews { notify, _ in
            let rows = try await notify.pool.query(
                "select distinct subject_id, slots::jsonb->>'number' as number from notify.deliveries order by number"
            ).rows
            let ids = try rows.map { try $0.decode("subject_id", as: UUID.self) }
            func facts(_ index: Int, reporter: PersonID? = nil) throws -> IncidentFacts {
                var facts = try GridNewsFixture.incident("\(index + 1)", reporter: reporter)
                facts.incidentID = IncidentID(rawValue: ids[index])
                return facts
            }
            // Said again with its reporter, an incident forgets nobody.
            try await notify.apply([IncidentStated(incident: try facts(0, reporter: reporter))])
            #expect(try await notify.store.unread(of: reporter, scope: .everything) == 6)
            try await notify.apply([
                IncidentArchived(incident: try facts(0)), IncidentStated(incident: try facts(4)),
            ])
            #expect(try await notify.outcomes("ERASED", reason: "reporter-erased") == 3)
            #expect(try await notify.store.unread(of: reporter, scope: .everything) == 3)
            #expect(try await notify.messages(of: reporter).count == 3)
            #expect(try await notify.messages(of: worker).count == 5)
            // Again: nothing more.
            try await notify.apply([IncidentArchived(incident: try facts(0))])
            #expect(try await notify.store.unread(of: reporter, scope: .everything) == 3)
        }
    }

    @Test func `a hold on an inbox keeps what its owner was told`() async throws {
        try await withNews { notify, _ in
            let until = try CountyCalendar.day(of: Self.start.addingTimeInterval(300 * Self.day))
            _ = try await notify.pool.query(
                """
                insert into service_kit.legal_holds values (gen_random_uuid(), 'inbox', \(reporter.description),
                    \(PostgresValue.date(until.description)), 'court-17', 'a', now(), 'b', now())
                """)
            #expect(try await run(notify, after: 299) == ["deliveries": 0, "inboxes": 0])
            #expect(try await run(notify, after: 301) == ["deliveries": 6, "inboxes": 1])
        }
    }
}
