import Foundation
import GridOperationsService
import Models
import Testing

struct SimilarIncidentTests {
    private static let moment = Date(timeIntervalSince1970: 1_620_360_000)

    private func incident(
        _ title: String = "新华路井盖破损", _ description: String = "路中间的井盖裂了", days: Double = 0, north metres: Double = 0,
        category: String? = nil, _ change: (inout IncidentReport) -> Void = { _ in }
    ) -> Incident {
        var report = GridSamples.report(at: Self.moment.addingTimeInterval(days * 86_400))
        report.title = title
        report.description = description
        report.position =
            Position(
                longitude: report.position.longitude, latitude: report.position.latitude + metres / 111_195)
            ?? report.position
        change(&report)
        var incident = Incident(id: .new(), number: "1", gridCode: GridSamples.group, report: report)
        incident.category = category
        return incident
    }

    @Test func `the same matter a street away is proposed, the likest first`() throws {
        let own = incident()
        let twin = incident("井盖破损", "新华路中间井盖裂开", days: -1, north: 30)
        let far = incident("井盖破损", "新华路中间井盖裂开", days: -9, north: 200)
        let other = incident("小区夜间噪声", "烧烤摊很吵", days: -1, north: 20)
        let proposals = SimilarIncident.proposals(for: own, among: [other, far, twin, own])
        #expect(proposals.map(\.incident.id) == [twin.id, far.id])
        let best = try #require(proposals.first)
        #expect(abs(best.metres - 30) < 0.1 && best.text > 0.4 && best.score > 0.7)
    }

    @Test func `place, time and function are limits, and a category in common counts`() throws {
        let own = incident(category: "ROAD")
        #expect(SimilarIncident(incident(north: 249), to: own) != nil)
        #expect(SimilarIncident(incident(north: 251), to: own) == nil)
        #expect(SimilarIncident(incident(days: -13.9), to: own) != nil)
        #expect(SimilarIncident(incident(days: -14.1), to: own) == nil)
        #expect(SimilarIncident(incident { $0.function = .policyPublicity }, to: own) == nil)
        let same = try #require(SimilarIncident(incident(category: "ROAD"), to: own))
        let unset = try #require(SimilarIncident(incident(), to: own))
        #expect(abs(same.score - 1) < 0.001 && abs(unset.score - 0.9) < 0.001)
    }

    @Test func `distances are right in every direction`() throws {
        let here = try #require(Position(longitude: 100.5, latitude: 25.4))
        let east = try #require(Position(longitude: 100.501, latitude: 25.4))
        let north = try #require(Position(longitude: 100.5, latitude: 25.401))
        // By the sphere of 6 371 km: 100.45 m and 111.19 m.
        #expect(abs(here.metres(to: east) - 100.45) < 0.1 && abs(here.metres(to: north) - 111.19) < 0.1)
        #expect(here.metres(to: here) == 0)
    }

    @Test func `a joined report stops its clocks, and gets its state and a new clock when it is split off`() throws {
        func at(_ text: String) throws -> Date { try RulebookSamples.moment("2021-05-" + text) }
        let worker = PersonID.new()
        let primary = IncidentID.new()
        for commands in [[], [(IncidentCommand.file(.emergencyManagement), worker)]] {
            let before = try RulebookSamples.reported().after(commands, at: at("10T11:00:00")).0
            let joining = try before.carryingOut(.join(to: primary), by: worker, at: at("10T12:00:00"))
            let joined = joining.after(before)
            #expect(joined.incident.state == .joined && joined.incident.joinedTo == primary)
            #expect(joined.clocks.allSatisfy { $0.state == .stopped })
            #expect((joining.events.last as? IncidentJoined)?.incident.joinedTo == primary)
            let splitting = try joined.carryingOut(.split, by: worker, at: at("11T12:00:00"))
            let split = splitting.after(joined)
            #expect(split.incident.state == before.incident.state && split.incident.joinedTo == nil)
            let clock = try #require(split.clocks.last)
            #expect(try clock.state == .running && clock.startedAt == at("11T12:00:00"))
            #expect(clock.kind == (commands.isEmpty ? .response : .resolve) && clock.round == 2)
            #expect(splitting.events.last is IncidentSplit)
        }
    }

    @Test func `what others follow is neither rejected, withdrawn nor joined`() throws {
        var followed = incident()
        followed.members = 2
        #expect(followed.facts.reports == 3)
        for command in [IncidentCommand.reject(reason: "重复"), .withdraw, .join(to: .new())] {
            #expect(throws: IncidentRefusal.othersJoined(2)) {
                try followed.carryingOut(command, by: .new(), at: Self.moment)
            }
        }
    }
}
