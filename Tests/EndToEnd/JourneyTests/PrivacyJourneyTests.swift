import AsyncHTTPClient
import Foundation
import Models
import NIOCore
import NIOHTTP1
import Postgres
import Support
import Testing

extension JourneyTests {
    private struct Listed: Decodable {
        struct Item: Decodable { let id: String }
        let items: [Item]
    }

    private struct Answer {
        let status: Int
        let text: String
    }

    @Test func `the scan finds a planted name, number or identity number, and is not misled by chance`() throws {
        let pack = try PackSheets.named("clean")
        let scan = try PersonalScan(pack)
        #expect(scan.count > 100)
        let people = try pack.rows("13").map(\.cells).filter { $0["公民身份号码"]?.isEmpty == false }
        let short = try #require(people.compactMap { $0["姓名"] }.first { $0.count == 2 })
        let long = try #require(people.compactMap { $0["姓名"] }.first { $0.count == 3 })
        let number = try #require(people.compactMap { $0["公民身份号码"] }.first)
        for text in [
            "INFO grid: staffed name=\(short) count=3", "{\"message\":\"已录入\(long)等人\"}", "path=/v1/x/\(number)?a",
            "id\(number)7", "\"\(short)\"", "GET /v1/x/%E6%AE%B5?\(Self.encoded(long)) 404",
            "x \(try #require(people.first?["联系电话"])).",
        ] {
            #expect(!scan.hits(in: text).isEmpty, "\(text)")
        }
        for text in ["祥云县\(short)社区", "99000019890423639", "陈*", "154****3825"] {
            #expect(scan.hits(in: text).isEmpty, "\(text)")
        }
    }

