import Foundation
import Models
import Postgres
import ServiceKit
import Testing

/// Open311 over HTTP: keys, codes, bodies, limits, scope.
@Suite(.timeLimit(.minutes(3))) struct Open311RouteTests {
    private static let root = "/open311/v2"

    // MARK: - Keys

    @Test func `a key is shown once, opens its division, and ends at once`() async throws {
        try await ServedTown.with([ServedTown.community, "532923100002"]) { service in
            let body = "{\"name\":\"随手拍\",\"divisionCode\":\"\(ServedTown.community)\"}"
            func make(_ scope: String = "532923", key: String = "k") async throws -> ServedService.Answer {
                try await service.ask(
                    "POST", "/v1/open311-keys", as: .countyAdmin, scope, body: body, headers: ["idempotency-key": key])
            }
            let made = try await make()
            #expect(made.status == 201 && made.headers["cache-control"] == "no-store", "\(made.body)")
            let key = String(try #require(made.body.firstMatch(of: /"apiKey":"(tiaokuai311_[0-9a-f]{64})"/)).output.1)
            let id = String(try #require(made.body.firstMatch(of: /"id":"([0-9a-f-]{36})"/)).output.1)
            let again = try await make()
            #expect(again.status == 201 && again.body.contains(id) && !again.body.contains("apiKey"), "\(again.body)")
            let foreign = try await make("532924", key: "f")
            #expect(foreign.status == 422 && foreign.body.contains("outside-scope"))
            let list = try await service.ask("GET", "/v1/open311-keys", as: .countyAdmin, "532923")
            #expect(list.body.contains(id) && !list.body.contains("tiaokuai311"), "\(list.body)")
            let others = try await service.ask("GET", "/v1/open311-keys", as: .countyAdmin, "532924")
            #expect(others.body == "{\"items\":[]}")
            let stored = try await RowScope.service {
                try await service.pool.query("select k::text as row from grid.open311_keys k").rows
            }
            #expect(stored.count == 1)
            for row in stored {
                let text: String = try row.decode("row")
                #expect(!text.contains(key), "a hash alone")
            }

            let inside = try await service.open311("POST", "requests.json", Self.form(key))
            #expect(inside.status == 200, "\(inside.body)")
            let outside = try await service.open311("POST", "requests.json", Self.form(key, long: "120.5"))
            #expect(
                outside.status == 400 && outside.body.contains("\"code\":400,\"description\":\"long: "),
                "\(outside.body)")

            let path = "/v1/open311-keys/\(id)/revoke"
            let hidden = try await service.ask("POST", path, as: .countyAdmin, "532924")
            #expect(hidden.status == 404)
            let revoked = try await service.ask("POST", path, as: .countyAdmin, "532923")
            #expect(revoked.status == 200 && revoked.body.contains("revokedAt"), "\(revoked.body)")
            let repeated = try await service.ask("POST", path, as: .countyAdmin, "532923")
            #expect(repeated.comparable == revoked.comparable)
            let refused = try await service.open311("POST", "requests.json", Self.form(key))
            #expect(refused.status == 403, "\(refused.body)")
        }
    }

    @Test func `without a key that holds the answer is 403 in the form of the standard`() async throws {
        try await ServedTown.with { service in
            let words = "缺少 api_key，或该密钥无效 / the api_key is missing, or it does not hold"
            for form in ["service_code=EM-ROAD", Self.form("tiaokuai311_0123456789abcdef"), "api_key="] {
                let json = try await service.open311("POST", "requests.json", form)
                #expect(json.status == 403)
                #expect(json.headers["content-type"] == "application/json; charset=utf-8")
                #expect(json.body == "[{\"code\":403,\"description\":\"\(words)\"}]")
                let xml = try await service.open311("POST", "requests.xml", form)
                #expect(xml.status == 403 && xml.headers["content-type"] == "text/xml; charset=utf-8")
                #expect(
                    xml.body == """
                        <?xml version="1.0" encoding="utf-8"?>
                        <errors><error><code>403</code><description>\(words)</description></error></errors>
                        """)
            }
        }
    }

    @Test func `a key that comes too often waits`() async throws {
        try await ServedTown.with { service in
            let key = try await service.open311Key(perMinute: 2)
            for index in 0..<2 {
                let answer = try await service.open311("POST", "requests.json", Self.form(key, more: "&x=\(index)"))
                #expect(answer.status == 200, "\(answer.body)")
            }
            let answer = try await service.open311("POST", "requests.xml", Self.form(key))
            #expect(answer.status == 429 && answer.body.contains("<errors><error><code>429</code>"), "\(answer.body)")
            let wait = try #require(answer.headers["retry-after"].flatMap { Int($0) })
            #expect((1...30).contains(wait))
        }
    }

    // MARK: - Services

    @Test func `services are the categories of the rulebook in force`() async throws {
        try await ServedTown.with { service in
            let list = try await service.open311("GET", "services.json")
            #expect(list.status == 200 && list.body.contains("\"service_code\":\"EM-UTILITY\""))
            #expect(list.body.contains("\"metadata\":true") && list.body.contains("\"metadata\":false"))
            let one = try await service.open311("GET", "services/EM-UTILITY.xml")
            #expect(one.status == 200 && one.body.contains("<value><key>水</key><name>水</name></value>"), "\(one.body)")
            let found = try await service.open311("GET", "discovery.xml")
            #expect(found.status == 200 && found.body.contains("<url>http://127.0.0.1:"), "\(found.body)")
            let place = try await service.open311("GET", "services.xml?jurisdiction_id=\(ServedTown.community)")
            #expect(place.status == 200)
            for (path, words) in [
                ("services/NO.json", "service_code"), ("services.json?jurisdiction_id=999999", "jurisdiction_id"),
                ("services.csv", ".xml"), ("services/EM-UTILITY", ".xml"),
                ("services.json?jurisdiction_id=532923999", "jurisdiction_id"),
            ] {
                let answer = try await service.open311("GET", path)
                #expect(
                    answer.status == 404 && answer.body.contains("404") && answer.body.contains(words), "\(answer.body)"
                )
            }
        }
    }

    // MARK: - Reports

    @Test func `a report is an incident with category and attributes, once for the same form`() async throws {
        try await ServedTown.with { service in
            let key = try await service.open311Key()
            let form = Self.form(
                key, code: "EM-UTILITY",
                more: "&attribute[kind]=%E6%B0%B4&description=%3Cb%3E%E6%BC%8F%E6%B0%B4%3C/b%3E%26&phone=13800138000"
                    + "&first_name=%E6%98%A5%E6%A2%85&last_name=%E6%AC%A7%E9%98%B3&address_string=%E6%9F%90%E5%B7%B7"
                    + "&media_url=https://a.example/b.jpg&email=a@b.example&device_id=x")
            let first = try await service.open311("POST", "requests.xml", form)
            let number = String(
                try #require(first.body.firstMatch(of: /<service_request_id>(\d+)<\/service_request_id>/)).output.1)
            #expect(first.status == 200 && first.headers["content-type"] == "text/xml; charset=utf-8")
            let again = try await service.open311("POST", "requests.json", form)
            #expect(again.status == 200 && again.body.contains(number), "a repetition")
            let other = try await service.open311(
                "POST", "requests.json", form, headers: ["idempotency-key": "another"])
            #expect(other.status == 200 && !other.body.contains("\"\(number)\""), "the header says that it is another")

            let seen = try await service.open311("GET", "requests/\(number).xml")
            #expect(seen.status == 200 && seen.body.contains("<description>&lt;b&gt;漏水&lt;/b&gt;&amp;</description>"))
            #expect(
                seen.body.contains("<lat>25.405</lat><long>100.505</long>")
                    && seen.body.contains("<status>open</status>"))
            #expect(!seen.body.contains("13800138000") && !seen.body.contains("欧阳"), "nothing of the reporter")
            let list = try await service.ask("GET", "/v1/incidents", as: .communityDesk, ServedTown.community)
            #expect(
                list.body.contains("\"category\":\"EM-UTILITY\"")
                    && list.body.contains("\"attributes\":{\"kind\":\"水\"}"))
            let id = try await service.incidentID(of: number)
            let incident = try await service.ask("GET", "/v1/incidents/\(id)", as: .communityDesk, ServedTown.community)
            #expect(incident.body.contains("\"hasContact\":true"), "\(incident.body)")
            let token = try await service.open311("GET", "tokens/\(id).json")
            #expect(token.body == "[{\"service_request_id\":\"\(number)\",\"token\":\"\(id)\"}]")
            let more = try await service.ask(
                "GET", "/v1/incidents/\(id)/open311", as: .communityDesk, ServedTown.community)
            #expect(more.body.contains("某巷") && more.body.contains("a.example"), "\(more.body)")
            let elsewhere = try await service.ask(
                "GET", "/v1/incidents/\(id)/open311", as: .communityDesk, "532923100009")
            #expect(elsewhere.status == 404)
        }
    }

    @Test func `what is wrong with a report is a list of errors`() async throws {
        try await ServedTown.with { service in
            let key = try await service.open311Key()
            let good = "api_key=\(key)&service_code=EM-ROAD&lat=25.405&long=100.505"
            for (form, status, words) in [
                ("api_key=\(key)&lat=1&long=1", 400, "service_code: "),
                (good + "&jurisdiction_id=1", 404, "没有这个 jurisdiction_id"),
                ("api_key=\(key)&service_code=NO&lat=1&long=1", 404, "没有这个 service_code"),
                ("api_key=\(key)&service_code=EM-ROAD", 400, "lat: "),
                ("api_key=\(key)&service_code=EM-ROAD&lat=1", 400, "long: "),
                ("api_key=\(key)&service_code=EM-ROAD&lat=x&long=1", 400, "lat: "),
                ("api_key=\(key)&service_code=EM-ROAD&lat=-89&long=1", 400, "long: "),
                ("api_key=\(key)&service_code=EM-ROAD&address_id=532923999999999", 400, "address_id: "),
                (good + "&description=%E7%94%B5%E8%AF%9D13800138000", 400, "description: "),
                (good + "&phone=12&media_url=ftp://a", 400, ""), (good + "&attribute[x]=1", 400, "attribute[x]: "),
                ("api_key=\(key)&service_code=EM-UTILITY&lat=25.4&long=100.5", 400, "attribute[kind]: "),
                (good + "&attribute[x]=1&attribute[x]=2", 400, "attribute[x]: "), (good + "&a=%ff", 400, ""),
            ] {
                let answer = try await service.open311("POST", "requests.json", form)
                #expect(answer.status == status, "\(form): \(answer.body)")
                #expect(
                    answer.body.hasPrefix("[{\"code\":\(status),\"description\":\"\(words)"), "\(form): \(answer.body)")
            }
            let confirmed = try await service.open311(
                "POST", "requests.json", good + "&description=%E7%94%B5%E8%AF%9D13800138000&text_confirmed=true")
            #expect(confirmed.status == 200, "\(confirmed.body)")
            let json = try await service.ask(
                "POST", "\(Self.root)/requests.json?api_key=\(key)", as: [], body: "{\"service_code\":\"EM-ROAD\"}")
            #expect(json.status == 400, "a form alone: \(json.body)")
            let byGrid = try await service.open311(
                "POST", "requests.json", "api_key=\(key)&service_code=EM-ROAD&address_id=\(ServedTown.community)001")
            #expect(byGrid.status == 200, "\(byGrid.body)")
            let shown = try await service.open311("GET", "requests.json")
            #expect(!shown.body.contains("13800138000") && shown.body.contains("电话"), "\(shown.body)")
        }
    }

    @Test func `lists go by number, category, time and state, and show nothing that came another way`() async throws {
        try await ServedTown.with { service in
            let key = try await service.open311Key()
            let road = try await service.openReport(Self.form(key))
            let law = try await service.openReport(Self.form(key, code: "PP-LAW"))
            _ = try await service.report()
            func numbers(_ query: String) async throws -> [String] {
                let answer = try await service.open311("GET", "requests.json?\(query)")
                #expect(answer.status == 200, "\(answer.body)")
                return answer.body.matches(of: /"service_request_id":"(\d+)"/).map { String($0.output.1) }
            }
            #expect(try await numbers("") == [law, road])
            #expect(try await numbers("service_code=EM-ROAD") == [road])
            #expect(try await numbers("service_code=EM-ROAD,PP-LAW&status=open") == [law, road])
            #expect(try await numbers("status=closed") == [])
            #expect(
                try await numbers("service_request_id=\(road),9&status=closed&start_date=2001-01-01T00:00:00Z") == [
                    road
                ])
            #expect(try await numbers("start_date=2001-01-01T00:00:00Z&end_date=2001-02-01T00:00:00%2B08:00") == [])
            #expect(try await numbers("jurisdiction_id=532923100") == [law, road])
            for query in [
                "status=new", "start_date=2001-01-01", "start_date=2001-01-01T00:00:00Z&end_date=2001-06-01T00:00:00Z",
                "start_date=2002-01-01T00:00:00Z&end_date=2001-06-01T00:00:00Z",
            ] {
                let answer = try await service.open311("GET", "requests.xml?\(query)")
                #expect(
                    answer.status == 400 && answer.body.contains("<errors><error><code>400</code>"), "\(answer.body)")
            }
            let missing = try await service.open311("GET", "requests/9.json")
            let token = try await service.open311("GET", "tokens/9.json")
            #expect(missing.status == 404 && token.status == 404)
            // A key that does not hold is no way in, though none is asked for.
            let wrong = try await service.open311("GET", "requests.json?api_key=tiaokuai311_0123456789")
            #expect(wrong.status == 403)
        }
    }

    // MARK: - Updates

    @Test func `changes of state are told, and what a client says reaches those who handle it`() async throws {
        try await ServedTown.with { service in
            let key = try await service.open311Key()
            let number = try await service.openReport(Self.form(key))
            let path = "/v1/incidents/" + (try await service.incidentID(of: number))
            let said =
                "api_key=\(key)&service_request_id=\(number)&update_id=u1&description=%E8%BF%98%E5%9C%A8&status=CLOSED"
            let first = try await service.open311("POST", "servicerequestupdates.xml", said)
            #expect(first.status == 200, "\(first.body)")
            #expect(
                first.body.firstMatch(
                    of: /<service_request_updates><request_update><update_id>\d+<\/update_id><\/request_update>/) != nil
            )
            let again = try await service.open311("POST", "servicerequestupdates.xml", said)
            #expect(again.body == first.body)
            let rejected = try await service.order(path, "reject", "{\"reason\":\"不属实\"}")
            #expect(rejected.status == 200 && rejected.body.contains("rejected"), "\(rejected.body)")
            let news = try await service.open311("GET", "servicerequestupdates.json")
            #expect(
                news.body.contains("\"service_request_id\":\"\(number)\",\"status\":\"closed\",\"updated_datetime\":\"")
            )
            #expect(
                news.body.contains("\"external_status_code\":\"rejected\"") && !news.body.contains("还在"), "\(news.body)"
            )
            #expect(!news.body.contains("不属实"), "reasons are for those who handle it")
            let own = try await service.open311("GET", "servicerequestupdates.json?api_key=\(key)")
            #expect(own.body.contains("还在"), "\(own.body)")
            let desk = try await service.ask("GET", path + "/open311", as: .communityDesk, ServedTown.community)
            #expect(desk.body.contains("还在") && desk.body.contains("\"state\":\"rejected\""), "\(desk.body)")
            let closed = try await service.open311("GET", "requests/\(number).json")
            #expect(closed.body.contains("\"status\":\"closed\",\"status_notes\":\"不予受理 rejected\""), "\(closed.body)")
            for (form, status) in [
                ("service_request_id=9&description=a", 404), ("service_request_id=\(number)", 400),
                ("service_request_id=\(number)&description=13800138000", 400),
            ] {
                let answer = try await service.open311(
                    "POST", "servicerequestupdates.json", "api_key=\(key)&\(form)")
                #expect(answer.status == status, "\(answer.body)")
            }
        }
    }

    // MARK: - The suite's own route

    @Test func `a report of the suite's own route has category and attributes too`() async throws {
        try await ServedTown.with { service in
            let path = try await service.report(",\"category\":\"EM-UTILITY\",\"attributes\":{\"kind\":\"电\"}")
            let seen = try await service.ask("GET", path, as: .communityDesk, ServedTown.community)
            #expect(
                seen.body.contains("\"category\":\"EM-UTILITY\"") && seen.body.contains("\"kind\":\"电\""),
                "\(seen.body)")
            for (more, words) in [
                (",\"category\":\"NO\"", "category-unknown"), (",\"category\":\"PP-LAW\"", "other-function"),
                (",\"category\":\"EM-UTILITY\"", "/attributes/kind"), (",\"attributes\":{\"a\":\"b\"}", "/category"),
                (",\"category\":\"EM-UTILITY\",\"attributes\":{\"kind\":\"火\"}", "/attributes/kind"),
            ] {
                let answer = try await service.ask(
                    "POST", "/v1/incidents", as: .communityDesk, ServedTown.community,
                    body: """
                        {"function":"emergencyManagement","title":"停电","description":"整栋停电","longitude":100.505,
                         "latitude":25.405,"source":"resident","urgency":"ordinary"\(more)}
                        """, headers: ["idempotency-key": "x"])
                #expect(answer.status == 422 && answer.body.contains(words), "\(answer.body)")
            }
        }
    }

    private static func form(
        _ key: String, code: String = "EM-ROAD", long: String = "100.505", more: String = ""
    ) -> String {
        "api_key=\(key)&service_code=\(code)&lat=25.405&long=\(long)\(more)"
    }
}

