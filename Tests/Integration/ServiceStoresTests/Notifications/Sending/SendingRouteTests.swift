import Foundation
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import Testing

@Suite(.timeLimit(.minutes(2))) struct SendingRouteTests {
    @Test func `somebody's preferences are his own, and whole`() async throws {
        try await ServedService.with(Notifications.self) { served in
            let person = PersonID.new()
            let path = "/v1/preferences/\(person)"
            let worker = [Grant(.gridWorker, try #require(Scope("532923100001001")))]
            let body = #"{"muted":[{"channel":"sms","kind":"IncidentClosed"}]}"#
            let put = try await served.ask("PUT", path, as: worker, subject: person.description, body: body)
            #expect(put.status == 200 && put.body == body)
            let read = try await served.ask("GET", path, as: worker, subject: person.description)
            #expect(read.body == body)
            let stranger = try await served.ask("GET", path, as: worker, subject: PersonID.new().description)
            #expect(stranger.body == #"{"muted":[]}"#)
            let wrong = try await served.ask(
                "PUT", path, as: worker, subject: person.description,
                body: #"{"muted":[{"channel":"pigeon","kind":"*"}]}"#)
            #expect(wrong.status == 422)
        }
    }

    @Test func `a link asks by GET and unsubscribes by POST, without a token of access`() async throws {
        try await ServedService.with(Notifications.self) { served in
            let cipher = AESFieldCipher(keys: try FieldKeys(json: ServedService.keys))
            let token = try UnsubscribeLinks(cipher: cipher).token(for: .new(), on: .email)
            let path = "/v1/unsubscribe?token=\(token)"
            let asked = try await served.ask("GET", path, as: [])
            #expect(asked.status == 200 && asked.body.contains("<form method=\"post\">"))
            func optOuts() async throws -> Int {
                try await RowScope.service {
                    try await served.pool.query("select count(*) as n from notify.opt_outs").rows.first?.decode("n")
                        ?? 0
                }
            }
            let before = try await optOuts()
            #expect(before == 0)
            let form = Array("List-Unsubscribe=One-Click".utf8)
            let done = try await served.ask(
                "POST", path, as: [], file: ("application/x-www-form-urlencoded", form))
            #expect(done.status == 200 && done.body.contains("已退订"))
            let after = try await optOuts()
            #expect(after == 1)
            let wrong = try await served.ask("POST", "/v1/unsubscribe?token=x", as: [])
            #expect(wrong.status == 404)
        }
    }

    @Test func `the log shows outcomes of one's own divisions, and no persons`() async throws {
        try await ServedService.with(Notifications.self) { served in
            let person = PersonID.new()
            try await RowScope.service {
                try await served.pool.withTransaction { transaction in
                    try await PostgresSendingQueue(executor: transaction).order(
                        (0..<3).map { _ in SendingDatabase.message(to: person, by: [.dingTalkRobot]) }, at: Date())
                }
            }
            let town = [Grant(.townOfficer, try #require(Scope("532923100")))]
            let page = try await served.ask("GET", "/v1/sendings?limit=2&channel=dingTalkRobot", as: town)
            #expect(page.status == 200)
            #expect(page.body.contains(#""next":"#) && !page.body.lowercased().contains(person.description))
            let other = [Grant(.townOfficer, try #require(Scope("532923101")))]
            let nothing = try await served.ask("GET", "/v1/sendings", as: other)
            #expect(nothing.body == #"{"items":[]}"#)
            let retry = try await served.ask(
                "POST", "/v1/sendings/1/retry", as: other, body: #"{"attempts":0,"reason":"confirmed-lost"}"#)
            #expect(retry.status == 404)
        }
    }
}
