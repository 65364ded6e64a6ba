import Foundation
import Models

/// An incident with its clocks and the rules that it keeps to: what an order is carried out on.
package struct IncidentCase: Sendable {
    /// The incident.
    package var incident: Incident
    /// All of its clocks, in the order in which they were started.
    package var clocks: [IncidentClock]
    /// The version of the rules in force when it was reported.
    package let rules: RulebookInForce

    /// Joins them.
    package init(incident: Incident, clocks: [IncidentClock], rules: RulebookInForce) {
        self.incident = incident
        self.clocks = clocks
        self.rules = rules
    }
}

/// What carrying out an order makes of a case.
package struct IncidentCaseChange: Sendable {
    /// The incident afterwards.
    package let incident: Incident
    /// The step to keep.
    package let step: IncidentStep
    /// Clocks that were started or changed, as they are afterwards.
    package let clocks: [IncidentClock]
    /// Levels that clocks had come to before the order and nobody had acted on yet.
    package let actions: [DeadlineAction]
    /// The facts to tell others, in order.
    package let events: [any EventPayload]
    /// A whistle that was blown or answered, as it is afterwards.
    package var whistle: Whistle?
    /// Whether nothing is expected of units that whistles have called any more.
    package var endsWhistles = false

    /// The case after the change.
    package func after(_ before: IncidentCase) -> IncidentCase {
        let changed = Dictionary(clocks.map { (Self.key($0), $0) }) { $1 }
        let known = Set(before.clocks.map(Self.key))
        return IncidentCase(
            incident: incident,
            clocks: before.clocks.map { changed[Self.key($0)] ?? $0 } + clocks.filter { !known.contains(Self.key($0)) },
            rules: before.rules)
    }

    private static func key(_ clock: IncidentClock) -> String { "\(clock.kind.rawValue) \(clock.round)" }
}

extension IncidentClock {
    /// The clock that begins to run with a report; nil where the rules have none.
    package static func response(to incident: Incident, by rules: RulebookInForce) -> IncidentClock? {
        rules.clock(category: incident.category, urgency: incident.report.urgency).map { rule in
            IncidentClock(.response, length: rule.response, at: incident.report.reportedAt, by: rules)
        }
    }
}

extension IncidentCase {
    /// Carries out an order.
    ///
    /// What was due before it is acted on first, so that a deadline that was missed is missed at its own time, however
    /// late the watch over deadlines is.
    ///
    /// - Throws: `IncidentRefusal`.
    package func carryingOut(
        _ order: IncidentCommand, by actor: PersonID, at time: Date
    ) throws(IncidentRefusal) -> IncidentCaseChange {
        let moment = time.wholeMilliseconds
        let command = try completed(order, at: moment)
        var after = self
        var (actions, events) = after.actingOnWhatIsDue(at: moment)
        let change = try incident.carryingOut(command, by: actor, at: moment)
        after.incident = change.incident
        let told = try after.moveClocks(command, at: moment)
        let whistle = after.whistle(blownWith: command, at: moment)
        if let event = change.event { events.append(event) }
        if let told { events.append(told) }
        if let whistle { events.append(WhistleBlown(incident: after.incident.facts, whistle: whistle.facts)) }
        return IncidentCaseChange(
            incident: after.incident, step: change.step,
            clocks: after.clocks.filter { !clocks.contains($0) }, actions: actions, events: events, whistle: whistle,
            endsWhistles: after.incident.state.isEnd && clocks.contains { $0.kind == .whistle })
    }

    /// Takes in what a unit answers to a whistle.
    ///
    /// - Throws: `IncidentRefusal`.
    package func answering(
        _ blown: Whistle, with answer: WhistleAnswer, by actor: PersonID, at time: Date
    ) throws(IncidentRefusal) -> IncidentCaseChange {
        let moment = time.wholeMilliseconds
        var after = self
        var (actions, events) = after.actingOnWhatIsDue(at: moment)
        let change = try incident.carryingOut(.answerWhistle(answer), by: actor, at: moment)
        after.incident = change.incident
        var whistle = blown
        let call = try whistle.take(answer, at: moment)
        if whistle.isAnswered {
            for index in after.clocks.indices
            where after.clocks[index].kind == .whistle && after.clocks[index].round == blown.round {
                after.clocks[index].stop(at: moment, by: rules)
            }
        }
        events.append(
            WhistleAnswered(
                incident: after.incident.facts, whistle: whistle.facts,
                answer: WhistleAnswerFacts(
                    organisation: answer.organisation, hasArrived: call.arrivedAt != nil, isDone: call.result != nil)))
        return IncidentCaseChange(
            incident: after.incident, step: change.step,
            clocks: after.clocks.filter { !clocks.contains($0) }, actions: actions, events: events, whistle: whistle)
    }

