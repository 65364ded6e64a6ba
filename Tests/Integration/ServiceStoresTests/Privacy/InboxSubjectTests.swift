import Models
import NotificationsService
import Postgres
import ServiceKit
import Testing

/// What people ask about messages that they got.
struct InboxSubjectTests {
    private func withInboxes(
        _ body: (ServedService, _ worker: PersonID, _ reporter: PersonID) async throws -> Void
    ) async throws {
        try await ServedService.with(Notifications.self) { service in
            let (worker, reporter) = (PersonID.new(), PersonID.new())
            try await RowScope.service {
                let notify = NotificationsDatabase(
                    pool: service.pool,
                    store: PostgresInboxStore(pool: service.pool, audit: AuditTrail(service: .notifications)))
                try await notify.apply([GridStaffed(assignment: try GridNewsFixture.worker(worker))])
                let incidents = try (1...3).map { try GridNewsFixture.incident("\($0)", reporter: reporter) }
                try await notify.apply(incidents.map { IncidentReported(incident: $0) })
                try await notify.apply(incidents.map { IncidentClosed(incident: $0) })
            }
            try await body(service, worker, reporter)
        }
    }

    @Test func `who was told of something gets a copy of it, and can be erased when he holds no post`() async throws {
        try await withInboxes { service, worker, reporter in
            let key = "\"personID\":\"\(reporter)\""
            let copy = try await service.subjectCopy(key)
            #expect(copy["消息 message"]?.count == 3 && copy["任职 post"] == nil, "\(copy)")
            let posted = try await service.subjectCopy("\"personID\":\"\(worker)\"")
            #expect(posted["消息 message"]?.count == 3 && posted["任职 post"] == ["532923100001001 gridWorker"])
            #expect(try await service.openSubjectRequest("export", key, scope: AskingSubject.theirs).status == 404)
            #expect(try await service.openSubjectRequest("export", "\"mobile\":\"15400000001\"").status == 422)
            #expect(try await service.openSubjectRequest("correction", key).status == 422)

            let held = try await service.openSubjectRequest("erasure", "\"personID\":\"\(worker)\"")
            #expect(try await service.answerSubjectRequest(held.id, "erasure").body.contains("\"post-in-force\""))
            let request = try await service.openSubjectRequest("erasure", key)
            #expect(try await service.answerSubjectRequest(request.id, "erasure").body.contains("\"done\""))
            let left = try await service.lines(
                "select concat_ws(' ', state, reason, count(*)) from notify.deliveries group by state, reason order by 1"
            )
            #expect(left == ["ERASED subject-request 3", "SENT 3"])
            #expect(try await service.lines("select person_id::text from notify.inboxes") == ["\(worker)"])
            #expect(try await service.openSubjectRequest("export", key).status == 404)
        }
    }

    @Test func `what somebody asked to hear of, is told by name or has written goes with him`() async throws {
        try await withInboxes { service, _, reporter in
            try await service.superuser.run(
                """
                insert into notify.subscriptions values ('\(reporter)', 'organisation', 'U1', '', now());
                insert into notify.route_sets values ('532923', 1, true, now());
                insert into notify.routes (division, version, place, in_force, event, audience, person_id, template, channels)
                values ('532923', 1, 1, true, 'IncidentClosed', 'person', '\(reporter)', 'incidentClosed', '{inApp}');
                update notify.templates set author = '\(reporter)' where code = 'incidentClosed';
                """)
            let key = "\"personID\":\"\(reporter)\""
            #expect(try await service.subjectCopy(key)["订阅 subscription"]?.count == 1)
            let request = try await service.openSubjectRequest("erasure", key)
            #expect(try await service.answerSubjectRequest(request.id, "erasure").body.contains("\"done\""))
            let left = try await service.lines(
                """
                select concat_ws(' ', (select count(*) from notify.subscriptions),
                    (select count(*) from notify.routes where person_id is not null),
                    (select count(*) from notify.templates where author is not null))
                """)
            #expect(left == ["0 0 0"])
        }
    }

    @Test func `readers of a neighbour are not found either where the database hides nothing`() async throws {
        try await withInboxes { service, worker, _ in
            let key = SubjectKey.personID(worker)
            let mine = try await service.found(key, in: InboxSubjects(), scope: AskingSubject.mine)
            let theirs = try await service.found(key, in: InboxSubjects(), scope: AskingSubject.theirs)
            #expect(mine == 1 && theirs == 0)
        }
    }
}
