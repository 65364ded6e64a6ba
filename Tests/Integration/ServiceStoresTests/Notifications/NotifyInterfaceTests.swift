import Foundation
import Models
import NotificationsService
import ServiceKit
import Support
import Testing

/// Routes, templates, subscriptions and inboxes over HTTP, as callers of several roles see them.
@Suite(.timeLimit(.minutes(2))) struct NotifyInterfaceTests {
    private static let path = "/v1/routes?division=532923"
    private static let silence = """
        {"routes":[{"event":"IncidentClosed","audience":"reporter","channels":[]}]}
        """

    @Test func `a county changes its routes against the version that it has read`() async throws {
        try await ServedService.with(Notifications.self) { service in
            let before = try await service.ask("GET", Self.path, as: .townOfficer, "532923100")
            #expect(before.status == 200 && before.headers["etag"] == "\"0\"" && before.body.contains("\"version\":0"))
            #expect(before.body.contains("incidentClosed"))
            func put(_ tag: String, _ body: String = Self.silence, as scope: String = "532923") async throws
                -> ServedService.Answer
            {
                try await service.ask(
                    "PUT", Self.path, as: .countyAdmin, scope, body: body, headers: ["if-match": tag])
            }
            let first = try await put("\"0\"")
            #expect(first.status == 200 && first.headers["etag"] == "\"1\"", "\(first.body)")
            #expect(try await put("\"0\"").status == 412)
            #expect(try await put("\"1\"").headers["etag"] == "\"2\"")
            let old = try await service.ask("GET", Self.path + "&version=1", as: .countyAdmin, "532923")
            #expect(old.body.contains("\"isInForce\":false"))
            #expect(try await service.ask("GET", Self.path + "&version=9", as: .countyAdmin, "532923").status == 404)
            // Another county's, and those of a town by another town.
            #expect(try await service.ask("GET", Self.path, as: .countyAdmin, "532924").status == 404)
            #expect(try await put("\"2\"", as: "532924").status == 422)
        }
    }

    @Test(arguments: [
        (#"{"routes":[{"event":"Nothing","audience":"reporter","channels":[]}]}"#, "/routes/0/event"),
        (#"{"routes":[{"event":"IncidentClosed","audience":"all","channels":[]}]}"#, "/routes/0/audience"),
        (#"{"routes":[{"event":"IncidentClosed","audience":"reporter","channels":["pigeon"]}]}"#, "/routes/0/channels"),
        (
            #"{"routes":[{"event":"IncidentClosed","audience":"reporter","template":"x","channels":["inApp"]}]}"#,
            "/routes/0/template"
        ),
    ])
    func `a route that would tell nobody by mistake is refused with its place`(_ body: String, _ field: String)
        async throws
    {
        try await ServedService.with(Notifications.self) { service in
            let answer = try await service.ask(
                "PUT", Self.path, as: .countyAdmin, "532923", body: body, headers: ["if-match": "*"])
            #expect(answer.status == 422 && answer.body.contains("\"\(field)\""), "\(answer.body)")
        }
    }

    @Test func `words are drafted by one and approved by another`() async throws {
        try await ServedService.with(Notifications.self) { service in
            let path = "/v1/templates/incidentClosed/inApp"
            let words = """
                {"title":"办结","titleEn":"Closed","body":"{{number}}已办结","bodyEn":"{{number}} was closed"}
                """
            func ask(_ method: String, _ end: String, by subject: String, _ body: String? = nil, _ tag: String? = nil)
                async throws -> ServedService.Answer
            {
                try await service.ask(
                    method, path + end, as: .countyAdmin, "532923", subject: subject, body: body,
                    headers: tag.map { ["if-match": $0] } ?? [:])
            }
            #expect(try await ask("PUT", "/draft", by: "anna", words, "\"0\"").headers["etag"] == "\"1\"")
            #expect(try await ask("PUT", "/draft", by: "bert", words, "\"0\"").status == 412)
            let own = try await ask("POST", "/draft/approve", by: "anna", nil, "\"1\"")
            #expect(own.status == 409 && own.body.contains("approver-is-author"))
            #expect(try await ask("POST", "/draft/approve", by: "bert", nil, "\"1\"").status == 200)
            #expect(try await ask("POST", "/draft/approve", by: "bert", nil, "*").status == 409)
            let versions = try await ask("GET", "", by: "anna")
            #expect(versions.body.contains("\"version\":2") && !versions.body.contains("anna"))
            let me = PersonID.new().description
            let event = #"{"event":"IncidentClosed"}"#
            let preview = try await ask("POST", "/2/preview", by: me, event)
            #expect(preview.body.contains("532923100001202611270001已办结"), "\(preview.body)")
            #expect(try await ask("POST", "/2/test", by: me, event).status == 204)
            #expect(try await ask("POST", "/2/test", by: "not an account", event).status == 404)
            let inbox = try await service.ask("GET", "/v1/inbox/\(me)", as: .countyAdmin, "532923", subject: me)
            #expect(inbox.body.contains("532923100001202611270001已办结"), "\(inbox.body)")
        }
    }

    @Test func `a dry run stays within the scope and names what is silent`() async throws {
        try await ServedService.with(Notifications.self) { service in
            func run(_ event: String, _ scope: String) async throws -> ServedService.Answer {
                let body = #"{"event":"\#(event)","code":"532923100001001","state":"closed"}"#
                return try await service.ask("POST", "/v1/routes/dry-run", as: .townOfficer, scope, body: body)
            }
            let closed = try await run("IncidentClosed", "532923100")
            #expect(closed.status == 200 && closed.body.contains("\"reason\":\"no-inbox\""), "\(closed.body)")
            #expect(try await run("IncidentFiled", "532923100").body.contains("\"reason\":\"silenced\""))
            #expect(try await run("IncidentClosed", "532923101").status == 422)
            #expect(try await run("BookingApproved", "532923100").status == 422)
        }
    }

    @Test func `people subscribe to what their roles let them see`() async throws {
        try await ServedService.with(Notifications.self) { service in
            let me = PersonID.new().description
            func put(_ role: Role, _ scope: String, _ kind: String, _ code: String) async throws
                -> ServedService.Answer
            {
                try await service.ask(
                    "PUT", "/v1/subscriptions", as: role, scope, subject: me,
                    body: #"{"items":[{"kind":"\#(kind)","code":"\#(code)"}]}"#)
            }
            #expect(try await put(.unitLiaison, "unit:U1", "organisation", "U1").status == 200)
            #expect(try await put(.unitLiaison, "unit:U1", "organisation", "U2").status == 422)
            #expect(try await put(.townOfficer, "532923100", "supervision", "532923101").status == 422)
            #expect(try await put(.townOfficer, "532923100", "supervision", "532923100").status == 200)
            let mine = try await service.ask("GET", "/v1/subscriptions", as: .townOfficer, "532923100", subject: me)
            #expect(mine.body == #"{"items":[{"code":"532923100","kind":"supervision"}]}"#)
            let other = try await service.ask(
                "GET", "/v1/subscriptions", as: .townOfficer, "532923100", subject: PersonID.new().description)
            #expect(other.body == #"{"items":[]}"#)
        }
    }

    @Test func `an inbox is sorted, counted and printed by its owner`() async throws {
        try await ServedService.with(Notifications.self) { service in
            let me = PersonID.new().description
            func ask(_ method: String, _ path: String, _ body: String? = nil) async throws -> ServedService.Answer {
                try await service.ask(method, path, as: .countyAdmin, "532923", subject: me, body: body)
            }
            for _ in 0..<3 {
                _ = try await ask(
                    "POST", "/v1/templates/incidentClosed/inApp/1/test", #"{"event":"IncidentClosed"}"#)
            }
            let tomorrow = RFC3339.format(Date().addingTimeInterval(86_400))
            #expect(try await ask("POST", "/v1/inbox/\(me)/1/archive").status == 204)
            #expect(try await ask("POST", "/v1/inbox/\(me)/2/snooze", #"{"until":"\#(tomorrow)"}"#).status == 204)
            #expect(
                try await ask("POST", "/v1/inbox/\(me)/2/snooze", #"{"until":"2020-01-01T00:00:00Z"}"#).status == 422)
            #expect(try await ask("POST", "/v1/inbox/\(me)/9/archive").status == 404)
            #expect(
                try await ask("GET", "/v1/inbox/\(me)/counts").body
                    == #"{"archived":1,"inbox":1,"snoozed":1,"unread":2}"#)
            #expect(try await ask("GET", "/v1/inbox/\(me)?box=archive").body.contains("\"id\":1,"))
            #expect(try await ask("GET", "/v1/inbox/\(me)?box=attic").status == 400)
            let page = try await ask("GET", "/v1/inbox/\(me)/printout")
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.body.contains("<td>您上报的事件已办结</td>") && page.body.contains("size:A4"))
            let sheet = try await ask("GET", "/v1/inbox/\(me)/printout?format=csv")
            #expect(sheet.body.contains("您上报的事件已办结") && sheet.headers["content-type"]?.hasPrefix("text/csv") == true)
            #expect(try await ask("POST", "/v1/inbox/\(me)/2/snooze", #"{"until":null}"#).status == 204)
            #expect(try await ask("POST", "/v1/inbox/\(me)/1/unarchive").status == 204)
            #expect(try await ask("GET", "/v1/inbox/\(me)/counts").body.contains("\"inbox\":3"))
        }
    }
}
