import CommunityPairingService
import Foundation
import GridOperationsService
import Models
import NotificationsService
import Postgres
import ServiceKit
import Spreadsheets
import Support
import TalentRegistryService
import Testing

/// What people ask about their own data where no ledger of talents keeps them: staff, contacts, inboxes; by number too.
struct OtherSubjectTests {
    private static let mine = "532923100001"
    private static let theirs = "532923100002"

    // MARK: - Asking

    private struct Opened {
        let status: Int
        let id: String
        let body: String
    }

    private func open(
        _ service: ServedService, _ kind: String, _ key: String, scope: String = mine, as role: Role = .communityDesk
    ) async throws -> Opened {
        let answer = try await service.ask(
            "POST", "/v1/subject-requests", as: role, scope, subject: "desk-1",
            body: "{\"kind\":\"\(kind)\",\(key),\"checkedBy\":\"identity-card\"}")
        let id = answer.body.firstMatch(of: /"id":"([0-9a-fA-F-]{36})"/).map { String($0.output.1) } ?? ""
        return Opened(status: answer.status, id: id, body: answer.body)
    }

    private func step(
        _ service: ServedService, _ id: String, _ step: String, body: String? = nil, scope: String = mine,
        as role: Role = .communityDesk
    ) async throws -> ServedService.Answer {
        try await service.ask(
            "POST", "/v1/subject-requests/\(id)/\(step)", as: role, scope, subject: "desk-1", body: body)
    }

    /// The workbook of an export: each item with its values.
    private func export(
        _ service: ServedService, _ key: String, scope: String = mine
    ) async throws -> [String: [String]] {
        let request = try await open(service, "export", key, scope: scope)
        #expect(request.status == 200, "\(request.body)")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).xlsx")
        // Only a temporary file is left behind.
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(try await step(service, request.id, "export", scope: scope).bytes).write(to: file)
        let reader = try SpreadsheetReader.open(file.path)
        var cells: [String: [String]] = [:]
        while let row = try reader.next() {
            let value = try row["内容 value"]?.trimmedTextOrEmpty() ?? ""
            cells[try row["项目 item"]?.trimmedTextOrEmpty() ?? "", default: []].append(value)
        }
        return cells
    }

    private func lines(_ service: ServedService, _ statement: PostgresStatement) async throws -> [String] {
        let connection = try await PostgresConnection.connect(service.superuser.configuration)
        let rows = try await connection.query(statement).rows
        await connection.close()
        return try rows.map { try $0.decode(at: 0, as: String.self) }
    }

    // MARK: - Staff of grids

    private static func identity(_ person: Int) -> String {
        "\"identityNumber\":\"\(GridRows.identityNumber(person))\""
    }

    private static func mobile(_ person: Int) -> String {
        "\"mobile\":\"154\(String(100_000_000 + person).suffix(8))\""
    }

