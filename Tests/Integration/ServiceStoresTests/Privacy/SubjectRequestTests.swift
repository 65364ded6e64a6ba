import Foundation
import Models
import Postgres
import ServiceKit
import Support
import TalentRegistryService
import Testing

/// What people ask about their own data: a copy, a correction, that it is erased.
struct SubjectRequestTests {
    private static let name = "欧阳春梅"

    private func withPerson(_ body: (ServedService) async throws -> Void) async throws {
        try await ServedService.with(TalentRegistry.self) { service in
            try await service.superuser.run(
                "insert into talent.divisions values ('\(AskingSubject.mine)', 'community', null)")
            let row = """
                {"identityNumber":"\(RegistryFixture.identityNumber(1))","name":"\(Self.name)","gender":"女","skill":"环卫",
                 "mobile":"\(RegistryFixture.mobile(1))","divisionCode":"\(AskingSubject.mine)","category":"专业技术人员"}
                """
            let sent = try await service.send([row], to: "/v1/talents/bulk", as: .townOfficer, "532923100")
            #expect(sent.body.contains("\"accepted\":1"), "\(sent.body)")
            try await body(service)
        }
    }

    private static func identity(_ person: Int) -> String {
        "\"identityNumber\":\"\(RegistryFixture.identityNumber(person))\""
    }

    @Test func `an answer is due in fifteen working days`() throws {
        // A Friday; the weekends in between do not count.
        let friday = try #require(CalendarDay("2021-07-30"))
        #expect(WorkingDays.day(15, after: friday)?.description == "2021-08-20")
        #expect(WorkingDays.day(1, after: friday)?.description == "2021-08-02")
    }

