import Foundation
import GridOperationsService
import Models

/// What becomes of one incident in the year: when it is reported and what is ordered when.
struct YearPlan: Sendable {
    struct Step: Sendable {
        let at: Date
        let action: IncidentAction
        let draft: IncidentCommandDraft
    }

    /// The first moment of the year in the county, and that until which the watch goes on.
    static let start = Date(timeIntervalSince1970: 1_767_196_800)
    static let end = start.addingTimeInterval(365 * 86_400)

    let incident: Incident
    let steps: [Step]
    var reportedAt: Date { incident.report.reportedAt }

    init(number: Int, by rules: RulebookInForce, _ random: inout SimulationRandom) {
        // By day, on any day of the week.
        let day = Double(Int.random(in: 0..<350, using: &random))
        let second = Double(Int.random(in: 7 * 3_600_000..<22 * 3_600_000, using: &random)) / 1000
        let moment = Self.start.addingTimeInterval(day * 86_400 + second)
        incident = Self.incident(number, at: moment, by: rules, &random)
        var pen = Pen(at: moment)
        pen.write(&random)
        steps = pen.steps.filter { $0.at < Self.end }
    }

    private static func incident(
        _ number: Int, at moment: Date, by rules: RulebookInForce, _ random: inout SimulationRandom
    ) -> Incident {
        let area = String(1000 + number % 40).suffix(3)
        guard let grid = GridCode("532923100101" + area), let position = Position(longitude: 100.5, latitude: 25.4)
        else {
            preconditionFailure("the code of a grid")
        }
        let urgencies: [IncidentUrgency] = [.ordinary, .ordinary, .ordinary, .ordinary, .urgent, .emergency]
        let report = IncidentReport(
            reportedAt: moment, function: .emergencyManagement, title: "井盖缺失", description: "请处理",
            position: position, source: .resident, urgency: urgencies.randomElement(using: &random) ?? .ordinary)
        var incident = Incident(
            id: IncidentID(rawValue: .version7(at: moment, using: &random)), number: "Y\(number)", gridCode: grid,
            report: report)
        incident.rulebook = rules.number
        return incident
    }

    /// What should be done at its clocks by the end of the year, found by walking through its steps alone.
    func expected(by rules: RulebookInForce) -> [DeadlineYear.Deed] {
        var present = IncidentCase(
            incident: incident, clocks: [IncidentClock.response(to: incident, by: rules)].compactMap { $0 },
            rules: rules)
        var actions: [DeadlineAction] = []
        for step in steps {
            // What is refused changes nothing, here as in the database.
            guard let order = try? step.draft.checked(step.action),
                let change = try? present.carryingOut(order.command, by: order.actor, at: step.at)
            else { continue }
            actions += change.actions
            present = change.after(present)
        }
        // Due times are found at their own moments; the watch stops with the last that lies in the year.
        for clock in present.clocks {
            var clock = clock
            while let next = clock.nextActionAt(by: rules), next <= Self.end {
                actions += clock.acting(at: next, by: rules)
            }
        }
        return actions.map { action in
            DeadlineYear.Deed(
                incident: incident.id, kind: action.kind, round: action.round, level: action.level,
                scheduledAt: action.scheduledAt)
        }
    }
}

/// Writes the steps of a plan, each some time after the one before.
private struct Pen {
    private(set) var steps: [YearPlan.Step] = []
    private var moment: Date
    private let handler = PersonID.new()

    init(at moment: Date) { self.moment = moment }

    mutating func write(_ random: inout SimulationRandom) {
        // Some reports nobody ever looks at.
        guard chance(0.85, &random) else { return }
        let category = ["EM-ROAD", "EM-FIRE", "PP-LAW", "DM-LAND", nil].randomElement(using: &random) ?? nil
        step(.file, within: 12, &random) { draft in
            draft.category = category
            draft.function = category == nil ? "emergencyManagement" : nil
        }
        guard chance(0.8, &random) else { return }
        if chance(0.5, &random) {
            step(.selfHandle, within: 200, &random) { $0.result = "好" }
        } else {
            guard handle(&random) else { return }
        }
        guard chance(0.9, &random) else { return }
        if chance(0.2, &random) {
            step(.verify, within: 72, &random, by: .new()) { ($0.passed, $0.method) = (false, "site") }
            step(.handle, within: 300, &random) { $0.result = "好" }
        }
        step(.verify, within: 72, &random, by: .new()) { ($0.passed, $0.method) = (true, "phone") }
        guard chance(0.1, &random) else { return }
        step(.reopen, within: 600, &random, by: .new()) { $0.reason = "又坏了" }
        if chance(0.5, &random) { step(.handle, within: 300, &random) { $0.result = "好" } }
    }

    /// By an organisation, with pauses and extensions.
    private mutating func handle(_ random: inout SimulationRandom) -> Bool {
        step(.dispatch, within: 30, &random) { $0.organisation = "物业" }
        guard chance(0.9, &random) else { return false }
        step(.accept, within: 30, &random) { $0.organisation = "物业" }
        if chance(0.3, &random) {
            step(.extend, within: 60, &random) { draft in
                (draft.days, draft.applicant, draft.reason) = (5, PersonID.new().description, "等材料")
            }
        }
        if chance(0.3, &random) {
            step(.pause, within: 60, &random) { $0.reason = "等材料" }
            guard chance(0.8, &random) else { return false }
            step(.resume, within: 400, &random) { _ in }
        }
        guard chance(0.8, &random) else { return false }
        step(.handle, within: 300, &random) { $0.result = "好" }
        return true
    }

    private mutating func step(
        _ action: IncidentAction, within hours: Int, _ random: inout SimulationRandom, by actor: PersonID? = nil,
        _ fill: (inout IncidentCommandDraft) -> Void
    ) {
        moment =
            moment.addingTimeInterval(Double(Int.random(in: 1...hours * 3_600_000, using: &random)) / 1000)
            .wholeMilliseconds
        var draft = IncidentCommandDraft(actor: (actor ?? handler).description)
        fill(&draft)
        steps.append(YearPlan.Step(at: moment, action: action, draft: draft))
    }

    private func chance(_ share: Double, _ random: inout SimulationRandom) -> Bool {
        Double.random(in: 0..<1, using: &random) < share
    }
}

/// A generator that repeats itself for the same seed.
struct SimulationRandom: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