    /// Two communities side by side; the first person holds a post in both of them, the second in the neighbour's alone.
    private func withStaff(_ body: (ServedService) async throws -> Void) async throws {
        try await ServedService.with(GridOperations.self, extensions: ["postgis"]) { service in
            let divisions = ["532923100", Self.mine, Self.theirs].map { code in
                "{\"code\":\"\(code)\",\"name\":\"某地\",\"level\":\"\(code.count == 9 ? "town" : "community")\"}"
            }
            _ = try await service.send(divisions, to: "/v1/divisions/bulk", as: .countyAdmin, "532923")
            let grids = [(Self.mine, 0.0), (Self.theirs, 20.0)].map { community, west in
                """
                {"code":"\(community)001","name":"某网格","level":"area","parentCode":"\(community)","households":9,
                 "boundary":"\(GridRows.box(west, 0, west + 20, 20))"}
                """
            }
            _ = try await service.send(grids, to: "/v1/grids/bulk", as: .countyAdmin, "532923")
            let staff = [(Self.mine, 1), (Self.theirs, 1), (Self.theirs, 2)].map { community, person in
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
        for id in try await lines(
            service,
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
            let post = try await lines(
                service, "select id::text from grid.assignments where grid_code = \(Self.mine + "001")")[0]
            let seen = try await service.ask(
                "POST", "/v1/grid-assignments/\(post)/unmask", as: .townOfficer, "532923100",
                body: #"{"purpose":"P5","reason":"事件联系"}"#)
            #expect(seen.status == 200)
            for key in [Self.identity(1), Self.mobile(1)] {
                let copy = try await export(service, key)
                #expect(copy["姓名 name"] == ["欧阳春梅"] && copy["手机 mobile"]?[0].hasSuffix("00000001") == true)
                #expect(copy["任职 post"]?.count == 2, "\(copy)")
                #expect(copy["查阅记录 access"]?.first?.contains("unmasked town-officer P5") == true, "\(copy)")
            }
            // The neighbour's person is not there, by neither number; nor is anybody by a number that nobody has.
            for key in [Self.identity(2), Self.mobile(2), Self.mobile(9)] {
                #expect(try await open(service, "export", key).status == 404)
            }
            #expect(try await open(service, "export", Self.mobile(2), scope: Self.theirs).status == 200)
            for key in [Self.identity(1) + "," + Self.mobile(1), "\"personID\":\"\(UUID().uuidString)\"", "\"a\":1"] {
                let refused = try await open(service, "export", key)
                #expect(refused.status == 422 && refused.body.contains("not-applicable"), "\(refused.body)")
            }
        }
    }

    @Test func `a correction of staff takes the place of name and number, and of the hash of the number`() async throws
    {
        try await withStaff { service in
            let request = try await open(service, "correction", Self.identity(1))
            let done = try await step(service, request.id, "correction", body: "{\(Self.mobile(77)),\"name\":\"段誉\"}")
            #expect(done.status == 200 && done.body.contains("\"done\""), "\(done.body)")
            #expect(try await open(service, "export", Self.mobile(1)).status == 404)
            let copy = try await export(service, Self.mobile(77))
            #expect(copy["姓名 name"] == ["段誉"] && copy["手机 mobile"]?[0].hasSuffix("00000077") == true)
            let list = try await service.ask(
                "GET", "/v1/grids/\(Self.mine)001/assignments", as: .communityDesk, Self.mine)
            #expect(list.body.contains("段*"), "\(list.body)")
        }
    }

    @Test func `staff are not erased while they hold a post anywhere, and the refusal names the law`() async throws {
        try await withStaff { service in
            try await endPosts(service, in: Self.mine)
            let held = try await open(service, "erasure", Self.identity(1))
            let refused = try await step(service, held.id, "erasure")
            #expect(
                refused.body.contains("\"state\":\"refused\"") && refused.body.contains("\"post-in-force\"")
                    && refused.body.contains("个人信息保护法") && refused.body.contains("articles 13 (1) 2 and 47 (1)"),
                "\(refused.body)")
            #expect(try await lines(service, "select count(erased_at)::text from grid.people") == ["0"])
            let again = try await service.ask(
                "GET", "/v1/subject-requests/\(held.id)", as: .communityDesk, Self.mine)
            #expect(again.body.contains("post-in-force"))

            try await endPosts(service, in: Self.theirs)
            let request = try await open(service, "erasure", Self.identity(1))
            let done = try await step(service, request.id, "erasure")
            #expect(done.body.contains("\"done\"") && !done.body.contains("refusal"), "\(done.body)")
            let left = try await lines(
                service,
                """
                select concat_ws(' ', num_nonnulls(identity_hash, name_encrypted, mobile_encrypted, mobile_hash), count(a.id))
                from grid.people p join grid.assignments a on a.person_id = p.id
                group by p.id, identity_hash, name_encrypted, mobile_encrypted, mobile_hash order by 1
                """)
            #expect(left == ["0 2", "4 1"], "the posts stay for the counts")
            #expect(try await open(service, "export", Self.identity(1)).status == 404)
            #expect(try await open(service, "export", Self.mobile(1)).status == 404)
            // An old sheet does not bring the person back.
            let row = """
                {"gridCode":"\(Self.mine)001","role":"gridWorker",\(Self.identity(1)),"name":"段誉"}
                """
            let sheet = try await service.send([row], to: "/v1/grid-assignments/bulk", as: .townOfficer, "532923100")
            #expect(sheet.body.contains("erased-at-request"), "\(sheet.body)")
        }
    }

    @Test func `an erased person's reports stay and lead to nobody`() async throws {
        try await withStaff { service in
            let person = try await lines(
                service,
                "select person_id::text from grid.assignments where grid_code = \(Self.mine + "001")")[0]
            let reported = try await service.ask(
                "POST", "/v1/incidents", as: .resident, "self", subject: person,
                body: """
                    {"function":"emergencyManagement","title":"消防通道堵塞","description":"楼道里堆放杂物","longitude":100.505,
                     "latitude":25.405,"source":"resident","urgency":"ordinary"}
                    """, headers: ["idempotency-key": "k"])
            #expect(reported.status == 201, "\(reported.body)")
            let copy = try await export(service, Self.identity(1))
            #expect(copy["上报事件 report"]?.first?.contains("消防通道堵塞") == true, "\(copy)")
            for community in [Self.mine, Self.theirs] { try await endPosts(service, in: community) }
            let request = try await open(service, "erasure", Self.identity(1))
            #expect(try await step(service, request.id, "erasure").body.contains("\"done\""))
            let trace = try await lines(
                service,
                """
                select concat_ws(' ', count(*), count(reporter_id),
                    (select count(*) from grid.incident_steps where actor_id = \(person)::text::uuid))
                from grid.incidents
                """)
            #expect(trace == ["1 0 0"])
            // Whoever knows the reporter by events is told to forget him.
            let told = try await lines(
                service,
                """
                select convert_from(data, 'UTF8') from messaging.outbox where type like '%IncidentStated%'
                """)
            #expect(told.count == 1 && told.first?.contains("reporterID") == false, "\(told)")
        }
    }

    // MARK: - Contacts of units

    private static let contact = "\"mobile\":\"15492203139\""

    /// Three units, two of them with one contact person; the first helps my community, the second the neighbour's.
    private func withUnits(_ body: (ServedService) async throws -> Void) async throws {
        try await ServedService.with(CommunityPairing.self) { service in
            try await service.superuser.run(
                """
                insert into pairing.divisions values ('\(Self.mine)', 'community', null),
                    ('\(Self.theirs)', 'community', null)
                """)
            let units = [(1, "15492203139"), (2, "15492203139"), (3, "13812345678")].map { index, mobile in
                """
                {"code":"\(PairingFixture.creditCode(index))","name":"某单位\(index)","kind":"school","strengths":[],
                 "memberCount":9,"contactName":"贾柏","contactMobile":"\(mobile)"}
                """
            }
            let enrolled = try await service.send(units, to: "/v1/units/bulk", as: .countyAdmin, "532923")
            #expect(enrolled.body.contains("\"accepted\":3"), "\(enrolled.body)")
            let pairings = [(1, Self.mine), (2, Self.theirs)].map { index, target in
                """
                {"unitCode":"\(PairingFixture.creditCode(index))","targetCode":"\(target)","from":"2021-01-01","to":"9998-12-31"}
                """
            }
            let paired = try await service.send(pairings, to: "/v1/pairings/bulk", as: .countyAdmin, "532923")
            #expect(paired.body.contains("\"accepted\":2"), "\(paired.body)")
            try await body(service)
        }
    }

    @Test func `a desk finds the contacts of units that help its community, by the number; others the officer`()
        async throws
    {
        try await withUnits { service in
            let copy = try await export(service, Self.contact)
            #expect(copy["姓名 name"] == ["贾柏"] && copy["手机 mobile"] == ["15492203139"])
            #expect(copy["联系的单位 contact of"] == ["某单位1 \(PairingFixture.creditCode(1))"])
            let lonely = "\"mobile\":\"13812345678\""
            #expect(try await open(service, "export", lonely).status == 404)
            let officer = try await open(service, "export", lonely, scope: "*", as: .privacyOfficer)
            #expect(officer.status == 200 && officer.body.contains("\"divisionCode\":\"532923\""), "\(officer.body)")
            let both = try await open(service, "export", Self.contact, scope: "*", as: .privacyOfficer)
            #expect(both.status == 409 && both.body.contains("subject-ambiguous"), "\(both.body)")
            let one = Self.contact + ",\"objectID\":\"\(PairingFixture.creditCode(2))\""
            #expect(try await open(service, "export", one, scope: "*", as: .privacyOfficer).status == 200)
            #expect(try await open(service, "export", one).status == 404, "it is the neighbour's")
        }
    }

    @Test func `a contact is corrected, and erased only when the unit helps nobody any more`() async throws {
        try await withUnits { service in
            let correction = try await open(service, "correction", Self.contact)
            let corrected = try await step(
                service, correction.id, "correction", body: "{\"mobile\":\"13812345679\"}")
            #expect(corrected.body.contains("\"done\""), "\(corrected.body)")
            let list = try await service.ask("GET", "/v1/units", as: .communityDesk, Self.mine)
            #expect(list.body.contains("138****5679") && list.body.contains("贾*"), "\(list.body)")
            #expect(try await open(service, "export", Self.contact).status == 404)

            let key = "\"mobile\":\"13812345679\""
            let held = try await open(service, "erasure", key)
            let refused = try await step(service, held.id, "erasure")
            #expect(
                refused.body.contains("\"pairing-in-force\"") && refused.body.contains("个人信息保护法"), "\(refused.body)")
            try await service.superuser.run("update pairing.pairings set to_day = '2021-12-31'")
            let request = try await open(service, "erasure", key)
            #expect(try await step(service, request.id, "erasure").body.contains("\"done\""))
            let after = try await service.ask("GET", "/v1/units", as: .communityDesk, Self.mine)
            #expect(after.body.contains("某单位1") && !after.body.contains("contact"), "\(after.body)")
            let unmasked = try await service.ask(
                "POST", "/v1/units/\(PairingFixture.creditCode(1))/contact/unmask", as: .communityDesk, Self.mine,
                body: #"{"purpose":"P7","reason":"联系"}"#)
            #expect(unmasked.status == 404)
        }
    }

    // MARK: - Inboxes

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
            let copy = try await export(service, key)
            #expect(copy["消息 message"]?.count == 3 && copy["任职 post"] == nil, "\(copy)")
            let posted = try await export(service, "\"personID\":\"\(worker)\"")
            #expect(posted["消息 message"]?.count == 3 && posted["任职 post"] == ["532923100001001 gridWorker"])
            #expect(try await open(service, "export", key, scope: Self.theirs).status == 404)
            #expect(try await open(service, "export", Self.mobile(1)).status == 422)
            #expect(try await open(service, "correction", key).status == 422)

            let held = try await open(service, "erasure", "\"personID\":\"\(worker)\"")
            #expect(try await step(service, held.id, "erasure").body.contains("\"post-in-force\""))
            let request = try await open(service, "erasure", key)
            #expect(try await step(service, request.id, "erasure").body.contains("\"done\""))
            let left = try await lines(
                service,
                "select concat_ws(' ', state, reason, count(*)) from notify.deliveries group by state, reason order by 1"
            )
            #expect(left == ["ERASED subject-request 3", "SENT 3"])
            #expect(try await lines(service, "select person_id::text from notify.inboxes") == ["\(worker)"])
            #expect(try await open(service, "export", key).status == 404)
        }
    }

