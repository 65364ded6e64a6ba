import Foundation
import Kafka
import Logging
import Messaging
import Models
import Operator
import Testing

@Suite("Figures and waiting")
struct FiguresTests {
    private func object(_ value: some Encodable) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: Data(try JSONText.pretty(value).utf8))
        return try #require(json as? [String: Any])
    }

    @Test func `the digest prints plain numbers by name`() throws {
        let answer = """
            {"report":"REP-20","county":"532923","asOf":"2021-07-31","formulaVersion":"1","readAt":"2026-01-01T00:00:00Z",
             "figures":{"N01":{"value":7,"qualifier":"exact","unit":"count","label":"城市社区党组织","labelEn":"x","text":"7"},
              "N11":{"value":66.67,"qualifier":"exact","unit":"percent","label":"覆盖率","numerator":2,"denominator":3},
              "N20":{"value":2513,"qualifier":"moreThan","label":"党员","text":"2500余"},
              "incidents":{"total":3,"byFunction":{"policyPublicity":3}},
              "grids":{"areas":2,"groups":5,"onePlusOnePlusNComplete":4,"threeStaffComplete":1}}}
            """
        let digest = try ServiceJSON.decode(DigestAnswer.self, from: Array(answer.utf8))
        let json = try object(DigestReport(digest))
        #expect(json["N01"] as? Int == 7)
        #expect(json["N11"] as? Double == 66.67)
        #expect(json["N20"] as? Int == 2513)
        #expect((json["incidents"] as? [String: Any])?["total"] as? Int == 3)
        #expect((json["grids"] as? [String: Any])?["onePlusOnePlusNComplete"] as? Int == 4)
        #expect(json["asOf"] as? String == "2021-07-31")
        #expect(json["readAt"] as? String == "2026-01-01T00:00:00.000Z")
    }

    @Test func `a service that is ready without its broker says what is away`() throws {
        let answer = """
            {"ready":true,"stopping":false,"dependencies":{
             "broker":{"condition":"unavailable","reason":"no broker answers","since":"2026-01-01T00:00:00Z"},
             "database":{"condition":"ready","since":"2026-01-01T00:00:00Z"}}}
            """
        let readiness = try ServiceJSON.decode(StatusCommand.Readiness.self, from: Array(answer.utf8))
        #expect(readiness.ready)
        #expect(readiness.reason == "broker: no broker answers")
    }

    @Test func `the audit prints the agreed keys and its verdict`() throws {
        let behind = Audit([
            try TestFigures.figures(heads: [0: 5]), try TestFigures.figures(watermarks: [0: 3]),
        ])
        let json = try object(AuditReport(behind))
        #expect(json["clean"] as? Bool == false)
        #expect(json["missing"] as? Int == 2)
        let line = try #require((json["lines"] as? [[String: Any]])?.first)
        #expect(
            Set(line.keys)
                == ["source", "topic", "consumer", "produced", "applied", "parked", "skipped", "missing", "repeated"])
        #expect(AuditCommand.table(behind).count == 3)
    }

    @Test func `an audit waits until it is settled, but not for what never heals`() async throws {
        let behind = Audit([try TestFigures.figures(heads: [0: 5]), try TestFigures.figures(watermarks: [0: 3])])
        let clean = Audit([try TestFigures.figures(heads: [0: 5]), try TestFigures.figures(watermarks: [0: 5])])
        let twice = Audit([
            try TestFigures.figures(heads: [0: 5]), try TestFigures.figures(watermarks: [0: 5], repeated: 1),
        ])
        var looks = 0
        let settled = try await AuditCommand.settled(within: .seconds(30)) {
            looks += 1
            return looks < 3 ? behind : clean
        }
        #expect(settled.isClean)
        #expect(looks == 3)
        #expect(try await AuditCommand.settled(within: .zero) { behind }.isClean == false)
        looks = 0
        _ = try await AuditCommand.settled(within: .seconds(30)) {
            looks += 1
            return twice
        }
        #expect(looks == 1)
    }

    @Test func `a status line always has service, url, ready and version`() throws {
        let json = try object(StatusCommand.Line(service: "cloud-gateway", url: "http://x", ready: false))
        #expect(Set(json.keys) == ["service", "url", "ready", "version"])
        #expect(json["version"] is NSNull)
    }

    @Test func `a reader has caught up when no head is before it`() async throws {
        var looks = 0
        let figures = try (0..<4).map { try TestFigures.figures(watermarks: [0: $0 + 2, 3: 9]) }
        let source = try [TestFigures.figures(pending: 1, heads: [0: 1]), TestFigures.figures(heads: [0: 5, 3: 9])]
        let counter = Counter()
        try await ReaderCatchUp(patience: .seconds(30)) { service in
            let look = counter.next(service.rawValue)
            return service == .gridOperations ? source[min(look, 1)] : figures[min(look, 3)]
        }.wait(for: .talentRegistry, toRead: .division)
        looks = counter.count("talent-registry")
        #expect(looks == 4)
    }

    @Test func `a reader that stays behind is named, with what to do`() async throws {
        let source = try TestFigures.figures(heads: [0: 5])
        let reader = try TestFigures.figures(watermarks: [0: 1])
        let error = await #expect(throws: OperatorError.self) {
            try await ReaderCatchUp(patience: .milliseconds(30)) { $0 == .gridOperations ? source : reader }
                .wait(for: .talentRegistry, toRead: .division)
        }
        #expect(error?.status == .unavailable)
        #expect(error?.chinese.contains("talent-registry") == true)
        #expect(error?.english.contains("grid-operations.division.v1") == true)
    }

    @Test func `every topic of the suite is planned, with the prefix`() {
        let plans = TopicPlan.all(naming: TopicNaming(prefix: "test."))
        #expect(Set(plans.map(\.name)) == Set((Topic.all.map(\.name) + [ReplayTopic.name]).map { "test.\($0)" }))
        let line = TopicCheck.line(plans[0], found: nil, outcome: nil)
        #expect(line.state == .missing)
        #expect(!TopicCheck.Report(topics: [line], isEmulation: true).isSound)
    }

    @Test(.timeLimit(.minutes(1)))
    func `the local broker answers on its own port with all topics, and ends when it is told`() async throws {
        let broker = try await LocalBroker.start(port: 0, naming: TopicNaming(prefix: "test."))
        let run = Task { try await broker.run() }
        let configuration = KafkaConfiguration(bootstrapServers: broker.bootstrapServers, clientID: "test")
        let report = try await TopicCheck(configuration, logger: .init(label: "test"))
            .run(naming: TopicNaming(prefix: "test."), replicationFactor: nil, checkOnly: false)
        #expect(report.isEmulation == true)
        #expect(report.topics.allSatisfy { $0.state == .present })
        #expect(report.topics.count == Topic.all.count + 1)
        run.cancel()
        try await run.value
    }
}