extension ServedService {
    /// Asks over Open311, with a form where there is one.
    func open311(
        _ method: String, _ path: String, _ form: String? = nil, headers: [String: String] = [:]
    ) async throws -> Answer {
        let file = form.map {
            (
                type: "application/x-www-form-urlencoded; charset=utf-8",
                bytes: Array($0.replacing("[", with: "%5B").utf8)
            )
        }
        return try await ask(method, "/open311/v2/\(path)", as: [], headers: headers, file: file)
    }

    /// Makes a key of the town's county.
    func open311Key(perMinute: Int = 600) async throws -> String {
        let made = try await ask(
            "POST", "/v1/open311-keys", as: .countyAdmin, "532923",
            body: "{\"name\":\"随手拍\",\"divisionCode\":\"532923\",\"requestsPerMinute\":\(perMinute)}",
            headers: ["idempotency-key": "key-\(perMinute)"])
        return String(try #require(made.body.firstMatch(of: /"apiKey":"([^"]*)"/)).output.1)
    }

    /// The incident behind a number.
    func incidentID(of number: String) async throws -> String {
        try await RowScope.service {
            let rows = try await pool.query("select id::text as id from grid.incidents where number = \(number)").rows
            return try #require(rows.first).decode("id")
        }
    }

    /// Reports, and gives the number.
    func openReport(_ form: String) async throws -> String {
        let answer = try await open311("POST", "requests.json", form)
        return String(try #require(answer.body.firstMatch(of: /"service_request_id":"(\d+)"/)).output.1)
    }
}
