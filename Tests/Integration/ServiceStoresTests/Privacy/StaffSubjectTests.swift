import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Testing

/// What staff of grids ask about their own data.
struct StaffSubjectTests {
    private static func identity(_ person: Int) -> String {
        "\"identityNumber\":\"\(GridRows.identityNumber(person))\""
    }

    private static func mobile(_ person: Int) -> String {
        "\"mobile\":\"154\(String(100_000_000 + person).suffix(8))\""
    }

    /// Two communities side by side; the first person holds a post in both of them, the second in the neighbour's alone.
    private func withStaff(_ body: (ServedService) async throws -> Void) async throws {
        try await ServedTown.with([AskingSubject.mine, AskingSubject.theirs]) { service in
            let staff = [(AskingSubject.mine, 1), (AskingSubject.theirs, 1), (AskingSubject.theirs, 2)].map {
                community, person in
                """
                {"gridCode":"\(community)001","role":"gridWorker",\(Self.identity(person)),"name":"欧阳春梅",\(Self.mobile(person))}
                """
            }
            let staffed = try await service.send(staff, to: "/v1/grid-assignments/bulk", as: .townOfficer, "532923100")
            #expect(staffed.body.contains("\"accepted\":3"), "\(staffed.body)")
            try await body(service)
        }
    }

    private func endPosts(_ service: ServedService, in community: String) async throws {
        for id in try await service.lines(
            "select id::text from grid.assignments where ended_at is null and grid_code = \(community + "001")")
        {
            let ended = try await service.ask(
                "POST", "/v1/grid-assignments/\(id)/end", as: .townOfficer, "532923100")
            #expect(ended.status < 300, "\(ended.body)")
        }
    }

    @Test func `staff get a copy of all posts, wherever they are, and of who looked, found by either number`()
        async throws
    {
        try await withStaff { service in
            let post = try await service.lines(
                "select id::text from grid.assignments where grid_code = \(AskingSubject.mine + "001")")[0]
            let seen = try await service.ask(
                "POST", "/v1/grid-assignments/\(post)/unmask", as: .townOfficer, "532923100",
                body: #"{"purpose":"P5","reason":"事件联系"}"#)
            #expect(seen.status == 200)
            for key in [Self.identity(1), Self.mobile(1)] {
                let copy = try await service.subjectCopy(key)
                #expect(copy["姓名 name"] == ["欧阳春梅"] && copy["手机 mobile"]?[0].hasSuffix("00000001") == true)
                #expect(copy["任职 post"]?.count == 2, "\(copy)")
                #expect(copy["查阅记录 access"]?.first?.contains("unmasked town-officer P5") == true, "\(copy)")
            }
            // The neighbour's person is not there, by neither number; nor is anybody by a number that nobody has.
            for key in [Self.identity(2), Self.mobile(2), Self.mobile(9)] {
                #expect(try await service.openSubjectRequest("export", key).status == 404)
            }
            #expect(
                try await service.openSubjectRequest("export", Self.mobile(2), scope: AskingSubject.theirs).status
                    == 200)
            for key in [Self.identity(1) + "," + Self.mobile(1), "\"personID\":\"\(UUID().uuidString)\"", "\"a\":1"] {
                let refused = try await service.openSubjectRequest("export", key)
                #expect(refused.status == 422 && refused.body.contains("not-applicable"), "\(refused.body)")
            }
        }
    }

    @Test func `a correction of staff takes the place of name and number, and of the hash of the number`() async throws
    {
        try await withStaff { service in
            let request = try await service.openSubjectRequest("correction", Self.identity(1))
            let done = try await service.answerSubjectRequest(
                request.id, "correction", body: "{\(Self.mobile(77)),\"name\":\"段誉\"}")
            #expect(done.status == 200 && done.body.contains("\"done\""), "\(done.body)")
            #expect(try await service.openSubjectRequest("export", Self.mobile(1)).status == 404)
            let copy = try await service.subjectCopy(Self.mobile(77))
            #expect(copy["姓名 name"] == ["段誉"] && copy["手机 mobile"]?[0].hasSuffix("00000077") == true)
            let list = try await service.ask(
                "GET", "/v1/grids/\(AskingSubject.mine)001/assignments", as: .communityDesk, AskingSubject.mine)
            #expect(list.body.contains("段*"), "\(list.body)")
        }
    }