    /// Takes every clock through the levels whose time has come.
    private mutating func actingOnWhatIsDue(at moment: Date) -> ([DeadlineAction], [any EventPayload]) {
        var actions: [DeadlineAction] = []
        var events: [any EventPayload] = []
        for index in clocks.indices {
            for action in clocks[index].acting(at: moment, by: rules) {
                actions.append(action)
                events.append(action.event(of: incident, clocks[index], by: rules))
            }
        }
        return (actions, events)
    }

    /// The whistle of an order whose clock has just been started; nil for other orders.
    private func whistle(blownWith command: IncidentCommand, at moment: Date) -> Whistle? {
        guard case .whistle(let order) = command, let clock = clocks.last(where: { $0.kind == .whistle }) else {
            return nil
        }
        return Whistle(
            id: order.id, incident: incident.id, round: clock.round, kind: order.kind, reason: order.reason,
            blownAt: moment, dueAt: clock.dueAt, calls: order.organisations.map { Whistle.Call(organisation: $0) })
    }

    // MARK: - What the rules add to an order

    /// The order with what its rules say where it leaves something open.
    private func completed(_ order: IncidentCommand, at moment: Date) throws(IncidentRefusal) -> IncidentCommand {
        switch order {
        case .file(let function, let code?, let attributes):
            let category = try rules.category(
                code, function: function, answers: attributes, on: CalendarDay(inShanghai: moment))
            return .file(category.function, category: code, attributes: attributes)
        case .dispatch(nil, let helpers):
            let organisation = rules.organisation(
                category: incident.category, function: incident.report.function, grid: incident.gridCode)
            guard let organisation else { throw .noRoute }
            return .dispatch(organisation: organisation, helpers: helpers)
        default:
            return order
        }
    }

    // MARK: - What an order does to the clocks

    /// Starts, pauses, resumes, extends and stops clocks as an order says.
    ///
    /// - Returns: the fact about a clock to tell others, where the order was about one.
    private mutating func moveClocks(
        _ command: IncidentCommand, at moment: Date
    ) throws(IncidentRefusal) -> (any IncidentDeadlineEvent)? {
        let rules = rules
        switch command {
        case .file:
            stop(.response, at: moment)
            startResolving(at: moment)
        case .reject, .withdraw:
            for kind in IncidentClockKind.allCases { stop(kind, at: moment) }
        case .selfHandle, .handle:
            // The handlers have done their part; the time of those who verify is not theirs.
            forRunning(.resolve) { $0.pause(at: moment, by: rules) }
        case .verify(let passed, _):
            if passed {
                stop(.resolve, at: moment)
                stop(.whistle, at: moment)
            } else {
                forRunning(.resolve) { $0.resume(at: moment, by: rules) }
            }
        case .reopen:
            startResolving(at: moment)
        case .pause:
            return try clockAfter(IncidentPaused.self) { clock throws(IncidentRefusal) in
                guard clock.state == .running else { throw .clockStands }
                clock.pause(at: moment, by: rules)
            }
        case .resume:
            return try clockAfter(IncidentResumed.self) { clock throws(IncidentRefusal) in
                guard clock.state == .paused else { throw .clockRuns }
                clock.resume(at: moment, by: rules)
            }
        case .extend(let days, _, _):
            return try clockAfter(IncidentDueExtended.self) { clock throws(IncidentRefusal) in
                let length = ClockLength(days, .workingDays, on: clock.calendar)
                try clock.extend(by: rules.milliseconds(length), at: moment, by: rules)
            }
        case .join:
            for kind in IncidentClockKind.allCases { stop(kind, at: moment) }
        case .split:
            // The time begins anew: nobody could work on it meanwhile.
            if incident.state == .filed { startResolving(at: moment) } else { startResponding(at: moment) }
        case .whistle(let order):
            let round = (clocks.filter { $0.kind == .whistle }.map(\.round).max() ?? 0) + 1
            clocks.append(
                IncidentClock(.whistle, round: round, length: rules.whistle(order.kind), at: moment, by: rules))
        case .dispatch, .accept, .giveBack, .answerWhistle, .followUp, .addPhoto:
            break
        }
        return nil
    }

