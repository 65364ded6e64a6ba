import Foundation
import GridOperationsService
import Models
import Testing

@Suite struct IncidentStateMachineTests {
    private let moment = Date(timeIntervalSince1970: 1_620_360_000)
    private let worker = PersonID.new()
    private let verifier = PersonID.new()

    @Test func `an incident goes from report to close`() throws {
        var incident = Self.incident(at: moment)
        let way: [(IncidentCommand, PersonID, IncidentState, String)] = [
            (.file(.disputeMediation), worker, .filed, "IncidentFiled"),
            (.dispatch(organisation: "532923100001-W"), worker, .dispatched, "IncidentDispatched"),
            (.accept(organisation: "532923100001-W"), worker, .inProgress, "IncidentAccepted"),
            (.handle(result: "已清理"), worker, .handled, "IncidentHandled"),
            (.verify(passed: true, method: .site), verifier, .closed, "IncidentClosed"),
        ]
        for (index, (command, actor, state, event)) in way.enumerated() {
            let change = try incident.carryingOut(command, by: actor, at: moment.addingTimeInterval(60))
            incident = change.incident
            #expect(incident.state == state)
            let told = try #require(change.event)
            #expect(type(of: told).name == event)
            #expect(told.incident == incident.facts)
            #expect(incident.version == index + 2)
            #expect(change.step.version == incident.version && change.step.actor == actor && change.step.state == state)
        }
        #expect(incident.report.function == .disputeMediation)
        #expect(incident.organisation == "532923100001-W")
        #expect(incident.closedAt == moment.addingTimeInterval(60))
    }

