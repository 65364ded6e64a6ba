import Foundation
import Models

/// One story from a report to its answer, told with times.
struct DemoStory: Sendable {
    /// A step of the story.
    struct Step: Encodable, Sendable, Equatable {
        /// The step's name, stable for scripts.
        var step: String
        /// What happened, for people.
        var text: String
        /// How long it took in milliseconds.
        var milliseconds: Double
    }

    /// The whole story.
    struct Report: Encodable, Sendable {
        /// The incident's serial number.
        var incident: String
        /// The grid around the point.
        var grid: String
        /// The steps in their order.
        var steps: [Step] = []
        /// From the report to the answer in the reporter's inbox.
        var milliseconds: Double = 0
    }

    /// Where the story takes place.
    private struct Stage {
        let community: String
        let area: String
        let worker: String
        let longitude: Double
        let latitude: Double
    }

    private let client: ServiceClient
    private let deadline: Duration
    private let tell: @Sendable (Step) -> Void

    init(client: ServiceClient, deadline: Duration, tell: @escaping @Sendable (Step) -> Void) {
        self.client = client
        self.deadline = deadline
        self.tell = tell
    }

    /// Plays the story.
    ///
    /// - Throws: `OperatorError` when a step does not happen; `ServiceFailure`.
    func play() async throws -> Report {
        let stage = try await findStage()
        var report = Report(incident: "", grid: "")
        let cast = Cast(community: stage.community, area: stage.area, worker: stage.worker)
        try await step(&report, "located") {
            let grid = try await GridClient(client: client).locate(longitude: stage.longitude, latitude: stage.latitude)
            return "按坐标找到网格 grid found by its point: \(grid.code)"
        }
        let start = ContinuousClock.now
        var incident = try await reported(&report, at: stage, by: cast.reporter)
        try await step(&report, "worker-told") {
            try await told(cast.worker, of: incident.id) { _ in true }
            return "网格员收件箱已有提醒 the grid worker's inbox has it"
        }
        let organisation = "社区综合服务中心"
        try await step(&report, "filed") {
            "已立案 filed: \(try await go(&incident, "file", by: cast.desk, .init(function: "emergencyManagement")))"
        }
        try await step(&report, "dispatched") {
            "已派遣 dispatched: \(try await go(&incident, "dispatch", by: cast.desk, .init(organisation: organisation)))"
        }
        try await step(&report, "accepted") {
            "已受理 accepted: \(try await go(&incident, "accept", by: cast.handler, .init(organisation: organisation)))"
        }
        try await step(&report, "handled") {
            let done = GridClient.Step(result: "已到场处理，井盖已更换。")
            return "已处理 handled: \(try await go(&incident, "handle", by: cast.handler, done))"
        }
        try await step(&report, "verified") {
            let check = GridClient.Step(passed: true, method: "site")
            let state = try await go(&incident, "verify", by: cast.verifier, check)
            guard state == "closed" else { throw Self.didNotHappen("核查后应为已结案", "verified, but the state is \(state)") }
            return "另一人核查通过，已结案 verified by another person and closed"
        }
        try await step(&report, "reporter-told") {
            try await told(cast.reporter, of: incident.id) { $0.lowercased().contains("closed") }
            return "上报人收件箱已有答复 the reporter's inbox has the answer"
        }
        report.milliseconds = (ContinuousClock.now - start).milliseconds
        return report
    }

    /// Who plays in it, each with a role of his own: nobody may do another's part.
    private struct Cast {
        let reporter: Identity
        let worker: Identity
        let desk: Identity
        let handler: Identity
        let verifier: Identity

        init(community: String, area: String, worker: String) {
            reporter = Identity(subject: PersonID.new().description, grants: [Grant(.resident, .own)])
            self.worker = .of(.gridWorker, area, subject: worker) ?? reporter
            desk = .of(.communityDesk, community) ?? reporter
            handler = .of(.communityDesk, community) ?? reporter
            verifier = .of(.communitySecretary, community) ?? reporter
        }
    }

    private func go(
        _ incident: inout GridClient.Incident, _ action: String, by person: Identity, _ step: GridClient.Step
    ) async throws -> String {
        var step = step
        step.actor = person.subject
        incident = try await GridClient(client: client.acting(as: person)).advance(incident, action, step)
        return incident.state
    }

    private func reported(
        _ report: inout Report, at stage: Stage, by reporter: Identity
    ) async throws -> GridClient.Incident {
        var made: GridClient.Incident?
        try await step(&report, "reported") {
            let incident = try await GridClient(client: client.acting(as: reporter)).report(
                GridClient.Report(
                    function: "emergencyManagement", title: "井盖缺失", description: "路口井盖缺失，请尽快处理。",
                    longitude: stage.longitude, latitude: stage.latitude, source: "resident", urgency: "urgent",
                    reporterID: reporter.subject), key: UUID().uuidString.lowercased())
            made = incident
            return "居民上报，编号 a resident reported, number: \(incident.number)，网格 grid \(incident.gridCode)"
        }
        guard let incident = made else { throw Self.didNotHappen("没有上报成功", "the report was not taken") }
        report.incident = incident.number
        report.grid = incident.gridCode
        return incident
    }

    private func step(_ report: inout Report, _ name: String, _ body: () async throws -> String) async throws {
        let start = ContinuousClock.now
        let text = try await body()
        let took = ContinuousClock.now - start
        let step = Step(step: name, text: text, milliseconds: (took.milliseconds * 10).rounded() / 10)
        report.steps.append(step)
        tell(step)
    }

    /// Waits until a message about the incident is in an inbox.
    private func told(
        _ person: Identity, of incident: String, _ isTheOne: (String) -> Bool
    ) async throws {
        let end = ContinuousClock.now + deadline
        let inbox = InboxClient(client: client.acting(as: person))
        var pause = Duration.milliseconds(5)
        while true {
            let messages = try await inbox.messages(of: person.subject)
            if messages.contains(where: {
                $0.incidentID?.lowercased() == incident.lowercased() && isTheOne($0.template)
            }
            ) {
                return
            }
            guard .now < end else {
                throw Self.didNotHappen(
                    "\(deadline.components.seconds) 秒内收件箱没有出现消息，请查看 tiaokuai audit",
                    "no message came to the inbox within \(deadline.components.seconds) s; see tiaokuai audit")
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(100))
        }
    }

    /// Finds an area with a grid worker and a boundary in the running system.
    private func findStage() async throws -> Stage {
        let grids = GridClient(client: client)
        for community in try await grids.communities() {
            guard let secretary = Identity.of(.communitySecretary, community.code) else { continue }
            // Who works in a grid only its community sees.
            let local = GridClient(client: client.acting(as: secretary))
            for area in try await grids.areas(of: community.code) {
                let worker = try await local.assignments(of: area.code)
                    .first { $0.role == "gridWorker" && $0.personID != nil }?.personID
                guard let worker, let wkt = try await grids.grid(area.code).boundary,
                    let middle = BoundaryRing(wkt: wkt)?.middle
                else { continue }
                return Stage(
                    community: community.code, area: area.code, worker: worker, longitude: middle.x, latitude: middle.y)
            }
        }
        throw OperatorError(
            .checkFailed, "系统里还没有配备网格员的网格：请先运行 tiaokuai import 导入数据包。",
            "There is no grid with a grid worker yet: import a county pack first (tiaokuai import).")
    }

    private static func didNotHappen(_ chinese: String, _ english: String) -> OperatorError {
        OperatorError(.checkFailed, "演示中断：\(chinese)。", "The story stopped: \(english).")
    }
}
