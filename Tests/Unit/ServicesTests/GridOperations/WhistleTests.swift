import Foundation
import GridOperationsService
import Models
import Testing

struct WhistleTests {
    private let town = PersonID.new()

    private func at(_ text: String) throws -> Date { try RulebookSamples.moment("2021-05-" + text) }

    private func blown(
        _ kind: WhistleKind = .hard, _ organisations: [String] = ["A", "B"],
        by rules: RulebookInForce = RulebookSamples.rules()
    ) throws -> (IncidentCase, IncidentCaseChange) {
        let filed = try RulebookSamples.reported(by: rules).after(
            [(.file(.emergencyManagement), town)], at: at("10T11:00:00")
        ).0
        let order = WhistleOrder(id: .new(), kind: kind, organisations: organisations, reason: "占道")
        let change = try filed.carryingOut(.whistle(order), by: town, at: at("10T12:00:00"))
        return (change.after(filed), change)
    }

    @Test func `a whistle begins the work, starts a clock of its own, and is told with whom it calls`() throws {
        let (after, change) = try blown()
        #expect(after.incident.state == .inProgress && after.incident.organisation == nil)
        let clock = try #require(after.clocks.last)
        #expect(try clock.kind == .whistle && clock.round == 1 && clock.dueAt == at("11T12:00:00"))
        let told = try #require(change.events.last as? WhistleBlown)
        #expect(change.events.count == 1 && told.whistle.organisations == ["A", "B"] && told.whistle.answered.isEmpty)
        #expect(told.whistle.dueAt == clock.dueAt && told.incident == after.incident.facts)
        #expect(change.whistle?.facts == told.whistle)
    }

    @Test func `the rulebook says how much time there is, else the usual`() throws {
        #expect(try blown(.emergency).0.clocks.last?.dueAt == at("10T13:00:00"))
        let own = RulebookSamples.rules {
            $0.whistles = [WhistleRule(kind: .hard, response: ClockLength(4, .hours, on: "office"))]
        }
        #expect(try blown(.hard, by: own).0.clocks.last?.dueAt == at("10T16:00:00"))
        #expect(try blown(.daily, by: own).0.clocks.last?.dueAt == at("11T12:00:00"))
    }

