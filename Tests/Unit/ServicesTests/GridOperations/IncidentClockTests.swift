import Foundation
import GridOperationsService
import Models
import Testing

@Suite struct IncidentClockTests {
    private let worker = PersonID.new()
    private let other = PersonID.new()

    private func at(_ text: String) throws -> Date { try RulebookSamples.moment("2021-05-" + text) }

    private func clock(
        _ kind: IncidentClockKind, _ present: IncidentCase
    ) throws -> IncidentClock { try #require(present.clocks.last { $0.kind == kind }) }

    // MARK: - Starting and ending

    @Test func `a report starts the response clock and its filing ends it and starts the other`() throws {
        let reported = try RulebookSamples.reported()
        #expect(try clock(.response, reported).dueAt == at("11T12:00:00"))
        let (filed, events) = try reported.after([(.file(.emergencyManagement), worker)], at: at("10T16:00:00"))
        #expect(events == ["IncidentFiled"])
        #expect(try clock(.response, filed).state == .stopped)
        #expect(try clock(.response, filed).spent == 6 * 3_600_000)
        let resolve = try clock(.resolve, filed)
        // Five working days of eight hours: one hour of Monday, four days, seven hours of the Monday after.
        #expect(try resolve.state == .running && resolve.dueAt == at("17T16:00:00"))
        #expect(resolve.rulebook == 7 && resolve.round == 1)
    }

    @Test func `the category says how much time there is, else the urgency`() throws {
        let (filed, _) = try RulebookSamples.reported().after(
            [(.file(nil, category: "FIRE"), worker)], at: at("10T16:00:00"))
        #expect(try clock(.resolve, filed).dueAt == at("12T10:00:00"))
        #expect(filed.incident.category == "FIRE" && filed.incident.report.function == .emergencyManagement)
        let emergency = try RulebookSamples.reported(.emergency)
        #expect(try clock(.response, emergency).dueAt == at("10T10:30:00"))
        // A category goes before an urgency.
        let (fire, _) = try emergency.after([(.file(nil, category: "FIRE"), worker)], at: at("10T10:10:00"))
        #expect(try clock(.resolve, fire).dueAt == at("11T12:10:00"))
    }

    @Test func `rejecting and withdrawing end every clock, and an incident of an old sheet has none`() throws {
        let reported = try RulebookSamples.reported()
        let (rejected, _) = try reported.after([(.reject(reason: "重复"), worker)], at: at("10T11:00:00"))
        #expect(rejected.clocks.allSatisfy { $0.state == .stopped })
        let (withdrawn, _) = try reported.after(
            [(.file(.emergencyManagement), worker), (.withdraw, worker)], at: at("10T11:00:00"))
        #expect(withdrawn.clocks.count == 2 && withdrawn.clocks.allSatisfy { $0.state == .stopped })
        let old = IncidentCase(
            incident: Incident(
                id: .new(), number: "1", gridCode: GridSamples.group, isHistorical: true,
                report: reported.incident.report), clocks: [], rules: reported.rules)
        #expect(try old.after([(.file(.emergencyManagement), worker)], at: at("10T11:00:00")).0.clocks.isEmpty)
    }

    // MARK: - Verification and reopening

    @Test func `the time of verification is not the handlers', and what fails goes on with what was left`() throws {
        let way = try RulebookSamples.reported().after(
            [(.file(nil, category: "FIRE"), worker), (.selfHandle(result: "好"), worker)], at: at("10T12:00:00"))
        let handled = way.0
        #expect(try clock(.resolve, handled).state == .paused)
        #expect(try clock(.resolve, handled).nextActionAt(by: handled.rules) == nil)
        let (failed, events) = try handled.after(
            [(.verify(passed: false, method: .site), other)], at: at("20T09:00:00"))
        #expect(events == ["IncidentReopened"])
        // Filed and handled at the same moment, so all ten hours are left.
        #expect(try clock(.resolve, failed).dueAt == at("21T11:00:00"))
        let (closed, _) = try failed.after(
            [(.handle(result: "好"), worker), (.verify(passed: true, method: .site), other)], at: at("20T10:00:00"))
        #expect(try clock(.resolve, closed).state == .stopped && clock(.resolve, closed).level == nil)
        let (again, _) = try closed.after([(.reopen(reason: "又坏了"), other)], at: at("24T09:00:00"))
        #expect(again.clocks.filter { $0.kind == .resolve }.map(\.round) == [1, 2])
        #expect(try clock(.resolve, again).dueAt == at("25T11:00:00"))
    }

    // MARK: - Pausing and extending

    @Test func `a pause keeps the working time that is left`() throws {
        let started = try RulebookSamples.inProgress(by: worker, at: at("10T10:00:00"))
        #expect(try clock(.resolve, started).dueAt == at("11T12:00:00"))
        let (paused, told) = try started.after([(.pause(reason: "等待材料"), worker)], at: at("10T16:00:00"))
        #expect(told == ["IncidentPaused"] && paused.incident.state == .inProgress)
        #expect(throws: IncidentRefusal.clockStands) {
            try paused.carryingOut(.pause(reason: "再等"), by: worker, at: at("10T16:30:00"))
        }
        #expect(throws: IncidentRefusal.clockStands) {
            try paused.carryingOut(.extend(days: 1, applicant: other, reason: "x"), by: worker, at: at("10T16:30:00"))
        }
        let (resumed, said) = try paused.after([(.resume, worker)], at: at("20T15:00:00"))
        #expect(said == ["IncidentResumed"])
        // Six of ten hours were spent: two more on the day, two on the next.
        #expect(try clock(.resolve, resumed).dueAt == at("21T11:00:00"))
        #expect(throws: IncidentRefusal.clockRuns) {
            try resumed.carryingOut(.resume, by: worker, at: at("20T16:00:00"))
        }
    }

    @Test(arguments: 0..<30) func `however often it is paused, what counts is the time that it ran`(seed: UInt64) throws
    {
        var random = SplitMix(state: seed)
        var moment = try at("10T10:00:00")
        var present = try RulebookSamples.inProgress(by: worker, at: moment)
        let calendar = present.rules.calendar("office")
        var ran = 0
        for turn in 0..<12 {
            let next = moment.addingTimeInterval(Double(Int.random(in: 0..<20_000, using: &random)))
            let isRunning = turn % 2 == 0
            if isRunning { ran += calendar.working(from: moment, to: next) }
            moment = next
            present = try present.after([(isRunning ? .pause(reason: "等") : .resume, worker)], at: moment).0
            let resolve = try clock(.resolve, present)
            #expect(resolve.spent == ran)
            guard ran < resolve.allowance else { return }
            if !isRunning { #expect(resolve.dueAt == calendar.adding(resolve.allowance - ran, to: moment)) }
        }
    }

    @Test func `time is extended once, before it is over, by another than who asks`() throws {
        let started = try RulebookSamples.inProgress(by: worker, at: at("10T10:00:00"))
        func extend(_ present: IncidentCase, by actor: PersonID, at text: String) throws -> IncidentCaseChange {
            try present.carryingOut(.extend(days: 2, applicant: other, reason: "等"), by: actor, at: at(text))
        }
        #expect(throws: IncidentRefusal.approverIsApplicant) { try extend(started, by: other, at: "10T11:00:00") }
        #expect(throws: IncidentRefusal.extensionTooLate) { try extend(started, by: worker, at: "11T12:00:00") }
        let change = try extend(started, by: worker, at: "11T11:59:00")
        #expect(change.events.map { type(of: $0).name } == ["IncidentDeadlineApproaching", "IncidentDueExtended"])
        let extended = change.after(started)
        #expect(try clock(.resolve, extended).dueAt == at("13T12:00:00"))
        #expect(throws: IncidentRefusal.alreadyExtended) { try extend(extended, by: worker, at: "12T10:00:00") }
        let historical = IncidentCase(incident: started.incident, clocks: [], rules: started.rules)
        #expect(throws: IncidentRefusal.noClock) { try extend(historical, by: worker, at: "10T11:00:00") }
    }

    // MARK: - Levels

    @Test func `a clock comes to each level once, at its own time`() throws {
        let rules = RulebookSamples.rules()
        var clock = try clock(.response, RulebookSamples.reported(by: rules))
        // Ten hours from Monday ten o'clock: eight, ten, fifteen and twenty have passed.
        let times = try ["11T10:00:00", "11T12:00:00", "11T17:00:00", "12T14:00:00"].map(at)
        for (level, time) in times.enumerated() {
            #expect(clock.nextActionAt(by: rules) == time)
            #expect(clock.acting(at: time.addingTimeInterval(-0.001), by: rules).isEmpty)
            let actions = clock.acting(at: time, by: rules)
            #expect(actions.map(\.level) == [level] && actions.map(\.scheduledAt) == [time])
            #expect(clock.acting(at: time, by: rules).isEmpty && clock.level == level)
        }
        #expect(clock.nextActionAt(by: rules) == nil)
        #expect(try clock.acting(at: at("30T14:00:00"), by: rules).isEmpty)
    }

    @Test func `what nobody watched is caught up in order, and told up the line`() throws {
        let reported = try RulebookSamples.reported()
        var clock = try clock(.response, reported)
        let late = try at("31T09:00:00")
        let actions = clock.acting(at: late, by: reported.rules)
        #expect(actions.map(\.level) == [0, 1, 2, 3] && Set(actions.map(\.actedAt)) == [late])
        #expect(actions.map(\.scheduledAt) == actions.map(\.scheduledAt).sorted())
        let events = actions.map { $0.event(of: reported.incident, clock, by: reported.rules) }
        #expect(
            events.map { type(of: $0).name } == ["IncidentDeadlineApproaching"]
                + Array(repeating: "IncidentDeadlineMissed", count: 3))
        let community = try #require(GridSamples.group.community)
        #expect(events.map(\.deadline.escalatedTo) == [nil, community, community.parent, community.parent?.parent])
        #expect(events.map(\.deadline.level) == [0, 1, 2, 3])
    }

    @Test func `an order that comes late finds what was missed before it`() throws {
        let reported = try RulebookSamples.reported()
        let change = try reported.carryingOut(.file(.emergencyManagement), by: worker, at: at("11T13:00:00"))
        #expect(change.actions.map(\.level) == [0, 1])
        #expect(try change.actions.map(\.scheduledAt) == ["11T10:00:00", "11T12:00:00"].map(at))
        #expect(
            change.events.map { type(of: $0).name }
                == ["IncidentDeadlineApproaching", "IncidentDeadlineMissed", "IncidentFiled"])
        #expect(change.clocks.map(\.kind) == [.response, .resolve])
    }

    @Test func `what was over before a pause stays over and goes on up the line`() throws {
        let started = try RulebookSamples.inProgress(by: worker, at: at("10T10:00:00"))
        let (paused, _) = try started.after([(.pause(reason: "等"), worker)], at: at("11T13:00:00"))
        let due = try clock(.resolve, paused).dueAt
        #expect(try due == at("11T12:00:00") && clock(.resolve, paused).level == 1)
        let (resumed, _) = try paused.after([(.resume, worker)], at: at("20T10:00:00"))
        let resolve = try clock(.resolve, resumed)
        #expect(resolve.dueAt == due)
        // Half of ten hours after the due time, one of which had passed: four are left.
        #expect(try resolve.nextActionAt(by: resumed.rules) == at("20T14:00:00"))
    }

    // MARK: - What the rules add

    @Test func `a category must be in the rulebook, on the list, and of the function`() throws {
        let reported = try RulebookSamples.reported()
        func file(_ function: GridFunction?, _ category: String) throws {
            _ = try reported.carryingOut(.file(function, category: category), by: worker, at: at("10T11:00:00"))
        }
        #expect(throws: IncidentRefusal.categoryUnknown("X")) { try file(nil, "X") }
        #expect(throws: IncidentRefusal.categoryNotAdmitted("OLD")) { try file(nil, "OLD") }
        #expect(throws: IncidentRefusal.otherFunction(category: "FIRE", .emergencyManagement)) {
            try file(.disputeMediation, "FIRE")
        }
        try file(.emergencyManagement, "FIRE")
    }

    @Test func `what a category asks must be answered, and nothing else`() throws {
        let name = RuleName(zh: "甲", en: "a")
        let rules = RulebookSamples.rules { rulebook in
            rulebook.categories[0].attributes = [
                AttributeRule(code: "floor", name: name, kind: .number, isRequired: true),
                AttributeRule(code: "kind", name: name, kind: .choice, isRequired: false, choices: ["烟", "火"]),
            ]
        }
        let reported = try RulebookSamples.reported(by: rules)
        func file(_ answers: [String: String]) throws -> [String: String] {
            try reported.carryingOut(
                .file(nil, category: "FIRE", attributes: answers), by: worker, at: at("10T11:00:00")
            ).incident.attributes
        }
        #expect(try file(["floor": "3"]) == ["floor": "3"])
        #expect(try file(["floor": "3", "kind": "火"]) == ["floor": "3", "kind": "火"])
        let faults: [([String: String], String, AttributeFault)] = [
            ([:], "floor", .missing), (["floor": "三楼"], "floor", .notANumber), (["floor": "nan"], "floor", .notANumber),
            (["floor": "3", "kind": "水"], "kind", .notAChoice(["烟", "火"])), (["floor": "3", "x": "1"], "x", .unknown),
        ]
        for (answers, code, fault) in faults {
            #expect(throws: IncidentRefusal.attribute(code, fault)) { try file(answers) }
        }
        // Numbers of persons are warned of first, as in every text.
        let draft = IncidentCommandDraft(
            actor: worker.description, category: "FIRE", attributes: ["floor": "电话 13812345678"])
        #expect(throws: RowFaults.self) { try draft.checked(.file) }
    }

    @Test func `who leads is said by the route that says most, else by the category`() throws {
        let routed = RulebookSamples.rules { rulebook in
            rulebook.routes = [
                RouteRule(gridPrefix: "", organisation: "县"), RouteRule(gridPrefix: "532923100001", organisation: "社区"),
                RouteRule(function: .emergencyManagement, gridPrefix: "532923", organisation: "应急"),
                RouteRule(function: .emergencyManagement, gridPrefix: "532923100", organisation: "镇应急"),
            ]
        }
        func leader(_ rules: RulebookInForce, _ order: IncidentCommand) throws -> String? {
            let (filed, _) = try RulebookSamples.reported(by: rules).after([(order, worker)], at: at("10T11:00:00"))
            return try filed.after([(.dispatch(organisation: nil), worker)], at: at("10T12:00:00")).0.incident
                .organisation
        }
        #expect(try leader(routed, .file(.emergencyManagement)) == "镇应急")
        #expect(try leader(routed, .file(.disputeMediation)) == "社区")
        #expect(try leader(RulebookSamples.rules(), .file(nil, category: "FIRE")) == "消防站")
        #expect(throws: IncidentRefusal.noRoute) { try leader(RulebookSamples.rules(), .file(.disputeMediation)) }
    }
}

extension RulebookSamples {
    /// An incident that was filed, sent to an organisation and accepted at a moment, with ten working hours to resolve.
    static func inProgress(by actor: PersonID, at moment: Date) throws -> IncidentCase {
        try reported().after(
            [
                (.file(nil, category: "FIRE"), actor), (.dispatch(organisation: nil), actor),
                (.accept(organisation: "消防站"), actor),
            ], at: moment
        ).0
    }
}

extension IncidentCase {
    /// The case after orders, and the names of what was told.
    func after(
        _ orders: [(IncidentCommand, PersonID)], at moment: Date
    ) throws -> (IncidentCase, events: [String]) {
        try orders.reduce((self, [])) { present, order in
            let change = try present.0.carryingOut(order.0, by: order.1, at: moment)
            return (change.after(present.0), present.1 + change.events.map { type(of: $0).name })
        }
    }
}