    @Test func `who handled an incident may not verify it`() throws {
        let handled = try Self.incident(at: moment).after(
            .file(.emergencyManagement), .selfHandle(result: "好"), by: worker)
        #expect(throws: IncidentRefusal.verifierIsHandler) {
            try handled.carryingOut(.verify(passed: true, method: .phone), by: worker, at: moment)
        }
        #expect(throws: IncidentRefusal.verifierIsHandler) {
            try handled.carryingOut(.verify(passed: false, method: .phone), by: worker, at: moment)
        }
    }

    @Test func `a failed verification opens the work again and forgets the result`() throws {
        let handled = try Self.incident(at: moment).after(
            .file(.emergencyManagement), .selfHandle(result: "好"), by: worker)
        let change = try handled.carryingOut(.verify(passed: false, method: .site), by: verifier, at: moment)
        #expect(change.incident.state == .inProgress)
        #expect(change.incident.result == nil && change.incident.handledBy == nil)
        #expect(change.event is IncidentReopened)
        #expect(change.step.note == "failed:site")
    }

    @Test func `an organisation gives an incident back only once`() throws {
        var incident = try Self.incident(at: moment).after(
            .file(.emergencyManagement), .dispatch(organisation: "A"), by: worker)
        let change = try incident.carryingOut(.giveBack(organisation: "A", reason: "不属于我"), by: worker, at: moment)
        #expect(change.incident.state == .filed && change.incident.organisation == nil)
        #expect(change.step.organisation == "A")
        incident = try change.incident.after(.dispatch(organisation: "A"), by: worker)
        #expect(throws: IncidentRefusal.alreadyReturned(organisation: "A")) {
            try incident.carryingOut(.giveBack(organisation: "A", reason: "还是不属于我"), by: worker, at: moment)
        }
        #expect(try incident.after(.accept(organisation: "A"), by: worker).state == .inProgress)
    }

    @Test func `only the organisation that leads may accept or return`() throws {
        let sent = try Self.incident(at: moment).after(
            .file(.emergencyManagement), .dispatch(organisation: "A"), by: worker)
        for command in [IncidentCommand.accept(organisation: "B"), .giveBack(organisation: "B", reason: "x")] {
            #expect(throws: IncidentRefusal.otherOrganisation(leading: "A")) {
                try sent.carryingOut(command, by: worker, at: moment)
            }
        }
    }

    @Test func `a closed incident can be reopened for thirty days`() throws {
        let closed = try Self.incident(at: moment)
            .after(.file(.emergencyManagement), .selfHandle(result: "好"), by: worker, at: moment)
            .after(.verify(passed: true, method: .site), by: verifier, at: moment)
        let lastMoment = moment.addingTimeInterval(30 * 86_400)
        let reopened = try closed.carryingOut(.reopen(reason: "又坏了"), by: verifier, at: lastMoment)
        #expect(reopened.incident.state == .inProgress && reopened.incident.closedAt == nil)
        #expect(throws: IncidentRefusal.reopenTooLate(daysMax: 30)) {
            try closed.carryingOut(.reopen(reason: "又坏了"), by: verifier, at: lastMoment.addingTimeInterval(1))
        }
    }

    @Test func `only the reporter takes a report back`() throws {
        let reporter = PersonID.new()
        let incident = Self.incident(at: moment, reporter: reporter)
        #expect(throws: IncidentRefusal.notTheReporter) {
            try incident.carryingOut(.withdraw, by: worker, at: moment)
        }
        #expect(try incident.carryingOut(.withdraw, by: reporter, at: moment).incident.state == .withdrawn)
        #expect(
            try Self.incident(at: moment).carryingOut(.withdraw, by: worker, at: moment).incident.state == .withdrawn)
    }

    /// DOMAIN 2.5.2 as a table of its own: from, action, to.
    ///
    /// Guards are met by the commands that the property makes.
    private static let table: [IncidentState: [IncidentAction: IncidentState]] = [
        .reported: open(.reported, [.file: .filed, .reject: .rejected, .join: .joined]),
        .filed: open(.filed, [.join: .joined, .selfHandle: .handled, .dispatch: .dispatched, .whistle: .inProgress]),
        .dispatched: open(.dispatched, [.accept: .inProgress, .giveBack: .filed]),
        .inProgress: open(
            .inProgress,
            [
                .handle: .handled, .pause: .inProgress, .resume: .inProgress, .extend: .inProgress,
                .whistle: .inProgress,
            ]),
        .handled: open(.handled, [.verify: .closed]),
        .closed: [.reopen: .inProgress, .followUp: .closed],
        .rejected: [:], .withdrawn: [:], .archived: [:],
        // Back to where it stood: the property below looks that up.
        .joined: [.split: .reported],
    ]

    /// What goes in every open state: it may be withdrawn, and answers and pictures change no state.
    private static func open(
        _ state: IncidentState, _ own: [IncidentAction: IncidentState]
    ) -> [IncidentAction: IncidentState] {
        own.merging([.withdraw: .withdrawn, .answerWhistle: state, .addPhoto: state]) { own, _ in own }
    }

    @Test(arguments: 0..<50) func `any sequence of orders follows the table`(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        for _ in 0..<20 {
            var incident = Self.incident(at: moment)
            var steps = 0
            for turn in 0..<40 {
                let action = IncidentAction.allCases.filter { $0 != .archive }.randomElement(using: &random) ?? .file
                // A new organisation each time meets the guard of the single return.
                let command = Self.command(action, organisation: incident.organisation ?? "org-\(turn)")
                let isSecondFollowUp = action == .followUp && incident.feedback != nil
                let back = action == .split ? incident.stateBeforeJoin : nil
                let expected = isSecondFollowUp ? nil : back ?? Self.table[incident.state]?[action]
                do throws(IncidentRefusal) {
                    let change = try incident.carryingOut(command, by: .new(), at: moment)
                    #expect(change.incident.state == expected, "\(incident.state) \(action)")
                    #expect(change.incident.version == incident.version + 1)
                    #expect((change.incident.closedAt != nil) == (change.incident.state == .closed))
                    #expect((change.incident.handledBy != nil) == (change.incident.result != nil))
                    // Orders about a clock and whistles are told with these; a picture is not told.
                    let isToldElsewhere: Set<IncidentAction> = [
                        .pause, .resume, .extend, .whistle, .answerWhistle, .addPhoto,
                    ]
                    #expect((change.event == nil) == isToldElsewhere.contains(action))
                    #expect(change.incident.feedback == nil || change.incident.state == .closed)
                    #expect(change.event.map { $0.incident.state == change.incident.state } ?? true)
                    incident = change.incident
                    steps += 1
                } catch {
                    #expect(expected == nil, "\(incident.state) \(action) was refused: \(error)")
                    #expect(error == (isSecondFollowUp ? .alreadyFollowedUp : .wrongState(incident.state, action)))
                }
            }
            #expect(incident.version == steps + 1)
        }
    }

    private static func command(_ action: IncidentAction, organisation: String) -> IncidentCommand {
        switch action {
        case .file: .file(.cultureForThePeople)
        case .reject: .reject(reason: "重复")
        case .selfHandle: .selfHandle(result: "好")
        case .dispatch: .dispatch(organisation: organisation)
        case .accept: .accept(organisation: organisation)
        case .giveBack: .giveBack(organisation: organisation, reason: "不属于我")
        case .pause: .pause(reason: "等待材料")
        case .resume: .resume
        case .extend: .extend(days: 3, applicant: .new(), reason: "等待材料")
        case .handle: .handle(result: "好")
        case .verify: .verify(passed: true, method: .document)
        case .reopen: .reopen(reason: "又坏了")
        case .withdraw: .withdraw
        case .whistle:
            .whistle(WhistleOrder(id: .new(), kind: .hard, organisations: [organisation], reason: "多部门"))
        case .followUp: .followUp(.yes, .satisfied)
        case .answerWhistle: .answerWhistle(WhistleAnswer(organisation: organisation, hasArrived: true, result: nil))
        case .addPhoto: .addPhoto(.scene, hash: "00")
        case .join: .join(to: .new())
        case .split: .split
        // Nobody orders it.
        case .archive: .resume
        }
    }

    private static func incident(at moment: Date, reporter: PersonID? = nil) -> Incident {
        var report = GridSamples.report(at: moment)
        report.reporterID = reporter
        return Incident(
            id: .new(), number: "532923100001202105070001", gridCode: GridSamples.group, report: report)
    }
}

extension Incident {
    fileprivate func after(
        _ commands: IncidentCommand..., by actor: PersonID, at moment: Date = Date(timeIntervalSince1970: 1_620_360_000)
    ) throws -> Incident {
        try commands.reduce(self) { try $0.carryingOut($1, by: actor, at: moment).incident }
    }
}

/// A small generator that repeats itself for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
