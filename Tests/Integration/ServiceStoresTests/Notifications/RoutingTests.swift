import Foundation
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import Testing

/// Who is told of what, as routes say it.
@Suite(.timeLimit(.minutes(2))) struct RoutingTests {
    private typealias Fixture = GridNewsFixture
    private let moment = NotificationsDatabase.moment
    private let reporter = PersonID.new()
    private let worker = PersonID.new()

    private func put(_ notify: NotificationsDatabase, _ division: String, _ routes: MessageRoute...) async throws {
        _ = try await notify.routes.replace(division, routes, ifVersion: nil, at: moment)
    }

    private func subscribe(
        _ notify: NotificationsDatabase, _ person: PersonID, _ kind: Subscription.Kind, _ code: String,
        _ event: NewsEvent? = nil
    ) async throws {
        try await PostgresSubscriptionStore(pool: notify.pool, audit: AuditTrail(service: .notifications))
            .replace([Subscription(kind: kind, code: code, event: event)], of: person, at: moment)
    }

    private func deadline(_ level: Int, to division: String?) throws -> IncidentDeadlineMissed {
        IncidentDeadlineMissed(
            incident: try Fixture.incident("9"),
            deadline: DeadlineFacts(
                clock: .resolve, round: 1, dueAt: moment, level: level,
                escalatedTo: try division.map { try #require(DivisionCode($0)) }))
    }

    @Test func `the nearest division that says something counts, and its silence too`() async throws {
        try await NotificationsDatabase.with { notify in
            let closed = IncidentClosed(incident: try Fixture.incident("1", reporter: reporter))
            func told() async throws -> [String] {
                try await notify.apply([closed])
                return try await notify.messages(of: reporter)
            }
            try await put(
                notify, "532923", MessageRoute(event: .incidentClosed, audience: .reporter, template: "incidentHandled")
            )
            #expect(try await told() == ["incidentHandled 1"])
            try await put(
                notify, "532923100",
                MessageRoute(event: .incidentClosed, audience: .reporter, template: nil, channels: []))
            #expect(try await told().count == 1)
            try await put(
                notify, "532923100001",
                MessageRoute(event: .incidentClosed, audience: .reporter, template: "incidentRejected"))
            #expect(try await told() == ["incidentHandled 1", "incidentRejected 1"])
            // Another town goes by the county.
            try await notify.apply([
                IncidentClosed(incident: try Fixture.incident("2", grid: "532923101001001", reporter: reporter))
            ])
            #expect(try await notify.messages(of: reporter).last == "incidentHandled 2")
            // A set that says nothing leaves it to those above.
            try await put(notify, "532923")
            try await notify.apply([
                IncidentClosed(incident: try Fixture.incident("3", grid: "532923101001001", reporter: reporter))
            ])
            #expect(try await notify.messages(of: reporter).last == "incidentClosed 3")
        }
    }

    @Test func `a route for a state comes before one for all`() async throws {
        try await NotificationsDatabase.with { notify in
            try await put(
                notify, "532923",
                MessageRoute(event: .incidentClosed, audience: .reporter, template: "incidentHandled"),
                MessageRoute(event: .incidentClosed, state: "closed", audience: .reporter, template: "incidentClosed"))
            var incident = try Fixture.incident("1", reporter: reporter)
            try await notify.apply([IncidentClosed(incident: incident)])
            incident.state = .closed
            try await notify.apply([IncidentClosed(incident: incident)])
            #expect(try await notify.messages(of: reporter) == ["incidentHandled 1", "incidentClosed 1"])
        }
    }

    @Test func `who takes what comes to an organisation hears of it, and a named person of what names him`()
        async throws
    {
        try await NotificationsDatabase.with { notify in
            let desk = PersonID.new()
            let named = PersonID.new()
            try await subscribe(notify, desk, .organisation, "U-1")
            try await subscribe(notify, worker, .organisation, "U-1", .incidentReopened)
            try await put(
                notify, "532923",
                MessageRoute(event: .incidentDispatched, audience: .person(named), template: "incidentAssigned"))
            var incident = try Fixture.incident("1")
            incident.organisation = "U-1"
            try await notify.apply([IncidentDispatched(incident: incident)])
            #expect(try await notify.messages(of: desk) == ["incidentAssigned 1"])
            #expect(try await notify.messages(of: named) == ["incidentAssigned 1"])
            #expect(try await notify.messages(of: worker).isEmpty)
            let whistle = WhistleFacts(
                whistleID: .new(), round: 1, kind: .daily, organisations: ["U-1", "U-2"], answered: [], dueAt: moment)
            try await notify.apply([WhistleBlown(incident: incident, whistle: whistle)])
            #expect(try await notify.messages(of: desk).last == "whistleBlown 1")
        }
    }

    @Test func `the first in line above is told, from the level that the deadline names on`() async throws {
        try await NotificationsDatabase.with { notify in
            let cadre = PersonID.new()
            let town = PersonID.new()
            let county = PersonID.new()
            // Nobody stands above: counted.
            try await notify.apply([try deadline(1, to: nil)])
            #expect(try await notify.unaddressed("no-subscriber") == 2)
            try await subscribe(notify, county, .supervision, "532923")
            try await notify.apply([try deadline(1, to: nil)])
            #expect(try await notify.messages(of: county) == ["deadlineMissed 9"])
            try await subscribe(notify, town, .supervision, "532923100")
            var post = try Fixture.worker(cadre, in: "532923100001002")
            post.role = .communityCadre
            try await notify.apply([GridStaffed(assignment: post)])
            // A cadre of the community, though of another area, comes before the town.
            try await notify.apply([try deadline(1, to: "532923100001")])
            try await notify.apply([try deadline(2, to: "532923100")])
            #expect(try await notify.messages(of: cadre) == ["deadlineMissed 9"])
            #expect(try await notify.messages(of: town) == ["deadlineMissed 9"])
            try await notify.apply([try deadline(3, to: "532923")])
            #expect(try await notify.messages(of: county).count == 2)
            let vacancy = GridVacancyFacts(
                gridCode: try #require(GridCode("532923100001001")), role: .gridWorker, lastAssignmentID: .new())
            try await notify.apply([GridVacancyOpened(vacancy: vacancy)])
            #expect(try await notify.messages(of: cadre).last == "gridVacancyOpened vacancy")
        }
    }

    @Test func `whoever booked a room hears what comes of it`() async throws {
        try await NotificationsDatabase.with { notify in
            let booking = BookingFacts(
                bookingID: .new(), roomID: .new(), divisionCode: try #require(DivisionCode("532923100001")),
                state: .approved, from: moment, to: moment.addingTimeInterval(3600), applicantID: reporter)
            try await notify.apply([BookingRequested(booking: booking), BookingApproved(booking: booking)])
            let messages = try await notify.store.newest(of: reporter, before: nil, limit: 9)
            #expect(messages.map(\.template) == ["bookingApproved"])
            let text = try #require(try messages.first?.words.filled(messages[0].slots))
            // 1 700 000 000 is 06:13 on 15 November in the county.
            #expect(text.body.chinese == "您预约的11月15日06:13至11月15日07:13已通过。")
            #expect(try await notify.unaddressed("no-subscriber") == 1)
        }
    }

    @Test func `an event without a route and a route without words are counted, and nobody is told`() async throws {
        try await NotificationsDatabase.with { notify in
            try await notify.pool.withTransaction { transaction in
                transaction.enqueue("delete from notify.routes where event = 'IncidentHandled'")
                transaction.enqueue("update notify.templates set in_force = false where code = 'incidentClosed'")
            }
            let incident = try Fixture.incident("1", reporter: reporter)
            try await notify.apply([IncidentHandled(incident: incident), IncidentClosed(incident: incident)])
            #expect(try await notify.unaddressed("no-route") == 1)
            #expect(try await notify.unaddressed("no-template") == 1)
            #expect(try await notify.messages(of: reporter).isEmpty)
            let findings = try await ReadFindings(inboxes: notify.store, routes: notify.routes)
                .ofRoutes(scope: .everything)
            #expect(
                Set(findings.map { "\($0.kind.rawValue) \($0.event.rawValue)" })
                    == ["event-not-routed IncidentHandled", "route-without-template IncidentClosed"])
        }
    }

    @Test func `the suite's own routes leave nothing to be found`() async throws {
        try await NotificationsDatabase.with { notify in
            let findings = ReadFindings(inboxes: notify.store, routes: notify.routes)
            let found = try await findings.ofRoutes(scope: .everything)
            #expect(found.isEmpty, "\(found)")
            // Its words are such as a county could approve.
            for version in try await notify.templates.list(after: nil, limit: 500) {
                #expect(version.words.faults.isEmpty, "\(version.key.code)")
            }
        }
    }

    @Test func `one event can wait for two posts and is told once to who takes up both`() async throws {
        try await NotificationsDatabase.with { notify in
            try await put(
                notify, "532923",
                MessageRoute(
                    event: .incidentReported, audience: .role(.communityCadre, in: .community),
                    template: "incidentReported"))
            try await notify.apply([IncidentReported(incident: try Fixture.incident("1"))])
            #expect(try await notify.outcomes("WAITING") == 2)
            var cadre = try Fixture.worker(worker, in: "532923100001009")
            cadre.role = .communityCadre
            try await notify.apply([
                GridStaffed(assignment: cadre), GridStaffed(assignment: try Fixture.worker(worker)),
            ])
            #expect(try await notify.messages(of: worker) == ["incidentReported 1"])
            #expect(try await notify.outcomes("WAITING") == 0)
            #expect(try await notify.store.unread(of: worker) == 1)
        }
    }

    @Test func `a delivery keeps in which versions it was made`() async throws {
        try await NotificationsDatabase.with { notify in
            let route = MessageRoute(event: .incidentClosed, audience: .reporter, template: "incidentClosed")
            try await put(notify, "532923", route)
            try await put(notify, "532923", route)
            try await notify.apply([IncidentClosed(incident: try Fixture.incident("1", reporter: reporter))])
            let row = try #require(
                try await notify.pool.query(
                    "select route_division || ' ' || route_version || ' ' || template_version as versions from notify.deliveries"
                ).rows.first)
            #expect(try row.decode("versions", as: String.self) == "532923 2 1")
            // The older version can still be read.
            #expect(try await notify.routes.find("532923", version: 1)?.isInForce == false)
            #expect(try await notify.routes.find("532923", version: nil)?.routes == [route])
        }
    }

    @Test func `of two who change the same version one is refused`() async throws {
        try await NotificationsDatabase.with { notify in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        (try? await notify.routes.replace("532923", [], ifVersion: 0, at: moment)) != nil
                    }
                }
                var outcomes: [Bool] = []
                for await outcome in group { outcomes.append(outcome) }
                return outcomes
            }
            #expect(outcomes.count { $0 } == 1)
        }
    }

    @Test func `a dry run says who would get what, and does nothing`() async throws {
        try await NotificationsDatabase.with { notify in
            try await notify.apply([GridStaffed(assignment: try Fixture.worker(worker))])
            let news = News(
                .incidentReported, try Fixture.incident("1"), eventID: UUID(), occurredAt: moment)
            let tried = try await notify.routes.tryOut(news)
            #expect(tried.map(\.audience) == ["role:gridWorker@area", "subscribers"])
            #expect(tried.map(\.people) == [[worker], []])
            #expect(tried.map(\.channels) == [["inApp"], ["inApp"]])
            #expect(tried.first?.templateVersion == 1)
            #expect(try await notify.messages(of: worker).isEmpty)
            #expect(try await notify.outcomes("SENT") == 0)
        }
    }
}
