import Foundation
import GridOperationsService
import Models
import Testing

/// The answers of Open311 to the letter, and its rules.
struct Open311Tests {
    private static let moment = Date(timeIntervalSince1970: 1_790_000_000)

    @Test func `XML is escaped, and leaves out what it has no form for`() {
        let document = Open311Document(
            "a",
            .list(
                of: "b",
                [
                    .object([
                        Open311Member("c", .text("<b>&\"'\r\n\t\u{0}\u{fffe}灯\u{1f4a1}]]>")),
                        Open311Member("d", .nothing),
                        Open311Member("e", .flag(true)), Open311Member("f", .list(of: "g", [])),
                        Open311Member("h", .number(100.505)), Open311Member("i", .integer(3)),
                    ])
                ]))
        #expect(
            document.text(as: .xml) == """
                <?xml version="1.0" encoding="utf-8"?>
                <a><b><c>&lt;b&gt;&amp;"'&#13;
                \t灯\u{1f4a1}]]&gt;</c><d/><e>true</e><f/><h>100.505</h><i>3</i></b></a>
                """)
        #expect(
            document.text(as: .json) == """
                [{"c":"<b>&\\"'\\r\\n\\t\\u0000\u{fffe}灯\u{1f4a1}]]>","d":null,"e":true,"f":[],"h":100.505,"i":3}]
                """)
    }

    @Test func `errors are a list of codes and descriptions`() {
        let document = Open311Document.errors([(403, "no"), (403, "a<b")])
        #expect(
            document.text(as: .xml) == """
                <?xml version="1.0" encoding="utf-8"?>
                <errors><error><code>403</code><description>no</description></error>\
                <error><code>403</code><description>a&lt;b</description></error></errors>
                """)
        #expect(
            document.text(as: .json)
                == "[{\"code\":403,\"description\":\"no\"},{\"code\":403,\"description\":\"a<b\"}]")
    }

    @Test func `discovery names the address and both formats`() {
        let document = Open311Document.discovery(address: "https://a/open311/v2", changeset: Self.moment)
        let endpoint = """
            {"specification":"http://wiki.open311.org/GeoReport_v2","url":"https://a/open311/v2",\
            "changeset":"2026-09-21T14:13:20Z","type":"production","formats":["text/xml","application/json"]}
            """
        #expect(document.text(as: .json).hasSuffix(",\"endpoints\":[\(endpoint)]}"))
        #expect(document.text(as: .json).hasPrefix("{\"changeset\":\"2026-09-21T14:13:20Z\",\"contact\":\""))
        #expect(
            document.text(as: .xml).hasSuffix(
                """
                <endpoints><endpoint><specification>http://wiki.open311.org/GeoReport_v2</specification>\
                <url>https://a/open311/v2</url><changeset>2026-09-21T14:13:20Z</changeset><type>production</type>\
                <formats><format>text/xml</format><format>application/json</format></formats></endpoint></endpoints>\
                </discovery>
                """))
    }

    private static let utility = CategoryRule(
        code: "EM-UTILITY", function: .emergencyManagement, name: RuleName(zh: "水电", en: "water, power"),
        attributes: [
            AttributeRule(
                code: "kind", name: RuleName(zh: "种类", en: "kind"), kind: .choice, isRequired: true,
                choices: ["水", "电"]),
            AttributeRule(code: "floor", name: RuleName(zh: "楼层", en: "floor"), kind: .number, isRequired: false),
        ])

    @Test func `a category is a service, its function the group, its attributes the definition`() {
        #expect(
            Open311Document.services([Self.utility]).text(as: .json) == """
                [{"service_code":"EM-UTILITY","service_name":"水电","description":"水电 water, power","metadata":true,\
                "type":"realtime","keywords":"水电,water power","group":"应急管理"}]
                """)
        #expect(
            Open311Document.services([Self.utility]).text(as: .xml).contains(
                "<services><service><service_code>EM-UTILITY</service_code><service_name>水电</service_name>"))
        #expect(
            Open311Document.definition(Self.utility).text(as: .json) == """
                {"service_code":"EM-UTILITY","attributes":[{"variable":true,"code":"kind","datatype":"singlevaluelist",\
                "required":true,"datatype_description":null,"order":1,"description":"种类 kind",\
                "values":[{"key":"水","name":"水"},{"key":"电","name":"电"}]},{"variable":true,"code":"floor",\
                "datatype":"number","required":false,"datatype_description":null,"order":2,"description":"楼层 floor",\
                "values":[]}]}
                """)
        #expect(
            Open311Document.definition(Self.utility).text(as: .xml).contains(
                "<values><value><key>水</key><name>水</name></value><value><key>电</key><name>电</name></value></values>"))
    }

    @Test func `a number is given at once, and a token stands beside it`() {
        #expect(
            Open311Document.receipt(number: "7", notice: "n").text(as: .xml) == """
                <?xml version="1.0" encoding="utf-8"?>
                <service_requests><request><service_request_id>7</service_request_id><service_notice>n</service_notice>\
                <account_id/></request></service_requests>
                """)
        #expect(
            Open311Document.receipt(number: "7", notice: "n").text(as: .json)
                == "[{\"service_request_id\":\"7\",\"service_notice\":\"n\",\"account_id\":null}]")
        #expect(
            Open311Document.token("t", number: "7").text(as: .json)
                == "[{\"service_request_id\":\"7\",\"token\":\"t\"}]")
    }

    private func report(_ category: String?, function: GridFunction) throws -> Open311Request {
        let position = try #require(Position(longitude: 100.505, latitude: 25.405))
        var incident = Incident(
            id: .new(), number: "5329231000012026092100001", gridCode: try #require(GridCode("532923100001001")),
            report: IncidentReport(
                reportedAt: Self.moment, function: function, title: "t", description: "某户漏水", position: position,
                source: .resident, urgency: .ordinary))
        incident.category = category
        return Open311Request(
            incident: incident,
            origin: Open311Origin(key: Self.key, mediaURL: "https://a/b.jpg", address: "某巷", addressID: nil),
            updatedAt: Self.moment, dueAt: Self.moment.addingTimeInterval(7200))
    }

    private static let key = Open311KeyID.new()
    private static let rules = RulebookInForce(
        number: 1,
        content: Rulebook(
            categories: [
                utility,
                CategoryRule(
                    code: "DM-NEIGHBOUR", function: .disputeMediation, name: RuleName(zh: "邻里纠纷", en: "neighbours")),
            ], clocks: [], calendars: [], routes: [], reminderPercent: 80, escalation: []))

    @Test func `a report of a public category is shown whole`() throws {
        let report = try report("EM-UTILITY", function: .emergencyManagement)
        #expect(
            Open311Document.requests([report], by: Self.rules, to: nil).text(as: .json) == """
                [{"service_request_id":"5329231000012026092100001","status":"open","status_notes":"已上报 reported",\
                "service_name":"水电","service_code":"EM-UTILITY","description":"某户漏水","agency_responsible":null,\
                "service_notice":null,"requested_datetime":"2026-09-21T14:13:20Z",\
                "updated_datetime":"2026-09-21T14:13:20Z","expected_datetime":"2026-09-21T16:13:20Z","address":"某巷",\
                "address_id":null,"zipcode":null,"lat":25.405,"long":100.505,"media_url":"https://a/b.jpg"}]
                """)
    }

    @Test func `of a household's dispute strangers learn neither text nor house, and the reporting key does`() throws {
        let report = try report("DM-NEIGHBOUR", function: .disputeMediation)
        let strangers = Open311Document.requests([report], by: Self.rules, to: .new()).text(as: .json)
        #expect(!strangers.contains("某户漏水") && !strangers.contains("某巷") && !strangers.contains("b.jpg"))
        #expect(strangers.contains("\"lat\":25.41,\"long\":100.51"))
        let own = Open311Document.requests([report], by: Self.rules, to: Self.key).text(as: .json)
        #expect(own.contains("某户漏水") && own.contains("某巷") && own.contains("\"lat\":25.405"))
    }

    @Test func `a span is 90 days at most, and the last 90 where nothing is said`() {
        let (now, day) = (Self.moment, 86_400.0)
        func span(_ start: Double?, _ end: Double?) -> ClosedRange<Date>? {
            Open311Query.span(
                from: start.map { now.addingTimeInterval($0 * day) }, to: end.map { now.addingTimeInterval($0 * day) },
                now: now)
        }
        func days(_ first: Double, _ last: Double) -> ClosedRange<Date> {
            now.addingTimeInterval(first * day)...now.addingTimeInterval(last * day)
        }
        #expect(span(nil, nil) == days(-90, 0))
        #expect(span(-10, nil) == days(-10, 0))
        #expect(span(-200, nil) == days(-200, -110))
        #expect(span(nil, -100) == days(-190, -100))
        #expect(span(-100, -10) == days(-100, -10))
        #expect(span(-100.01, -10) == nil)
        #expect(span(-1, -2) == nil)
    }

    @Test func `a key may make a minute's requests at once, and then evenly`() {
        var pace = KeyPace(perMinute: 3, now: Self.moment)
        for _ in 0..<3 { #expect(pace.take(perMinute: 3, now: Self.moment) == nil) }
        #expect(pace.take(perMinute: 3, now: Self.moment) == 20)
        #expect(pace.take(perMinute: 3, now: Self.moment.addingTimeInterval(5)) == 15)
        #expect(pace.take(perMinute: 3, now: Self.moment.addingTimeInterval(20)) == nil)
        #expect(pace.take(perMinute: 3, now: Self.moment.addingTimeInterval(20)) != nil)
        // A clock that goes back gives nothing.
        #expect(pace.take(perMinute: 3, now: Self.moment) != nil)
    }

    @Test func `a key has a name, a division and a pace`() throws {
        let key = try Open311KeyDraft(name: "随手拍", divisionCode: "532923").key(at: Self.moment)
        #expect(key.requestsPerMinute == 60 && key.division.digits == "532923")
        #expect(throws: RowFaults.self) { try Open311KeyDraft(name: "", divisionCode: "5").key(at: Self.moment) }
        #expect(throws: RowFaults.self) {
            try Open311KeyDraft(name: "a", divisionCode: "532923", requestsPerMinute: 0).key(at: Self.moment)
        }
        #expect(KeepOpen311Keys.randomSecret().wholeMatch(of: /tiaokuai311_[0-9a-f]{64}/) != nil)
        #expect(KeepOpen311Keys.randomSecret() != KeepOpen311Keys.randomSecret())
    }

    @Test func `a category at the report must exist, be admitted, be answered, and agree with the function`() throws {
        let day = CalendarDay(inShanghai: Self.moment)
        #expect(throws: IncidentRefusal.categoryUnknown("X")) {
            try Self.rules.category("X", function: nil, answers: [:], on: day)
        }
        #expect(throws: IncidentRefusal.otherFunction(category: "EM-UTILITY", .emergencyManagement)) {
            try Self.rules.category("EM-UTILITY", function: .disputeMediation, answers: ["kind": "水"], on: day)
        }
        #expect(throws: IncidentRefusal.attribute("kind", .missing)) {
            try Self.rules.category("EM-UTILITY", function: nil, answers: [:], on: day)
        }
        let category = try Self.rules.category("EM-UTILITY", function: nil, answers: ["kind": "水"], on: day)
        #expect(category.code == "EM-UTILITY")
    }
}