    @Test func `staff are not erased while they hold a post anywhere, and the refusal names the law`() async throws {
        try await withStaff { service in
            try await endPosts(service, in: AskingSubject.mine)
            let held = try await service.openSubjectRequest("erasure", Self.identity(1))
            let refused = try await service.answerSubjectRequest(held.id, "erasure")
            #expect(
                refused.body.contains("\"state\":\"refused\"") && refused.body.contains("\"post-in-force\"")
                    && refused.body.contains("个人信息保护法") && refused.body.contains("articles 13 (1) 2 and 47 (1)"),
                "\(refused.body)")
            #expect(try await service.lines("select count(erased_at)::text from grid.people") == ["0"])
            let again = try await service.ask(
                "GET", "/v1/subject-requests/\(held.id)", as: .communityDesk, AskingSubject.mine)
            #expect(again.body.contains("post-in-force"))

            try await endPosts(service, in: AskingSubject.theirs)
            let request = try await service.openSubjectRequest("erasure", Self.identity(1))
            let done = try await service.answerSubjectRequest(request.id, "erasure")
            #expect(done.body.contains("\"done\"") && !done.body.contains("refusal"), "\(done.body)")
            let left = try await service.lines(
                """
                select concat_ws(' ', num_nonnulls(identity_hash, name_encrypted, mobile_encrypted, mobile_hash), count(a.id))
                from grid.people p join grid.assignments a on a.person_id = p.id
                group by p.id, identity_hash, name_encrypted, mobile_encrypted, mobile_hash order by 1
                """)
            #expect(left == ["0 2", "4 1"], "the posts stay for the counts")
            #expect(try await service.openSubjectRequest("export", Self.identity(1)).status == 404)
            #expect(try await service.openSubjectRequest("export", Self.mobile(1)).status == 404)
            // An old sheet does not bring the person back.
            let row = """
                {"gridCode":"\(AskingSubject.mine)001","role":"gridWorker",\(Self.identity(1)),"name":"段誉"}
                """
            let sheet = try await service.send([row], to: "/v1/grid-assignments/bulk", as: .townOfficer, "532923100")
            #expect(sheet.body.contains("erased-at-request"), "\(sheet.body)")
        }
    }

    @Test func `an erased person's reports stay and lead to nobody`() async throws {
        try await withStaff { service in
            let person = try await service.lines(
                "select person_id::text from grid.assignments where grid_code = \(AskingSubject.mine + "001")")[0]
            let reported = try await service.ask(
                "POST", "/v1/incidents", as: .resident, "self", subject: person,
                body: """
                    {"function":"emergencyManagement","title":"消防通道堵塞","description":"楼道里堆放杂物","longitude":100.505,
                     "latitude":25.405,"source":"resident","urgency":"ordinary"}
                    """, headers: ["idempotency-key": "k"])
            #expect(reported.status == 201, "\(reported.body)")
            let copy = try await service.subjectCopy(Self.identity(1))
            #expect(copy["上报事件 report"]?.first?.contains("消防通道堵塞") == true, "\(copy)")
            for community in [AskingSubject.mine, AskingSubject.theirs] { try await endPosts(service, in: community) }
            let request = try await service.openSubjectRequest("erasure", Self.identity(1))
            #expect(try await service.answerSubjectRequest(request.id, "erasure").body.contains("\"done\""))
            let trace = try await service.lines(
                """
                select concat_ws(' ', count(*), count(reporter_id),
                    (select count(*) from grid.incident_steps where actor_id = \(person)::text::uuid))
                from grid.incidents
                """)
            #expect(trace == ["1 0 0"])
            // Whoever knows the reporter by events is told to forget him.
            let told = try await service.lines(
                """
                select convert_from(data, 'UTF8') from messaging.outbox where type like '%IncidentStated%'
                """)
            #expect(told.count == 1 && told.first?.contains("reporterID") == false, "\(told)")
        }
    }

    @Test func `staff of a neighbour are not found either where the database hides nothing`() async throws {
        let cipher = AESFieldCipher(keys: try FieldKeys(json: ServedService.keys))
        try await withStaff { service in
            let key = SubjectKey.identityNumber(Personal(GridRows.identityNumber(2)))
            let holding = GridSubjects(cipher: cipher)
            let mine = try await service.found(key, in: holding, scope: AskingSubject.mine)
            let theirs = try await service.found(key, in: holding, scope: AskingSubject.theirs)
            #expect(mine == 0 && theirs == 1)
        }
    }
}
