import Foundation
import GridOperationsService
import Models
import Postgres
import ServiceKit
import Testing

/// Incidents over HTTP: who is called, who can be reached, what is seen.
@Suite(.timeLimit(.minutes(3))) struct IncidentRouteTests {
    private static let number = "13800138000"

    // MARK: - Whistles

    @Test func `a town calls units, each sees and answers its own call, and nothing else of the incident`() async throws
    {
        try await ServedTown.with { service in
            let path = try await service.report(",\"contactName\":\"欧阳春梅\",\"contactMobile\":\"\(Self.number)\"")
            _ = try await service.order(path, "file", "{\"function\":\"emergencyManagement\"}")
            let body = "{\"kind\":\"emergency\",\"organisations\":[\"U1\",\"U2\"],\"reason\":\"占道经营\"}"
            let desk = try await service.order(path, "whistle", body)
            #expect(desk.status == 403, "a town blows it")
            let blown = try await service.order(path, "whistle", body, as: .townOfficer, "532923100")
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
            let shown = try await service.ask("GET", path, as: .communityDesk, ServedTown.community)
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
        try await ServedTown.with { service in
            let path = try await service.report()
            _ = try await service.order(path, "file", "{\"function\":\"emergencyManagement\"}")
            _ = try await service.order(
                path, "whistle", "{\"kind\":\"daily\",\"organisations\":[\"U1\"],\"reason\":\"占道\"}",
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
        try await ServedTown.with { service in
            let reporter = PersonID.new()
            let path = try await service.report(resident: reporter)
            _ = try await service.order(path, "file", "{\"function\":\"emergencyManagement\"}")
            #expect(try await service.ask("GET", path, as: .propertyCompany, "unit:P1").status == 404)
            let sent = try await service.order(
                path, "dispatch", "{\"organisation\":\"P1\",\"helpers\":[\"P1\",\"P2\"]}")
            #expect(sent.body.contains("\"helpers\":[\"P2\"]"), "\(sent.body)")
            let list = try await service.ask("GET", "/v1/incidents", as: .propertyCompany, "unit:P1")
            let shown = try await service.ask("GET", path, as: .propertyCompany, "unit:P1")
            #expect(list.body.contains("消防通道堵塞") && shown.status == 200)
            #expect(!list.body.contains(reporter.description) && !shown.body.contains(reporter.description))
            func act(_ action: String, _ body: String, _ unit: String = "P1") async throws -> ServedService.Answer {
                try await service.order(path, action, body, as: .propertyCompany, "unit:\(unit)")
            }
            #expect(try await act("accept", "{\"organisation\":\"P2\"}", "P2").status == 404)
            let returned = try await act("return", "{\"organisation\":\"P1\",\"reason\":\"不属于本小区\"}")
            #expect(returned.status == 200 && returned.body.contains("\"state\":\"filed\""), "\(returned.body)")
            #expect(try await service.ask("GET", path, as: .propertyCompany, "unit:P1").status == 404)
            _ = try await service.order(path, "dispatch", "{\"organisation\":\"P2\"}")
            #expect(try await act("accept", "{\"organisation\":\"P2\"}", "P2").status == 200)
            #expect(try await act("handle", "{\"result\":\"已清理\"}", "P2").status == 200)
            let closed = try await service.order(path, "verify", "{\"passed\":true,\"method\":\"site\"}")
            #expect(closed.status == 200, "\(closed.body)")
            let own = try await service.ask("GET", path, as: .resident, "self", subject: reporter.description)
            #expect(own.status == 200 && own.body.contains(reporter.description))
        }
    }

    @Test func `the reporter says how it was handled, and opens again what was not settled; nobody else's`()
        async throws
    {
        try await ServedTown.with { service in
            let reporter = PersonID.new()
            let path = try await service.report(resident: reporter)
            _ = try await service.order(path, "file", "{\"function\":\"emergencyManagement\"}")
            _ = try await service.order(path, "self-handle", "{\"result\":\"已清理\"}")
            _ = try await service.order(path, "verify", "{\"passed\":true,\"method\":\"site\"}")
            let said = "{\"resolved\":\"no\",\"satisfaction\":\"dissatisfied\"}"
            func own(_ action: String, _ body: String, _ who: PersonID) async throws -> ServedService.Answer {
                try await service.order(path, action, body, as: .resident, "self", subject: who.description)
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
        try await ServedTown.with { service in
            let reporter = PersonID.new()
            let primary = try await service.report(key: "1")
            let member = try await service.report(resident: reporter, key: "2")
            let id = try #require(primary.split(separator: "/").last)
            let similar = try await service.ask("GET", "\(member)/similar", as: .communityDesk, ServedTown.community)
            #expect(similar.status == 200 && similar.body.contains(String(id)), "\(similar.body)")
            #expect(similar.body.contains("\"score\":0.9") && similar.body.contains("\"metres\":0"), "\(similar.body)")
            let foreign = try await service.ask("GET", "\(member)/similar", as: .communityDesk, "532923100002")
            #expect(foreign.status == 404)
            let itself = try await service.order(primary, "join", "{\"primary\":\"\(id)\"}")
            #expect(itself.status == 422 && itself.body.contains("joins-itself"), "\(itself.body)")
            let nobody = try await service.order(member, "join", "{\"primary\":\"\(UUID())\"}")
            #expect(nobody.status == 404)
            let joined = try await service.order(member, "join", "{\"primary\":\"\(id)\"}")
            #expect(joined.status == 200 && joined.body.contains("\"state\":\"joined\""), "\(joined.body)")
            let shown = try await service.ask("GET", primary, as: .communityDesk, ServedTown.community)
            #expect(shown.body.contains("\"reports\":2"), "\(shown.body)")
            let rejected = try await service.order(primary, "reject", "{\"reason\":\"重复\"}")
            #expect(rejected.status == 409 && rejected.body.contains("join-refused"))
            _ = try await service.order(primary, "file", "{\"function\":\"emergencyManagement\"}")
            _ = try await service.order(primary, "self-handle", "{\"result\":\"已清理\"}")
            let told = try await events(service, of: member)
            #expect(told == ["IncidentReported", "IncidentJoined", "IncidentHandled"], "\(told)")
            let split = try await service.order(member, "split", "{}")
            #expect(split.status == 200 && split.body.contains("\"state\":\"reported\""), "\(split.body)")
            let alone = try await service.ask("GET", primary, as: .communityDesk, ServedTown.community)
            #expect(!alone.body.contains("\"reports\""))
            _ = try await service.order(primary, "verify", "{\"passed\":true,\"method\":\"site\"}")
            #expect(try await events(service, of: member).last == "IncidentSplit")
            let late = try await service.order(member, "join", "{\"primary\":\"\(id)\"}")
            #expect(late.status == 409 && late.body.contains("join-refused"), "\(late.body)")
        }
    }

    @Test func `many joins at once in both directions wait for nobody in a circle, and the count is right`()
        async throws
    {
        try await ServedTown.with { service in
            let primary = try await service.report(key: "p")
            let id = try #require(primary.split(separator: "/").last)
            var members: [String] = []
            for index in 0..<12 { members.append(try await service.report(key: "m\(index)")) }
            let paths = members
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for path in paths {
                    group.addTask { try await service.order(path, "join", "{\"primary\":\"\(id)\"}").status }
                    // The other way round: whoever is first decides.
                    let other = path.split(separator: "/").last ?? ""
                    group.addTask { try await service.order(primary, "join", "{\"primary\":\"\(other)\"}").status }
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
        try await ServedTown.with { service in
            let path = try await service.report(",\"contactName\":\"欧阳春梅\",\"contactMobile\":\"\(Self.number)\"")
            let shown = try await service.ask("GET", path, as: .communityDesk, ServedTown.community)
            #expect(shown.body.contains("\"hasContact\":true"), "\(shown.body)")
            #expect(!shown.body.contains(Self.number) && !shown.body.contains("欧阳"))
            func unmask(_ role: Role, _ scope: String) async throws -> ServedService.Answer {
                try await service.ask(
                    "POST", "\(path)/contact/unmask", as: role, scope,
                    body: "{\"purpose\":\"P5\",\"reason\":\"回复办理情况\"}")
            }
            let worker = "\(ServedTown.community)001"
            for (role, scope) in [(Role.communityDesk, ServedTown.community), (.gridWorker, worker)] {
                let contact = try await unmask(role, scope)
                #expect(contact.status == 200 && contact.body.contains(Self.number), "\(contact.body)")
                #expect(contact.body.contains("欧阳春梅"))
            }
            #expect(try await unmask(.communityDesk, "532923100002").status == 404)
            #expect(try await unmask(.townOfficer, "532923100").status == 403)
            #expect(try await unmask(.unitLiaison, "unit:U1").status == 403)
            _ = try await service.order(path, "reject", "{\"reason\":\"重复\"}")
            #expect(try await unmask(.gridWorker, worker).status == 404)
            #expect(try await unmask(.communityDesk, ServedTown.community).status == 200)
            try await RowScope.service {
                let row = try await service.pool.query("select t::text as t from grid.incident_contacts t").rows.first
                #expect(try row?.decode("t", as: String.self).contains("380013800") == false)
            }
            let anonymous = try await service.ask(
                "POST", "/v1/incidents", as: .communityDesk, ServedTown.community,
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
        try await ServedTown.with { service in
            let path = try await service.report(",\"contactMobile\":\"\(Self.number)\"")
            let id = try #require(path.split(separator: "/").last)
            func ask(_ path: String, _ body: String) async throws -> ServedService.Answer {
                try await service.ask("POST", path, as: .communityDesk, ServedTown.community, body: body)
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
            let shown = try await service.ask("GET", "/v1/incidents/\(id)", as: .communityDesk, ServedTown.community)
            #expect(shown.status == 200 && shown.body.contains("\"hasContact\":false"), "\(shown.body)")
        }
    }
}
