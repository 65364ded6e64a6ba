import CloudGatewayService
import Foundation
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// The reports of incidents (REP-11) and of grids (REP-10), from events to the answer.
@Suite(.timeLimit(.minutes(2))) struct IncidentSummaryTests {
    /// When every event of these tests came about.
    private static let told = Date(timeIntervalSince1970: 1_627_689_600)
    private static let mine = "53292310000100101"
    private static let theirs = "53292310000200101"

    /// What happens to ten incidents of a community and six of another.
    ///
    /// Of the ten, eight are closed, after 1 to 8 hours; two of these were late and one of them was reopened and closed
    /// again; one is refused and one withdrawn at once. Seven reporters answer, five of them are satisfied.
    private static func events() throws -> [any EventPayload] {
        var events: [any EventPayload] = []
        for index in 0..<10 {
            var incident = try CountyFixture.incident(grid: mine, .emergencyManagement)
            incident.reportedAt = told.addingTimeInterval(-3600 * Double(index + 1))
            events.append(IncidentReported(incident: incident))
            func tell<Event: IncidentEvent>(_ state: IncidentState, _ type: Event.Type) {
                incident.state = state
                events.append(Event(incident: incident))
            }
            if index == 8 { tell(.rejected, IncidentRejected.self) }
            if index == 9 { tell(.withdrawn, IncidentWithdrawn.self) }
            guard index < 8 else { continue }
            incident.category = index == 0 ? "EM-FIRE" : "EM-ROAD"
            tell(.filed, IncidentFiled.self)
            if index < 2 {
                events.append(
                    IncidentDeadlineMissed(
                        incident: incident, deadline: DeadlineFacts(clock: .resolve, round: 1, dueAt: told, level: 1)))
            }
            tell(.closed, IncidentClosed.self)
            if index == 1 {
                tell(.inProgress, IncidentReopened.self)
                tell(.closed, IncidentClosed.self)
            }
            let said: IncidentFeedback.Satisfaction = index < 5 ? .satisfied : index < 7 ? .dissatisfied : .noAnswer
            incident.feedback = IncidentFeedback(resolved: .yes, satisfaction: said, on: told)
            events.append(IncidentFeedbackRecorded(incident: incident))
        }
        for _ in 0..<6 {
            var incident = try CountyFixture.incident(grid: theirs)
            incident.reportedAt = told.addingTimeInterval(-86_400 * 30)
            events.append(IncidentReported(incident: incident))
        }
        return events
    }

    @Test(arguments: [1, 3, 1000])
    func `shares, medians and answers are counted from events alone, however they are cut`(_ batch: Int) async throws {
        try await GatewayDatabase.with { gateway in
            let events = try Self.events()
            for start in stride(from: 0, to: events.count, by: batch) {
                try await gateway.apply(Array(events[start..<min(start + batch, events.count)]))
            }
            let store = PostgresIncidentSummaryStore(executor: gateway.pool)
            let read = ReadIncidentSummary(store: store, now: { Self.told })
            let all = try await read(scope: .everything, from: nil, to: nil)
            #expect(all.n == 16 && all.asOf?.description == "2021-07-31")
            let filter = ScopeFilter([.division(try #require(DivisionPrefix(Self.mine)))])
            let scoped = try await store.figures(scope: filter, reported: .distantPast..<Date.distantFuture)
            // The second fence alone counts the same.
            let fenced = try await RowScope.with(filter) {
                try await store.figures(scope: .everything, reported: .distantPast..<Date.distantFuture)
            }
            #expect(scoped == fenced)
            let total = scoped.total
            #expect(total.response == Percentage(9, of: 9) && total.resolution == Percentage(8, of: 8))
            #expect(total.punctuality == Percentage(6, of: 8) && total.satisfaction == Percentage(5, of: 7))
            #expect(total.measured == 8 && total.medianHundredths == 450)
            #expect(scoped.byFunction[.emergencyManagement] == total && scoped.byFunction.count == 1)
            #expect(scoped.byCategory["EM-ROAD"]?.total == 7 && scoped.byCategory["EM-FIRE"]?.total == 1)
            #expect(scoped.byCategory[String?.none]?.total == 2 && scoped.byState[.closed]?.total == 8)
            // The day of the ten alone: it is one o'clock in the night, so that most are of the day before.
            let days = try await read(
                scope: .everything, from: CountyFixture.day("2021-07-30"), to: CountyFixture.day("2021-07-31"))
            #expect(days.n == 10)
            let wrong = try await read(
                scope: .everything, from: CountyFixture.day("2021-07-31"), to: CountyFixture.day("2021-07-01"))
            #expect(wrong.n == 0)
        }
    }

    @Test func `the reports are JSON, csv or a workbook, and hide lines that would tell of a person`() async throws {
        try await ServedService.with(CloudGateway.self) { service in
            try await service.superuser.run(
                """
                insert into gateway.incidents select gen_random_uuid(), '\(Self.mine)',
                    case when n < 3 then 'disputeMediation' when n < 9 then 'policyPublicity' else 'emergencyManagement' end,
                    'ordinary', 'resident', 'filed', now(), false from generate_series(1, 30) n;
                insert into gateway.divisions values ('532923100001', '褚家营社区', 'community', 'urbanCommunity', 9);
                insert into gateway.grids values ('532923100001001', 'area', 9), ('\(Self.mine)', 'group', 9),
                    ('53292310000100102', 'group', 9);
                insert into gateway.grid_assignments select gen_random_uuid(), '\(Self.mine)', role
                from unnest(array['communityCadre', 'partyGroupLeader', 'volunteer']) role;
                """)
            let scope = "532923100001"
            let json = try await service.ask("GET", "/v1/reports/incidents", as: .communitySecretary, scope)
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any], "\(json.body)")
            #expect(document["report"] as? String == "REP-11" && document["n"] as? Int == 30)
            let functions = try #require(document["byFunction"] as? [String: [String: Any]])
            #expect(functions["disputeMediation"]?["n"] == nil && functions["policyPublicity"]?["n"] == nil)
            #expect(functions["emergencyManagement"]?["n"] as? Int == 22 && functions.count == 5)
            let csv = try await service.ask(
                "GET", "/v1/reports/incidents?format=csv&from=2021-01-01", as: .townOfficer, "532923100")
            #expect(csv.headers["content-disposition"] == "attachment; filename=\"rep-11-incidents.csv\"")
            for line in [
                "样本量 n,,30,", "上报日期 reported,2021-01-01 – -", "合计 total,办结率 resolved,0,30,0.00%",
                "职能 function: 纠纷调解 dispute mediation,件数 n,,,隐去 hidden",
            ] {
                #expect(csv.body.contains(line), "\(line): \(csv.body)")
            }
            let grids = try await service.ask("GET", "/v1/reports/grids?format=csv", as: .countyAdmin, "532923")
            for line in [
                "样本量 n,,4,", "网格 grids,1+1+N 齐全 complete,1,2,50.00%", "网格 grids,三员齐全 三员 complete,0,1,0.00%",
                "532923100001 褚家营社区,1+1+N 齐全的小组 groups,1,2,50.00%",
            ] {
                #expect(grids.body.contains(line), "\(line): \(grids.body)")
            }
            for path in ["/v1/reports/incidents", "/v1/reports/grids"] {
                let workbook = try await service.ask("GET", "\(path)?format=xlsx", as: .communitySecretary, scope)
                #expect(workbook.status == 200 && workbook.bytes.starts(with: [0x50, 0x4b, 0x03, 0x04]))
                let other = try await service.ask("GET", "\(path)?format=pdf", as: .communitySecretary, scope)
                #expect(other.status == 400)
                let none = try await service.ask("GET", path, as: .communitySecretary, "532923100009")
                #expect(none.status == 200 && none.body.contains("\"n\":0"), "\(none.body)")
            }
            let json10 = try await service.ask("GET", "/v1/reports/grids", as: .townOfficer, "532923100")
            #expect(json10.body.contains("\"report\":\"REP-10\"") && json10.body.contains("褚家营社区"))
        }
    }
}