    @Test
    func `nobody of a pack stands in an event, a log, a metric, an error, the audit trail or any table in the clear`()
        async throws
    {
        let pack = try PackSheets.named("clean")
        let scan = try PersonalScan(pack)
        try await LocalSuite.with(environment: ["TIAOKUAI_LOG_LEVEL": "trace"]) { suite in
            let imported = try await suite.tiaokuai("import", pack.directory.path, "--json")
            #expect(imported.status == 0, "\(imported.errors)")
            let demo = try await suite.tiaokuai("demo")
            #expect(demo.status == 0, "\(demo.output)\(demo.errors)")
            var texts = [("import", imported.output + imported.errors), ("demo", demo.output + demo.errors)]

            // One record is shown, and the scan sees it: it is not blind.
            let shown = try await unmaskOne(suite)
            #expect(shown.status == 200 && scan.hits(in: shown.text).count == 2)
            let officer = try await suite.token("privacy-officer", "*")
            let ledger = try await ask(suite, "GET", "talent-registry", "/v1/unmaskings", token: officer)
            #expect(ledger.status == 200 && ledger.text.contains("电话核实培训意向"), "\(ledger.text)")
            texts.append(("ledger", ledger.text))
            let keys = try await suite.tiaokuai("keys", "rotate", "--json")
            #expect(keys.status == 0, "\(keys.output)\(keys.errors)")
            texts.append(("keys", keys.output + keys.errors))

            texts += try await copies(suite, pack)
            texts += try await bookRoom(suite, pack)
            for (place, answer) in try await readAll(suite, pack) {
                #expect(answer.status == 200, "\(place): \(answer.text)")
                texts.append((place, answer.text))
            }
            for (place, answer) in try await provoke(suite, pack) {
                #expect(!answer.text.contains("\"accepted\":1"), "\(place): \(answer.text)")
                #expect(answer.status < 500, "\(place): \(answer.text)")
                texts.append((place, answer.text))
            }
            try await suite.expectClean()
            let person = try #require(try pack.rows("05").compactMap { $0.cells["联系电话"] }.first)
            try await TopicTexts.plant("{\"mobile\":\"\(person)\"}", on: "scan.planted.v1", of: suite)
            var topics = try await TopicTexts.all(of: suite, and: ["scan.planted.v1"])
            let planted = try #require(topics["scan.planted.v1"])
            topics["scan.planted.v1"] = nil
            #expect(planted.contains { scan.hits(in: $0) == [person] }, "the scan of topics is blind")
            #expect(Set(Topic.all.map(\.name)).isSubset(of: topics.keys), "\(topics.keys.sorted())")
            for (topic, records) in topics { texts += records.map { ("topic \(topic)", $0) } }
            for service in LocalSuite.services {
                for page in ["/metrics", "/status", "/readyz"] {
                    texts.append(("\(service)\(page)", try await ask(suite, "GET", service, page, token: nil).text))
                }
                texts.append(("log of \(service)", try suite.log(of: service)))
                texts += try await tables(of: service, suite).map { ("\(service) \($0)", $1) }
            }
            texts.append(("log of the broker", try suite.log(of: "broker")))
            #expect(
                texts.contains { $0.0.hasSuffix("messaging.parked") }
                    && texts.contains { $0.0.hasSuffix("audit_trail.entries") })
            for (place, text) in texts {
                let hits = scan.hits(in: text)
                #expect(hits.isEmpty, "\(place): \(hits.sorted().prefix(5))")
            }
        }
    }

    /// The keys of personal fields as the services read them.
    private struct FieldKeysFile: Codable {
        var current: String
        var keys: [String: String]
        let lookup: String
    }

    @Test func `killed at any step of a rotation a service loses no value, and the old key can go`() async throws {
        let pack = try PackSheets.named("clean")
        try await LocalSuite.with { suite in
            #expect(try await suite.tiaokuai("import", pack.directory.path).status == 0)
            let registry = try #require(suite.processes["talent-registry"])
            var file = try JSONDecoder().decode(FieldKeysFile.self, from: Data(contentsOf: suite.fieldKeysFile))
            let old = file.current
            file.keys["t2"] = Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
            file.current = "t2"
            try JSONEncoder().encode(file).write(to: suite.fieldKeysFile)
            for place in ["rotation.beforeWrite", "rotation.beforeCommit", "rotation.afterCommit"] {
                try await registry.endNow()
                try registry.start(with: ["TIAOKUAI_FAILPOINTS": "\(place)=kill@2"])
                async let asked = suite.tiaokuai("keys", "rotate", "--at", "talent-registry", "--wait", "0")
                try await eventually(within: .seconds(60), "the registry dies at \(place)") { registry.hasEnded }
                try registry.start()
                _ = try await asked
            }
            let rotated = try await suite.tiaokuai("keys", "rotate", "--at", "talent-registry")
            #expect(rotated.status == 0 && !rotated.output.contains("outstanding"), "\(rotated.output)")

            file.keys[old] = nil
            try JSONEncoder().encode(file).write(to: suite.fieldKeysFile)
            try await registry.endNow()
            try registry.start()
            let status = try await suite.tiaokuai("keys", "status", "--at", "talent-registry")
            #expect(status.status == 0 && !status.output.contains("key missing"), "\(status.output)")
            let officer = try await suite.token("town-officer", "532923100")
            let list = try await ask(suite, "GET", "talent-registry", "/v1/talents?limit=500", token: officer)
            #expect(list.status == 200 && list.text.contains("*"), "\(list.text)")
        }
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }

    // MARK: - What is done

    private func ask(
        _ suite: LocalSuite, _ method: String, _ service: String, _ path: String, token: String?, body: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: suite.url(service) + path)
        request.method = HTTPMethod(rawValue: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let text = String(buffer: try await response.body.collect(upTo: 4 << 20))
        return Answer(
            status: Int(response.status.code),
            text: text + response.headers.map { "\n\($0.name): \($0.value)" }.joined())
    }

    private func unmaskOne(_ suite: LocalSuite) async throws -> Answer {
        let officer = try await suite.token("town-officer", "532923100")
        let list = try await ask(suite, "GET", "talent-registry", "/v1/talents?limit=1", token: officer)
        let items = try JSONDecoder().decode(
            Listed.self, from: Data(try #require(list.text.split(separator: "\n").first).utf8))
        let id = try #require(items.items.first).id
        return try await ask(
            suite, "POST", "talent-registry", "/v1/talents/\(id)/unmask", token: officer,
            body: #"{"purpose":"P1","reason":"电话核实培训意向"}"#)
    }

    /// Whoever asks for a copy is found by the mobile number: the copy holds it, and nothing that is left behind.
    private func copies(_ suite: LocalSuite, _ pack: PackSheets) async throws -> [(String, String)] {
        let officer = try await suite.token("privacy-officer", "*")
        var texts: [(String, String)] = []
        for (service, sheet) in [("talent-registry", "05"), ("grid-operations", "13"), ("community-pairing", "14")] {
            let numbers = try pack.rows(sheet).compactMap { $0.cells["联系电话"] }.filter { !$0.isEmpty }
            let alone = Dictionary(grouping: numbers, by: \.self).filter { $0.value.count == 1 }.keys.sorted()
            let number = try #require(alone.first)
            let opened = try await ask(
                suite, "POST", service, "/v1/subject-requests", token: officer,
                body: "{\"kind\":\"export\",\"mobile\":\"\(number)\",\"checkedBy\":\"identity-card\"}")
            #expect(opened.status == 200, "\(service): \(opened.text)")
            texts.append(("request of \(service)", opened.text))
            let id = try #require(opened.text.firstMatch(of: /"id":"([0-9a-fA-F-]{36})"/)).output.1
            let copy = try await ask(suite, "POST", service, "/v1/subject-requests/\(id)/export", token: officer)
            #expect(copy.status == 200 && copy.text.contains("subject-export.xlsx"), "\(service): \(copy.text)")
        }
        return texts
    }

    /// Somebody books a room at the desk, in a facility that is entered: what comes back is masked.
    private func bookRoom(_ suite: LocalSuite, _ pack: PackSheets) async throws -> [(String, String)] {
        let town = try await suite.token("town-officer", "532923100")
        let rooms = try await ask(
            suite, "GET", "grid-operations", "/v1/rooms?kind=meeting&limit=1", token: town)
        let room = try #require(rooms.text.firstMatch(of: /"id":"([0-9a-fA-F-]{36})"/)).output.1
        let community = try #require(rooms.text.firstMatch(of: /"divisionCode":"([0-9]{12})"/)).output.1
        let desk = try await suite.token("community-desk", String(community))
        let facility = try await ask(
            suite, "POST", "grid-operations", "/v1/facilities", token: desk,
            body: "{\"divisionCode\":\"\(community)\",\"address\":\"社区服务中心\",\"tenure\":\"owned\"}",
            headers: ["Idempotency-Key": "facility"])
        #expect(facility.status == 201, "\(facility.text)")
        let spans = (1...7).map { "{\"weekday\":\($0),\"spans\":[{\"from\":\"00:00\",\"to\":\"24:00\"}]}" }
        let opened = try await ask(
            suite, "PUT", "grid-operations", "/v1/rooms/\(room)", token: desk,
            body: """
                {"name":"会议室","openTo":"resident","bookable":true,\
                "openingHours":{"weekly":[\(spans.joined(separator: ","))]}}
                """, headers: ["If-Match": "*"])
        #expect(opened.status == 200, "\(opened.text)")
        let person = try #require(try pack.rows("05").map(\.cells).first { $0["联系电话"]?.isEmpty == false })
        // Noon in the county, on one of the coming days.
        let days = (Date().timeIntervalSince1970 / 86_400).rounded(.down) + 2
        let start = Date(timeIntervalSince1970: days * 86_400 + 4 * 3600)
        let booked = try await ask(
            suite, "POST", "grid-operations", "/v1/bookings", token: desk,
            body: """
                {"roomID":"\(room)","from":"\(RFC3339.format(start))",\
                "to":"\(RFC3339.format(start.addingTimeInterval(3600)))","purpose":"居民议事","headcount":5,\
                "contactName":"\(person["姓名"] ?? "")","contactMobile":"\(person["联系电话"] ?? "")"}
                """, headers: ["Idempotency-Key": "booking"])
        #expect(booked.status == 201, "\(booked.text)")
        return [("facility", facility.text), ("room", opened.text), ("booking", booked.text)]
    }

    /// Every answer that shows people, or what people wrote, to those who may see it: masked.
    private func readAll(_ suite: LocalSuite, _ pack: PackSheets) async throws -> [(String, Answer)] {
        let lists = [
            ("talent-registry", "/v1/talents?limit=500", "town-officer", "532923100"),
            ("talent-registry", "/v1/party-organisations?limit=500", "county-admin", "532923"),
            ("community-pairing", "/v1/units?limit=500", "county-admin", "532923"),
            ("community-pairing", "/v1/pairings?limit=500", "county-admin", "532923"),
            ("grid-operations", "/v1/grids/532923100001001/assignments", "town-officer", "532923100"),
            ("grid-operations", "/v1/incidents?limit=200", "town-officer", "532923100"),
            ("grid-operations", "/v1/grids?limit=500", "county-admin", "532923"),
        ]
        var answers: [(String, Answer)] = []
        for (service, path, role, scope) in lists {
            answers.append(
                (path, try await ask(suite, "GET", service, path, token: try await suite.token(role, scope))))
        }
        let people = try pack.rows("05").map(\.cells)
        let person = try #require(people.first { $0["村（社区）代码"]?.hasPrefix("532923100") == true })
        let body = "{\"identityNumber\":\"\(person["公民身份号码"] ?? "")\"}"
        let found = try await ask(
            suite, "POST", "talent-registry", "/v1/talents/find",
            token: try await suite.token("town-officer", "532923100"),
            body: body)
        return answers + [("/v1/talents/find", found)]
    }

    /// Every way into the suite with people's values in every place, so that nothing of it can be accepted.
    private func provoke(_ suite: LocalSuite, _ pack: PackSheets) async throws -> [(String, Answer)] {
        let people = try pack.rows("05").map(\.cells)
        let person = try #require(people.first { $0["姓名"]?.count == 3 })
        let name = try #require(person["姓名"])
        let mobile = try #require(person["联系电话"])
        let identity = try #require(person["公民身份号码"])
        var answers: [(String, Answer)] = []
        for entry in PersonalEntry.all {
            let token = try await suite.token(entry.role, entry.scope)
            for (index, value) in [name, mobile, identity, name + mobile].enumerated() {
                let fields = entry.fields.map { "\"\($0)\":\"\(value)\"" }.joined(separator: ",")
                let lists = entry.fields.map { "\"\($0)\":[\"\(value)\"]" }.joined(separator: ",")
                let bodies =
                    entry.isBulk
                    ? [
                        "{\"rows\":[{\"row\":1,\"fields\":{\(fields)}}]}",
                        "{\"rows\":[{\"row\":1,\"fields\":{\(lists)}}]}",
                        "{\"rows\":[{\"row\":1,\"fields\":{\(fields)", "{\"rows\":\"\(value)\"}", "\"\(value)\"",
                    ] : ["{\(fields)}", "{\(lists)}", "{\(fields)", "\"\(value)\""]
                for (form, body) in bodies.enumerated() {
                    let path = entry.path.replacing(
                        "{}", with: Self.encoded(value))
                    answers.append(
                        (
                            "\(entry.path) \(index) \(form)",
                            try await ask(
                                suite, "POST", entry.service, path, token: token, body: body,
                                headers: [
                                    "Idempotency-Key": identity, "If-Match": "\"\(mobile)\"", "traceparent": mobile,
                                ])
                        ))
                }
            }
        }
        for (service, path, role, scope) in PersonalEntry.reads {
            let token = try await suite.token(role, scope)
            for value in [name, mobile, identity] {
                let text = Self.encoded(value)
                let answer = try await ask(suite, "GET", service, path.replacing("{}", with: text), token: token)
                answers.append((path, answer))
                answers.append((path, try await ask(suite, "GET", service, "/v1/\(text)", token: mobile)))
            }
        }
        return answers
    }

    // MARK: - What is looked through

    /// All rows of all tables of a service, each table as one text; bytes as the text that they may be.
    private func tables(of service: String, _ suite: LocalSuite) async throws -> [(String, String)] {
        let connection = try await PostgresConnection.connect(suite.database(of: service))
        let columns = try await connection.query(
            """
            select c.table_schema || '.' || c.table_name as "table", c.column_name as name, c.data_type as type
            from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
            where t.table_type = 'BASE TABLE' and c.table_schema not in ('pg_catalog', 'information_schema', 'public')
              and c.table_schema not like 'pg\\_%'
            order by 1, c.ordinal_position
            """
        ).rows
        var texts: [String: String] = [:]
        for column in columns {
            let table: String = try column.decode("table")
            let name: String = try column.decode("name")
            let isBytes = try column.decode("type", as: String.self) == "bytea"
            let rows = try await connection.query(
                PostgresStatement("select \"\(name)\"\(isBytes ? "" : "::text") as value from only \(table)", [])
            ).rows
            var text = ""
            for row in rows {
                if isBytes {
                    text +=
                        try row.decodeIfPresent("value", as: [UInt8].self).map { String(decoding: $0, as: UTF8.self) }
                        ?? ""
                } else {
                    text += try row.decodeIfPresent("value", as: String.self) ?? ""
                }
                text += "\n"
            }
            texts[table, default: ""] += text
        }
        await connection.close()
        return texts.sorted { $0.key < $1.key }
    }
}