    @Test func `the clock stops when the last unit has answered, and a result ends a unit's part`() throws {
        let (present, change) = try blown()
        var whistle = try #require(change.whistle)
        func answer(
            _ unit: String, arrived: Bool, _ result: String?, _ time: String, _ present: IncidentCase
        ) throws -> IncidentCaseChange {
            try present.answering(
                whistle, with: WhistleAnswer(organisation: unit, hasArrived: arrived, result: result), by: .new(),
                at: at(time))
        }
        let first = try answer("A", arrived: true, nil, "10T12:30:00", present)
        whistle = try #require(first.whistle)
        let told = try #require(first.events.last as? WhistleAnswered)
        #expect(told.answer == WhistleAnswerFacts(organisation: "A", hasArrived: true, isDone: false))
        #expect(told.whistle.answered == ["A"])
        var after = first.after(present)
        #expect(after.clocks.last?.state == .running && after.incident.state == .inProgress)
        #expect(throws: IncidentRefusal.notCalled(organisation: "C")) {
            try answer("C", arrived: true, nil, "10T13:00:00", after)
        }
        let second = try answer("B", arrived: false, "已清理", "10T14:00:00", after)
        whistle = try #require(second.whistle)
        after = second.after(after)
        #expect(after.clocks.last?.state == .stopped && whistle.isAnswered)
        #expect(try whistle.calls[1].closedAt == at("10T14:00:00") && whistle.calls[0].closedAt == nil)
        #expect(throws: IncidentRefusal.alreadyAnswered(organisation: "B")) {
            try answer("B", arrived: true, nil, "10T15:00:00", after)
        }
        let done = try answer("A", arrived: true, "已劝离", "10T15:00:00", after)
        #expect(try done.whistle?.calls[0].arrivedAt == at("10T12:30:00"))
        #expect((done.events.last as? WhistleAnswered)?.answer.isDone == true)
        #expect(done.step.action == .answerWhistle && done.step.organisation == "A" && done.step.note == "已劝离")
    }

    @Test func `a unit that is late is missed once, and a second whistle has a clock of its own`() throws {
        let (present, change) = try blown()
        let whistle = try #require(change.whistle)
        let late = try present.answering(
            whistle, with: WhistleAnswer(organisation: "A", hasArrived: true, result: nil), by: .new(),
            at: at("11T12:00:00"))
        let missed = late.events.compactMap { $0 as? IncidentDeadlineMissed }.filter { $0.deadline.clock == .whistle }
        #expect(missed.count == 1 && missed.first?.deadline.level == 1)
        let order = WhistleOrder(id: .new(), kind: .daily, organisations: ["C"], reason: "再次")
        let again = try late.after(present).carryingOut(.whistle(order), by: town, at: at("11T13:00:00"))
        #expect(again.whistle?.round == 2 && again.clocks.last?.round == 2)
    }

    @Test func `the end of the incident ends its whistles`() throws {
        let (present, _) = try blown()
        let handled = try present.after([(.handle(result: "好"), town)], at: at("10T13:00:00")).0
        let closing = try handled.carryingOut(
            .verify(passed: true, method: .site), by: .new(), at: at("10T14:00:00"))
        #expect(closing.endsWhistles && closing.after(handled).clocks.allSatisfy { $0.state == .stopped })
        #expect(try present.carryingOut(.withdraw, by: town, at: at("10T13:00:00")).endsWhistles)
    }

    @Test func `an order names its units once each, and an answer says something`() throws {
        var draft = IncidentCommandDraft(
            actor: town.description, reason: "占道", organisations: ["A", " A ", "B"], kind: "hard")
        guard case .whistle(let order) = try draft.checked(.whistle).command else {
            Issue.record("another order")
            return
        }
        #expect(order.organisations == ["A", "B"] && order.kind == .hard)
        draft.organisations = []
        draft.kind = "loud"
        #expect(throws: RowFaults.self) { try draft.checked(.whistle) }
        draft.organisations = (0...WhistleOrder.organisationsMax).map { "U\($0)" }
        #expect(throws: RowFaults.self) { try draft.checked(.whistle) }
        let answer = WhistleAnswerDraft(actor: town.description, organisation: "A")
        #expect(throws: RowFaults.self) { try answer.checked(of: []) }
        let own = try WhistleAnswerDraft(actor: town.description, arrived: true).checked(of: ["U1"]).answer
        #expect(own == WhistleAnswer(organisation: "U1", hasArrived: true, result: nil))
    }

    @Test func `a close is followed up once, and what is opened again once more`() throws {
        let closed = try RulebookSamples.reported().after(
            [(.file(.emergencyManagement), town), (.selfHandle(result: "好"), town)], at: at("10T11:00:00")
        ).0.after([(.verify(passed: true, method: .phone), .new())], at: at("10T12:00:00")).0
        let said = try closed.carryingOut(.followUp(.no, .dissatisfied), by: town, at: at("11T09:00:00"))
        let feedback = try IncidentFeedback(resolved: .no, satisfaction: .dissatisfied, on: at("11T09:00:00"))
        #expect(said.incident.feedback == feedback && said.incident.state == .closed)
        #expect((said.events.last as? IncidentFeedbackRecorded)?.incident.feedback == feedback)
        #expect(throws: IncidentRefusal.alreadyFollowedUp) {
            try said.after(closed).carryingOut(.followUp(.yes, .satisfied), by: town, at: at("11T10:00:00"))
        }
        let reopened = try said.after(closed).carryingOut(.reopen(reason: "未修好"), by: town, at: at("11T10:00:00"))
        #expect(reopened.incident.feedback == nil)
    }
}