    /// The resolve clock begins, once more after each reopening; incidents of old sheets have none.
    private mutating func startResolving(at moment: Date) {
        guard !incident.isHistorical,
            let rule = rules.clock(category: incident.category, urgency: incident.report.urgency)
        else { return }
        let round = clocks.filter { $0.kind == .resolve }.map(\.round).max() ?? 0
        clocks.append(IncidentClock(.resolve, round: round + 1, length: rule.resolve, at: moment, by: rules))
    }

    /// The response clock once more, for a report that was split off again.
    private mutating func startResponding(at moment: Date) {
        guard !incident.isHistorical,
            let rule = rules.clock(category: incident.category, urgency: incident.report.urgency)
        else { return }
        let round = clocks.filter { $0.kind == .response }.map(\.round).max() ?? 0
        clocks.append(IncidentClock(.response, round: round + 1, length: rule.response, at: moment, by: rules))
    }

    private mutating func stop(_ kind: IncidentClockKind, at moment: Date) {
        let rules = rules
        forRunning(kind) { $0.stop(at: moment, by: rules) }
    }

    private mutating func forRunning(_ kind: IncidentClockKind, _ change: (inout IncidentClock) -> Void) {
        for index in clocks.indices where clocks[index].kind == kind && clocks[index].state != .stopped {
            change(&clocks[index])
        }
    }

    /// Changes the resolve clock that has not ended.
    private mutating func clockAfter<Event: IncidentDeadlineEvent>(
        _ type: Event.Type, _ change: (inout IncidentClock) throws(IncidentRefusal) -> Void
    ) throws(IncidentRefusal) -> (any IncidentDeadlineEvent)? {
        guard let index = clocks.lastIndex(where: { $0.kind == .resolve && $0.state != .stopped }) else {
            throw .noClock
        }
        try change(&clocks[index])
        return Event(incident: incident.facts, deadline: clocks[index].facts())
    }
}

// MARK: - The past once more

extension IncidentCase {
    /// The clocks that rules would have started on an incident of the past, as they would stand now.
    ///
    /// - Parameter moment: until when they are watched.
    static func replay(_ past: PastIncident, by rules: RulebookInForce, until moment: Date) -> [IncidentClock] {
        var incident = past.incident
        // The category is set by the filing.
        incident.category = nil
        let response = IncidentClock.response(to: incident, by: rules)
        var replayed = IncidentCase(incident: incident, clocks: [response].compactMap { $0 }, rules: rules)
        for step in past.steps {
            replayed.act(at: step.at)
            if step.action == .file { replayed.incident.category = past.incident.category }
            guard let command = IncidentCommand(clockEffectOf: step) else { continue }
            do throws(IncidentRefusal) {
                _ = try replayed.moveClocks(command, at: step.at)
            } catch {
                // An order that these rules would have refused leaves their clocks as they are.
            }
        }
        replayed.act(at: moment)
        return replayed.clocks
    }

    private mutating func act(at moment: Date) {
        for index in clocks.indices { _ = clocks[index].acting(at: moment, by: rules) }
    }
}

extension IncidentCommand {
    /// An order with the same effect on clocks as a step had; nil for a step that has none.
    fileprivate init?(clockEffectOf step: IncidentStep) {
        let note = step.note ?? ""
        switch step.action {
        case .file: self = .file(nil)
        case .reject: self = .reject(reason: note)
        case .selfHandle: self = .selfHandle(result: note)
        case .pause: self = .pause(reason: note)
        case .resume: self = .resume
        case .extend:
            guard let days = note.split(separator: ":").first.flatMap({ Int($0) }) else { return nil }
            self = .extend(days: days, applicant: step.actor, reason: note)
        case .handle: self = .handle(result: note)
        case .verify: self = .verify(passed: note.hasPrefix("passed"), method: .document)
        case .reopen: self = .reopen(reason: note)
        case .withdraw: self = .withdraw
        case .dispatch, .accept, .giveBack, .whistle, .answerWhistle, .followUp, .addPhoto, .archive, .join, .split:
            return nil
        }
    }
}