    // MARK: - The first fence

    /// What a holding finds where the database itself hides nothing.
    private func found(
        _ holding: any SubjectHolding, _ key: SubjectKey, _ service: ServedService, scope: String
    ) async throws -> Int {
        let filter = ScopeFilter([try #require(Scope(scope))])
        return try await RowScope.service {
            try await service.pool.withTransaction { transaction in
                try await holding.find(key, scope: filter, in: transaction).count
            }
        }
    }

    @Test func `people of a neighbour are not found either where the database hides nothing`() async throws {
        let cipher = AESFieldCipher(keys: try FieldKeys(json: ServedService.keys))
        try await withStaff { service in
            let key = SubjectKey.identityNumber(Personal(GridRows.identityNumber(2)))
            let mine = try await found(GridSubjects(cipher: cipher), key, service, scope: Self.mine)
            let theirs = try await found(GridSubjects(cipher: cipher), key, service, scope: Self.theirs)
            #expect(mine == 0 && theirs == 1)
        }
        try await withUnits { service in
            let holding = UnitContactSubjects(cipher: cipher, county: "532923")
            let key = SubjectKey.mobile(Personal("15492203139"))
            let mine = try await found(holding, key, service, scope: Self.mine)
            let all = try await found(holding, key, service, scope: "*")
            #expect(mine == 1 && all == 2)
        }
        try await withInboxes { service, worker, _ in
            let mine = try await found(InboxSubjects(), .personID(worker), service, scope: Self.mine)
            let theirs = try await found(InboxSubjects(), .personID(worker), service, scope: Self.theirs)
            #expect(mine == 1 && theirs == 0)
        }
    }

    // MARK: - The ledger of talents

    @Test func `people of the ledger who share a number are told apart by the identity number`() async throws {
        try await ServedService.with(TalentRegistry.self) { service in
            try await service.superuser.run(
                "insert into talent.divisions values ('\(Self.mine)', 'community', null)")
            let rows = [(1, 1), (2, 1), (3, 3)].map { person, mobile in
                """
                {"identityNumber":"\(RegistryFixture.identityNumber(person))","name":"欧阳春梅","gender":"女",
                 "mobile":"\(RegistryFixture.mobile(mobile))","divisionCode":"\(Self.mine)","category":"专业技术人员"}
                """
            }
            let sent = try await service.send(rows, to: "/v1/talents/bulk", as: .townOfficer, "532923100")
            #expect(sent.body.contains("\"accepted\":3"), "\(sent.body)")
            let shared = "\"mobile\":\"\(RegistryFixture.mobile(1))\""
            let ambiguous = try await open(service, "export", shared)
            #expect(ambiguous.status == 409 && ambiguous.body.contains("subject-ambiguous"), "\(ambiguous.body)")
            let alone = try await export(service, "\"mobile\":\"\(RegistryFixture.mobile(3))\"")
            #expect(alone["手机 mobile"] == [RegistryFixture.mobile(3)])
            let second = "\"identityNumber\":\"\(RegistryFixture.identityNumber(2))\""
            #expect(try await open(service, "export", second).status == 200)
        }
    }
}