    @Test func `a desk opens a request for who stands there; the number is not kept, and each step is written down`()
        async throws
    {
        try await withPerson { service in
            let request = try await service.openSubjectRequest("export", Self.identity(1))
            #expect(request.status == 200 && request.body.contains("\"state\":\"open\""), "\(request.body)")
            #expect(try await service.openSubjectRequest("export", Self.identity(9)).status == 404)
            #expect(
                try await service.openSubjectRequest("export", Self.identity(1), scope: "532923100002").status == 404)
            let again = try await service.openSubjectRequest("export", Self.identity(1))
            #expect(again.id == request.id, "asked twice there is one")
            let copy = try await service.answerSubjectRequest(request.id, "export")
            #expect(copy.status == 200)
            #expect(try await service.answerSubjectRequest(request.id, "export").status == 409, "it is closed")
            #expect(try await service.answerSubjectRequest(request.id, "export", scope: "532923100002").status == 404)
            let stored = try await service.lines("select r::text from service_kit.subject_requests r")
            #expect(stored.count == 1 && !stored[0].contains(RegistryFixture.identityNumber(1)))
            let trail = try await service.lines(
                """
                select concat_ws(' ', actor, action, object_type) from audit_trail.entries
                where operation like '%subject-requests%' order by position
                """)
            #expect(
                trail == [
                    "desk-1 changed talent", "desk-1 refused subject-request", "desk-1 refused subject-request",
                    "desk-1 repeated talent", "desk-1 exported talent",
                ])
        }
    }

    @Test func `the copy is a workbook of everything, with who looked at it`() async throws {
        try await withPerson { service in
            let ids = try await service.lines("select id::text from talent.talents")
            _ = try await service.ask(
                "POST", "/v1/talents/\(ids[0])/unmask", as: .townOfficer, "532923100",
                body: #"{"purpose":"P1","reason":"电话核实"}"#)
            let cells = try await service.subjectCopy(Self.identity(1))
            #expect(cells["姓名 name"] == [Self.name] && cells["手机 mobile"] == [RegistryFixture.mobile(1)])
            #expect(cells["出生年份 birth year"] == ["1960"] && cells["特长 skill"] == ["环卫"])
            #expect(cells["查阅记录 access"]?.first?.contains("unmasked town-officer P1") == true)
        }
    }

    @Test func `a correction takes the place of what was kept`() async throws {
        try await withPerson { service in
            let request = try await service.openSubjectRequest("correction", Self.identity(1))
            let faulty = try await service.answerSubjectRequest(request.id, "correction", body: "{\"mobile\":\"12\"}")
            #expect(faulty.status == 422)
            let done = try await service.answerSubjectRequest(
                request.id, "correction", body: "{\"mobile\":\"\(RegistryFixture.mobile(77))\"}")
            #expect(done.status == 200 && done.body.contains("\"done\""), "\(done.body)")
            let list = try await service.ask("GET", "/v1/talents", as: .communitySecretary, AskingSubject.mine)
            #expect(list.body.contains("154****0077") && list.body.contains("欧阳**"))
        }
    }

    @Test func `erased, the person is gone and the entry is still counted; a legal hold refuses`() async throws {
        try await withPerson { service in
            let held = try await service.openSubjectRequest("erasure", Self.identity(1))
            try await service.superuser.run(
                """
                insert into service_kit.legal_holds
                select gen_random_uuid(), 'talent', id::text, '9999-12-31', 'court-17', 'a', now(), 'b', now()
                from talent.talents
                """)
            let refused = try await service.answerSubjectRequest(held.id, "erasure")
            #expect(refused.body.contains("\"refused\"") && refused.body.contains("legal-hold"), "\(refused.body)")
            try await service.superuser.run("delete from service_kit.legal_holds")

            let request = try await service.openSubjectRequest("erasure", Self.identity(1))
            let done = try await service.answerSubjectRequest(request.id, "erasure")
            #expect(done.status == 200 && done.body.contains("\"done\""), "\(done.body)")
            let rows = try await service.lines(
                """
                select concat_ws(' ', t.division_code, t.category, t.skill, p.birth_year, p.gender, p.identity_hash is null,
                                 p.name_encrypted is null)
                from talent.talents t join talent.persons p on p.id = t.person_id
                """)
            #expect(rows == ["\(AskingSubject.mine) professional t t"])
            let list = try await service.ask("GET", "/v1/talents", as: .communitySecretary, AskingSubject.mine)
            #expect(list.body == "{\"items\":[]}")
            #expect(try await service.openSubjectRequest("export", Self.identity(1)).status == 404)
            // No sheet brings the person back, until he agrees again at the desk; then he is somebody new.
            let row = """
                {"identityNumber":"\(RegistryFixture.identityNumber(1))","name":"\(Self.name)","gender":"女",
                 "mobile":"\(RegistryFixture.mobile(1))","divisionCode":"\(AskingSubject.mine)","category":"专业技术人员"}
                """
            func send() async throws -> String {
                try await service.send([row], to: "/v1/talents/bulk", as: .townOfficer, "532923100").body
            }
            let refusal = try await send()
            #expect(refusal.contains("\"rejected\":1") && refusal.contains("erased-at-request"), "\(refusal)")
            #expect(!refusal.contains(Self.name) && !refusal.contains(RegistryFixture.identityNumber(1)))
            func lift(_ number: Int) async throws -> ServedService.Answer {
                try await service.ask(
                    "POST", "/v1/subject-erasures/lift", as: .communityDesk, AskingSubject.mine, subject: "desk-1",
                    body: """
                        {"identityNumber":"\(RegistryFixture.identityNumber(number))","checkedBy":"identity-card"}
                        """)
            }
            #expect(try await lift(2).body == "{\"lifted\":false}")
            #expect(try await send().contains("erased-at-request"))
            #expect(try await lift(1).body == "{\"lifted\":true}")
            #expect(try await send().contains("\"accepted\":1"))
            let entries = try await service.lines(
                "select action from audit_trail.entries where details like '%erasure-lifted%' order by position")
            #expect(entries == ["refused", "changed"])
        }
    }

    @Test func `people of the ledger who share a number are told apart by the identity number`() async throws {
        try await ServedService.with(TalentRegistry.self) { service in
            try await service.superuser.run(
                "insert into talent.divisions values ('\(AskingSubject.mine)', 'community', null)")
            let rows = [(1, 1), (2, 1), (3, 3)].map { person, mobile in
                """
                {"identityNumber":"\(RegistryFixture.identityNumber(person))","name":"欧阳春梅","gender":"女",
                 "mobile":"\(RegistryFixture.mobile(mobile))","divisionCode":"\(AskingSubject.mine)","category":"专业技术人员"}
                """
            }
            let sent = try await service.send(rows, to: "/v1/talents/bulk", as: .townOfficer, "532923100")
            #expect(sent.body.contains("\"accepted\":3"), "\(sent.body)")
            let shared = "\"mobile\":\"\(RegistryFixture.mobile(1))\""
            let ambiguous = try await service.openSubjectRequest("export", shared)
            #expect(ambiguous.status == 409 && ambiguous.body.contains("subject-ambiguous"), "\(ambiguous.body)")
            let alone = try await service.subjectCopy("\"mobile\":\"\(RegistryFixture.mobile(3))\"")
            #expect(alone["手机 mobile"] == [RegistryFixture.mobile(3)])
            let second = "\"identityNumber\":\"\(RegistryFixture.identityNumber(2))\""
            #expect(try await service.openSubjectRequest("export", second).status == 200)
        }
    }
}
