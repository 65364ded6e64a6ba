import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Testing

/// Incidents over HTTP: who is called, who can be reached, what is seen.
@Suite(.timeLimit(.minutes(3))) struct IncidentRouteTests {
    private static let community = "532923100001"
    private static let number = "13800138000"

    private func withTown(_ body: (ServedService) async throws -> Void) async throws {
        try await ServedService.with(GridOperations.self, extensions: ["postgis"]) { service in
            let divisions = ["532923100", Self.community].map { code in
                "{\"code\":\"\(code)\",\"name\":\"某地\",\"level\":\"\(code.count == 9 ? "town" : "community")\"}"
            }
            _ = try await service.send(divisions, to: "/v1/divisions/bulk", as: .countyAdmin, "532923")
            let grid = """
                {"code":"\(Self.community)001","name":"某网格","level":"area","parentCode":"\(Self.community)","households":9,
                 "boundary":"\(GridRows.box(0, 0, 20, 20))"}
                """
            let drawn = try await service.send([grid], to: "/v1/grids/bulk", as: .countyAdmin, "532923")
            #expect(drawn.body.contains("\"accepted\":1"), "\(drawn.body)")
            try await body(service)
        }
    }

    /// Reports an incident as a resident or at the desk, and gives its path.
    private func report(
        _ service: ServedService, _ more: String = "", resident: PersonID? = nil, key: String = "k"
    ) async throws -> String {
        let answer = try await service.ask(
            "POST", "/v1/incidents", as: resident == nil ? .communityDesk : .resident,
            resident == nil ? Self.community : "self", subject: resident?.description ?? "person-1",
            body: """
                {"function":"emergencyManagement","title":"消防通道堵塞","description":"楼道里堆放杂物","longitude":100.505,
                 "latitude":25.405,"source":"resident","urgency":"ordinary"\(more)}
                """, headers: ["idempotency-key": key])
        #expect(answer.status == 201, "\(answer.body)")
        return try #require(answer.headers["location"])
    }

    /// Gives an order to whatever version there is.
    private func order(
        _ service: ServedService, _ path: String, _ action: String, _ body: String, as role: Role = .communityDesk,
        _ scope: String = community, subject: String = PersonID.new().description
    ) async throws -> ServedService.Answer {
        try await service.ask(
            "POST", "\(path)/\(action)", as: role, scope, subject: subject, body: body, headers: ["if-match": "*"])
    }

    // MARK: - Whistles

    @Test func `a town calls units, each sees and answers its own call, and nothing else of the incident`() async throws
    {
        try await withTown { service in
            let path = try await report(service, ",\"contactName\":\"欧阳春梅\",\"contactMobile\":\"\(Self.number)\"")
            _ = try await order(service, path, "file", "{\"function\":\"emergencyManagement\"}")
            let body = "{\"kind\":\"emergency\",\"organisations\":[\"U1\",\"U2\"],\"reason\":\"占道经营\"}"
            let desk = try await order(service, path, "whistle", body)
            #expect(desk.status == 403, "a town blows it")
            let blown = try await order(service, path, "whistle", body, as: .townOfficer, "532923100")
            #expect(blown.status == 200 && blown.body.contains("\"state\":\"inProgress\""), "\(blown.body)")
            let list = try await service.ask("GET", "/v1/whistles?open=true", as: .unitLiaison, "unit:U1")
            let id = String(try #require(list.body.firstMatch(of: /"id":"([0-9a-f-]{36})"/)).output.1)
            #expect(list.body.contains("占道经营") && !list.body.contains("U2"), "its own call alone")
            let others = try await service.ask("GET", "/v1/whistles", as: .unitLiaison, "unit:U3")
            #expect(others.body == "{\"items\":[]}")
            let foreign = try await service.ask("GET", "/v1/whistles/\(id)", as: .unitLiaison, "unit:U3")
            let incident = try await service.ask("GET", path, as: .unitLiaison, "unit:U1")
            #expect(foreign.status == 404 && incident.status == 404)
            func answer(
                _ unit: String, _ body: String, key: String = "a"
            ) async throws -> ServedService.Answer {
                try await service.ask(
                    "POST", "/v1/whistles/\(id)/answer", as: .unitLiaison, "unit:\(unit)",
                    subject: PersonID.new().description, body: body, headers: ["idempotency-key": key])
            }
            #expect(try await answer("U3", "{\"arrived\":true}").status == 404)
            let stolen = try await answer("U1", "{\"organisation\":\"U2\",\"arrived\":true}")
            #expect(stolen.status == 422 && stolen.body.contains("not-called"), "\(stolen.body)")
            #expect(try await answer("U1", "{}").status == 422)
            let arrived = try await answer("U1", "{\"arrived\":true}")
            #expect(arrived.status == 200 && arrived.body.contains("arrivedAt"), "\(arrived.body)")
            let done = try await answer("U2", "{\"result\":\"摊位已劝离\"}")
            #expect(done.status == 200 && done.body.contains("摊位已劝离"))
            let again = try await answer("U2", "{\"result\":\"又来\"}", key: "b")
            #expect(again.status == 409 && again.body.contains("whistle-answered"))
            let seen = try await service.ask("GET", "/v1/whistles/\(id)", as: .unitLiaison, "unit:U1")
            #expect(!seen.body.contains("摊位已劝离"), "what another unit wrote")
            let closed = try await service.ask("GET", "/v1/whistles?open=true", as: .unitLiaison, "unit:U2")
            #expect(closed.body == "{\"items\":[]}")
            let shown = try await service.ask("GET", path, as: .communityDesk, Self.community)
            #expect(shown.body.contains("\"clock\":\"whistle\"") && shown.body.contains("answer-whistle"))
            #expect(shown.body.contains("摊位已劝离"))
            let town = try await service.ask(
                "GET", "/v1/whistles?organisation=U1&open=true", as: .townOfficer, "532923100")
            #expect(town.body.contains(id), "open whistles are seen before one is blown")
            let elsewhere = try await service.ask("GET", "/v1/whistles", as: .townOfficer, "532923101")
            #expect(elsewhere.body == "{\"items\":[]}")
        }
    }

    @Test func `two hundred answers with one key at once count as one`() async throws {
        try await withTown { service in
            let path = try await report(service)
            _ = try await order(service, path, "file", "{\"function\":\"emergencyManagement\"}")
            _ = try await order(
                service, path, "whistle", "{\"kind\":\"daily\",\"organisations\":[\"U1\"],\"reason\":\"占道\"}",
                as: .townOfficer, "532923100")
            let list = try await service.ask("GET", "/v1/whistles", as: .unitLiaison, "unit:U1")
            let id = String(try #require(list.body.firstMatch(of: /"id":"([0-9a-f-]{36})"/)).output.1)
            let actor = PersonID.new().description
            let answers = try await withThrowingTaskGroup(of: ServedService.Answer.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try await service.ask(
                            "POST", "/v1/whistles/\(id)/answer", as: .unitLiaison, "unit:U1", subject: actor,
                            body: "{\"result\":\"已办\"}", headers: ["idempotency-key": "one"])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.status)) == [200] && Set(answers.map(\.body)).count == 1)
            let told = try await RowScope.service {
                try await service.pool.query(
                    "select type from messaging.outbox where type like '%WhistleAnswered%'"
                ).rows.count
            }
            #expect(told == 1)
        }
    }

    // MARK: - Units that handle

    @Test func `a unit handles what was sent to it, and does not learn who reported it`() async throws {
        try await withTown { service in
            let reporter = PersonID.new()
            let path = try await report(service, resident: reporter)
            _ = try await order(service, path, "file", "{\"function\":\"emergencyManagement\"}")
            #expect(try await service.ask("GET", path, as: .propertyCompany, "unit:P1").status == 404)
            let sent = try await order(
                service, path, "dispatch", "{\"organisation\":\"P1\",\"helpers\":[\"P1\",\"P2\"]}")
            #expect(sent.body.contains("\"helpers\":[\"P2\"]"), "\(sent.body)")
            let list = try await service.ask("GET", "/v1/incidents", as: .propertyCompany, "unit:P1")
            let shown = try await service.ask("GET", path, as: .propertyCompany, "unit:P1")
            #expect(list.body.contains("消防通道堵塞") && shown.status == 200)
            #expect(!list.body.contains(reporter.description) && !shown.body.contains(reporter.description))
            func act(_ action: String, _ body: String, _ unit: String = "P1") async throws -> ServedService.Answer {
                try await order(service, path, action, body, as: .propertyCompany, "unit:\(unit)")
            }
            #expect(try await act("accept", "{\"organisation\":\"P2\"}", "P2").status == 404)
            let returned = try await act("return", "{\"organisation\":\"P1\",\"reason\":\"不属于本小区\"}")
            #expect(returned.status == 200 && returned.body.contains("\"state\":\"filed\""), "\(returned.body)")
            #expect(try await service.ask("GET", path, as: .propertyCompany, "unit:P1").status == 404)
            _ = try await order(service, path, "dispatch", "{\"organisation\":\"P2\"}")
            #expect(try await act("accept", "{\"organisation\":\"P2\"}", "P2").status == 200)
            #expect(try await act("handle", "{\"result\":\"已清理\"}", "P2").status == 200)
            let closed = try await order(service, path, "verify", "{\"passed\":true,\"method\":\"site\"}")
            #expect(closed.status == 200, "\(closed.body)")
            let own = try await service.ask("GET", path, as: .resident, "self", subject: reporter.description)
            #expect(own.status == 200 && own.body.contains(reporter.description))
        }
    }

    @Test func `the reporter says how it was handled, and opens again what was not settled; nobody else's`()
        async throws
    {
        try await withTown { service in
            let reporter = PersonID.new()
            let path = try await report(service, resident: reporter)
            _ = try await order(service, path, "file", "{\"function\":\"emergencyManagement\"}")
            _ = try await order(service, path, "self-handle", "{\"result\":\"已清理\"}")
            _ = try await order(service, path, "verify", "{\"passed\":true,\"method\":\"site\"}")
            let said = "{\"resolved\":\"no\",\"satisfaction\":\"dissatisfied\"}"
            func own(_ action: String, _ body: String, _ who: PersonID) async throws -> ServedService.Answer {
                try await order(
                    service, path, action, body, as: .resident, "self", subject: who.description)
            }
            #expect(try await own("follow-up", said, .new()).status == 404)
            let feedback = try await own("follow-up", said, reporter)
            #expect(feedback.status == 200 && feedback.body.contains("dissatisfied"), "\(feedback.body)")
            let again = try await own("follow-up", said, reporter)
            #expect(again.status == 409 && again.body.contains("already-followed-up"))
            #expect(try await own("reopen", "{\"reason\":\"又堆上了\"}", .new()).status == 404)
            let reopened = try await own("reopen", "{\"reason\":\"又堆上了\"}", reporter)
            #expect(reopened.status == 200 && !reopened.body.contains("feedback"), "\(reopened.body)")
        }
    }

    // MARK: - Reports of one matter

    @Test func `reports of one matter are proposed, joined, followed and split, and every reporter is told`()
        async throws
    {
        try await withTown { service in
            let reporter = PersonID.new()
            let primary = try await report(service, key: "1")
            let member = try await report(service, resident: reporter, key: "2")
            let id = try #require(primary.split(separator: "/").last)
            let similar = try await service.ask("GET", "\(member)/similar", as: .communityDesk, Self.community)
            #expect(similar.status == 200 && similar.body.contains(String(id)), "\(similar.body)")
            #expect(similar.body.contains("\"score\":0.9") && similar.body.contains("\"metres\":0"), "\(similar.body)")
            let foreign = try await service.ask("GET", "\(member)/similar", as: .communityDesk, "532923100002")
            #expect(foreign.status == 404)
            let itself = try await order(service, primary, "join", "{\"primary\":\"\(id)\"}")
            #expect(itself.status == 422 && itself.body.contains("joins-itself"), "\(itself.body)")
            let nobody = try await order(service, member, "join", "{\"primary\":\"\(UUID())\"}")
            #expect(nobody.status == 404)
            let joined = try await order(service, member, "join", "{\"primary\":\"\(id)\"}")
            #expect(joined.status == 200 && joined.body.contains("\"state\":\"joined\""), "\(joined.body)")
            let shown = try await service.ask("GET", primary, as: .communityDesk, Self.community)
            #expect(shown.body.contains("\"reports\":2"), "\(shown.body)")
            let rejected = try await order(service, primary, "reject", "{\"reason\":\"重复\"}")
            #expect(rejected.status == 409 && rejected.body.contains("join-refused"))
            _ = try await order(service, primary, "file", "{\"function\":\"emergencyManagement\"}")
            _ = try await order(service, primary, "self-handle", "{\"result\":\"已清理\"}")
            let told = try await events(service, of: member)
            #expect(told == ["IncidentReported", "IncidentJoined", "IncidentHandled"], "\(told)")
            let split = try await order(service, member, "split", "{}")
            #expect(split.status == 200 && split.body.contains("\"state\":\"reported\""), "\(split.body)")
            let alone = try await service.ask("GET", primary, as: .communityDesk, Self.community)
            #expect(!alone.body.contains("\"reports\""))
            _ = try await order(service, primary, "verify", "{\"passed\":true,\"method\":\"site\"}")
            #expect(try await events(service, of: member).last == "IncidentSplit")
            let late = try await order(service, member, "join", "{\"primary\":\"\(id)\"}")
            #expect(late.status == 409 && late.body.contains("join-refused"), "\(late.body)")
        }
    }

    @Test func `many joins at once in both directions wait for nobody in a circle, and the count is right`()
        async throws
    {
        try await withTown { service in
            let primary = try await report(service, key: "p")
            let id = try #require(primary.split(separator: "/").last)
            var members: [String] = []
            for index in 0..<12 { members.append(try await report(service, key: "m\(index)")) }
            let paths = members
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for path in paths {
                    group.addTask { try await order(service, path, "join", "{\"primary\":\"\(id)\"}").status }
                    // The other way round: whoever is first decides.
                    let other = path.split(separator: "/").last ?? ""
                    group.addTask { try await order(service, primary, "join", "{\"primary\":\"\(other)\"}").status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(statuses).isSubset(of: [200, 409]), "\(statuses)")
            try await RowScope.service {
                let wrong = try await service.pool.query(
                    """
                    select i.id from grid.incidents i
                    where i.members <> (select count(*) from grid.incidents m where m.joined_to = i.id)
                       or (i.members > 0 and i.state = 'joined')
                    """)
                #expect(wrong.rows.isEmpty)
            }
        }
    }

    /// The events of an incident, the first first.
    private func events(_ service: ServedService, of path: String) async throws -> [String] {
        let id = String(path.split(separator: "/").last ?? "")
        return try await RowScope.service {
            try await service.pool.query("select type from messaging.outbox where key = \(id) order by position").rows
                .map { row in
                    let parts = try row.decode("type", as: String.self).split(separator: ".")
                    return String(parts[parts.count - 2])
                }
        }
    }

    // MARK: - Contacts

    @Test func `a contact is kept encrypted, shown one by one to the desk, and to the grid worker while it is open`()
        async throws
    {
        try await withTown { service in
            let path = try await report(service, ",\"contactName\":\"欧阳春梅\",\"contactMobile\":\"\(Self.number)\"")
            let shown = try await service.ask("GET", path, as: .communityDesk, Self.community)
            #expect(shown.body.contains("\"hasContact\":true"), "\(shown.body)")
            #expect(!shown.body.contains(Self.number) && !shown.body.contains("欧阳"))
            func unmask(_ role: Role, _ scope: String) async throws -> ServedService.Answer {
                try await service.ask(
                    "POST", "\(path)/contact/unmask", as: role, scope,
                    body: "{\"purpose\":\"P5\",\"reason\":\"回复办理情况\"}")
            }
            let worker = "\(Self.community)001"
            for (role, scope) in [(Role.communityDesk, Self.community), (.gridWorker, worker)] {
                let contact = try await unmask(role, scope)
                #expect(contact.status == 200 && contact.body.contains(Self.number), "\(contact.body)")
                #expect(contact.body.contains("欧阳春梅"))
            }
            #expect(try await unmask(.communityDesk, "532923100002").status == 404)
            #expect(try await unmask(.townOfficer, "532923100").status == 403)
            #expect(try await unmask(.unitLiaison, "unit:U1").status == 403)
            _ = try await order(service, path, "reject", "{\"reason\":\"重复\"}")
            #expect(try await unmask(.gridWorker, worker).status == 404)
            #expect(try await unmask(.communityDesk, Self.community).status == 200)
            try await RowScope.service {
                let row = try await service.pool.query("select t::text as t from grid.incident_contacts t").rows.first
                #expect(try row?.decode("t", as: String.self).contains("380013800") == false)
            }
            let anonymous = try await service.ask(
                "POST", "/v1/incidents", as: .communityDesk, Self.community,
                body: """
                    {"title":"堵塞","description":"杂物","longitude":100.505,"latitude":25.405,"source":"resident",
                     "urgency":"ordinary","anonymous":true,"contactMobile":"\(Self.number)"}
                    """, headers: ["idempotency-key": "n"])
            #expect(anonymous.status == 422 && anonymous.body.contains("/contactMobile"), "\(anonymous.body)")
        }
    }

    @Test func `who left a number finds his reports at the desk, and has the contact corrected and taken away`()
        async throws
    {
        try await withTown { service in
            let path = try await report(service, ",\"contactMobile\":\"\(Self.number)\"")
            let id = try #require(path.split(separator: "/").last)
            func ask(_ path: String, _ body: String) async throws -> ServedService.Answer {
                try await service.ask("POST", path, as: .communityDesk, Self.community, body: body)
            }
            func open(_ kind: String, mobile: String = IncidentRouteTests.number) async throws -> String {
                let opened = try await ask(
                    "/v1/subject-requests",
                    "{\"kind\":\"\(kind)\",\"mobile\":\"\(mobile)\",\"checkedBy\":\"identity-card\"}")
                #expect(opened.status == 200, "\(opened.body)")
                let id = try #require(opened.body.firstMatch(of: /"id":"([0-9a-fA-F-]{36})"/)).output.1
                return "/v1/subject-requests/\(id)"
            }
            let correction = try await open("correction")
            let corrected = try await ask("\(correction)/correction", "{\"mobile\":\"13900139000\"}")
            #expect(corrected.status == 200, "\(corrected.body)")
            let erasure = try await open("erasure", mobile: "13900139000")
            let erased = try await ask("\(erasure)/erasure", "{}")
            #expect(erased.status == 200 && erased.body.contains("done"), "\(erased.body)")
            let shown = try await service.ask("GET", "/v1/incidents/\(id)", as: .communityDesk, Self.community)
            #expect(shown.status == 200 && shown.body.contains("\"hasContact\":false"), "\(shown.body)")
        }
    }

    // MARK: - Pictures

    /// A PNG of one pixel with a text that stands for a place.
    private static let picture =
        Data(
            base64Encoded: """
                iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAADHRFWHRHUFMAMjUuNDA0OE4f783gAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5E\
                rkJggg==
                """
        ).map(Array.init) ?? []

    private func upload(
        _ service: ServedService, to path: String, _ bytes: [UInt8] = picture, type: String = "image/png",
        as role: Role = .communityDesk, _ scope: String = community, subject: String = PersonID.new().description,
        key: String = "p"
    ) async throws -> ServedService.Answer {
        try await service.ask(
            "POST", "\(path)/photos?stage=scene", as: role, scope, subject: subject,
            headers: ["idempotency-key": key], file: (type, bytes))
    }

    @Test func `a picture is kept once without what it says beside its pixels, and seen by who sees the incident`()
        async throws
    {
        try await withTown { service in
            let reporter = PersonID.new()
            let path = try await report(service, resident: reporter)
            let added = try await upload(
                service, to: path, as: .resident, "self", subject: reporter.description)
            #expect(added.status == 201 && added.body.contains("人脸"), "\(added.body)")
            let location = try #require(added.headers["location"])
            let again = try await upload(service, to: path, key: "other")
            #expect(again.status == 201 && again.headers["location"] == location)
            let shown = try await service.ask("GET", path, as: .communityDesk, Self.community)
            #expect(shown.body.ranges(of: "\"hash\"").count == 1 && shown.body.contains("add-photo"), "\(shown.body)")
            let file = try await service.ask("GET", location, as: .gridWorker, "\(Self.community)001")
            #expect(file.headers["content-type"] == "image/png" && file.headers["x-content-type-options"] == "nosniff")
            #expect(file.bytes.starts(with: [0x89, 0x50]) && !file.body.contains("25.4048"))
            #expect(file.bytes.count < Self.picture.count)
            let own = try await service.ask("GET", location, as: .resident, "self", subject: reporter.description)
            #expect(own.bytes == file.bytes)
            for (role, scope) in [
                (Role.communityDesk, "532923100002"), (.resident, "self"), (.propertyCompany, "unit:P1"),
            ] {
                #expect(try await service.ask("GET", location, as: role, scope).status == 404)
            }
        }
    }

    @Test func `what is no picture is refused with its reason, and so is one too many or one for what has ended`()
        async throws
    {
        try await withTown { service in
            let path = try await report(service)
            let other = try await upload(service, to: path, Array("<svg/>".utf8))
            #expect(other.status == 422 && other.body.contains("photo-refused") && other.body.contains("JPEG"))
            #expect(try await upload(service, to: path, Array(Self.picture.dropLast(9))).status == 422)
            #expect(try await upload(service, to: path, type: "application/json").status == 415)
            #expect(try await upload(service, to: path, [UInt8](repeating: 0, count: (8 << 20) + 1)).status == 413)
            #expect(try await upload(service, to: "/v1/incidents/\(UUID())").status == 404)
            try await RowScope.service {
                _ = try await service.pool.query(
                    """
                    insert into grid.incident_photos
                    select i.id, sha256(n::text::bytea), i.grid_code, 'scene', 'image/png', 1, 1, 1, 'x', now()
                    from grid.incidents i, generate_series(1, \(IncidentPhoto.most)) n
                    """)
            }
            let full = try await upload(service, to: path)
            #expect(full.status == 409 && full.body.contains("too-many-photos"))
            _ = try await order(service, path, "reject", "{\"reason\":\"重复\"}")
            let late = try await upload(service, to: path, key: "late")
            #expect(late.status == 409, "\(late.body)")
        }
    }
}
