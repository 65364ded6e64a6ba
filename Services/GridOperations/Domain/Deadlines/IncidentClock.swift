import Foundation
import Models

/// A clock that runs on an incident: how much time there is, how much has passed, and how far it has come.
///
/// Only time while it runs counts, on its calendar; so a pause keeps exactly what is left.
package struct IncidentClock: Sendable, Hashable {
    /// Whether it runs.
    package enum State: String, Sendable {
        case running
        case paused
        /// It ended by the step that met it, or with the incident.
        case stopped
    }

    /// Which clock.
    package let kind: IncidentClockKind
    /// How often it was started, from 1.
    package let round: Int
    /// The version of the rules that it keeps to.
    package let rulebook: Int
    /// The code of its calendar; nil for round the clock.
    package let calendar: String?
    /// When it was started.
    package let startedAt: Date
    /// All the time that there is, in milliseconds of the calendar.
    package private(set) var allowance: Int
    /// The time that had passed before it last began to run, in milliseconds of the calendar.
    package private(set) var spent = 0
    /// Whether it runs.
    package private(set) var state = State.running
    /// Since when it is in this state.
    package private(set) var since: Date
    /// When the time is up, or was; while it is paused, when it would have been.
    package private(set) var dueAt: Date
    /// Whether the time was extended.
    package private(set) var isExtended = false
    /// The highest level that was acted on: 0 the reminder, 1 the due time, more up the line; nil before any.
    package private(set) var level: Int?

    /// Starts a clock.
    package init(
        _ kind: IncidentClockKind, round: Int = 1, length: ClockLength, at moment: Date, by rules: RulebookInForce
    ) {
        self.kind = kind
        self.round = round
        rulebook = rules.number
        calendar = length.calendar
        startedAt = moment
        since = moment
        allowance = rules.milliseconds(length)
        dueAt = rules.calendar(length.calendar).adding(allowance, to: moment)
    }

    /// Takes up a clock that was kept.
    package init(
        kind: IncidentClockKind, round: Int, rulebook: Int, calendar: String?, startedAt: Date, allowance: Int,
        spent: Int, state: State, since: Date, dueAt: Date, isExtended: Bool, level: Int?
    ) {
        self.kind = kind
        self.round = round
        self.rulebook = rulebook
        self.calendar = calendar
        self.startedAt = startedAt
        self.allowance = allowance
        self.spent = spent
        self.state = state
        self.since = since
        self.dueAt = dueAt
        self.isExtended = isExtended
        self.level = level
    }

    /// What readers of events learn of it.
    ///
    /// - Parameter division: whose leaders must know.
    package func facts(escalatedTo division: DivisionCode? = nil) -> DeadlineFacts {
        DeadlineFacts(
            clock: kind, round: round, dueAt: dueAt, level: level, escalatedTo: division, isExtended: isExtended)
    }

    // MARK: - What comes next

    /// When it comes to its next level; nil when it does not run or has come to the last.
    package func nextActionAt(by rules: RulebookInForce) -> Date? {
        let next = level.map { $0 + 1 } ?? 0
        guard state == .running, next <= rules.levelMax else { return nil }
        return moment(percent: rules.percent(level: next), rules)
    }

    /// Takes it through every level whose time has come, one after the other.
    ///
    /// - Returns: what was due, in order; nothing when nothing was.
    package mutating func acting(at moment: Date, by rules: RulebookInForce) -> [DeadlineAction] {
        var actions: [DeadlineAction] = []
        while let scheduledAt = nextActionAt(by: rules), scheduledAt <= moment {
            let reached = level.map { $0 + 1 } ?? 0
            level = reached
            actions.append(
                DeadlineAction(kind: kind, round: round, level: reached, scheduledAt: scheduledAt, actedAt: moment))
        }
        return actions
    }

    private func moment(percent: Int, _ rules: RulebookInForce) -> Date {
        // Multiplied first, so that 80 % of a minute is 48 s; never before it last began to run.
        rules.calendar(calendar).adding(allowance * percent / 100 - spent, to: since)
    }

    // MARK: - What orders do

    /// Stands still, with the time that is left.
    package mutating func pause(at moment: Date, by rules: RulebookInForce) {
        guard state == .running else { return }
        spent += rules.calendar(calendar).working(from: since, to: moment)
        (state, since) = (.paused, moment)
    }

    /// Runs on with the time that was left; what was over stays over.
    package mutating func resume(at moment: Date, by rules: RulebookInForce) {
        guard state == .paused else { return }
        (state, since) = (.running, moment)
        if spent < allowance { dueAt = self.moment(percent: 100, rules) }
    }

    /// Ends.
    package mutating func stop(at moment: Date, by rules: RulebookInForce) {
        guard state != .stopped else { return }
        if state == .running { spent += rules.calendar(calendar).working(from: since, to: moment) }
        (state, since) = (.stopped, moment)
    }

    /// Gets more time, once, and not when it is over.
    ///
    /// - Parameter length: milliseconds of its calendar.
    /// - Throws: `IncidentRefusal`.
    package mutating func extend(by length: Int, at moment: Date, by rules: RulebookInForce) throws(IncidentRefusal) {
        guard state == .running else { throw .clockStands }
        guard !isExtended else { throw .alreadyExtended }
        guard moment < dueAt else { throw .extensionTooLate }
        isExtended = true
        allowance += length
        dueAt = self.moment(percent: 100, rules)
    }
}

/// Names one start of a clock.
package struct ClockKey: Sendable, Hashable {
    package let incident: IncidentID
    package let kind: IncidentClockKind
    package let round: Int

    package init(incident: IncidentID, kind: IncidentClockKind, round: Int) {
        self.incident = incident
        self.kind = kind
        self.round = round
    }
}

/// What was done when a clock came to a level: once for each incident, clock, round and level.
package struct DeadlineAction: Sendable, Hashable {
    /// Which clock.
    package let kind: IncidentClockKind
    /// Which start of it.
    package let round: Int
    /// Which level: 0 the reminder, 1 the due time, more up the line.
    package let level: Int
    /// When its time came.
    package let scheduledAt: Date
    /// When it was done.
    package let actedAt: Date

    /// Gathers the fields.
    package init(kind: IncidentClockKind, round: Int, level: Int, scheduledAt: Date, actedAt: Date) {
        self.kind = kind
        self.round = round
        self.level = level
        self.scheduledAt = scheduledAt
        self.actedAt = actedAt
    }

    /// The fact to tell others.
    ///
    /// - Parameter clock: the clock; its level may have gone on since.
    package func event(of incident: Incident, _ clock: IncidentClock, by rules: RulebookInForce)
        -> any IncidentDeadlineEvent
    {
        var facts = clock.facts(escalatedTo: rules.division(level: level, grid: incident.gridCode))
        facts.level = level
        return level == 0
            ? IncidentDeadlineApproaching(incident: incident.facts, deadline: facts)
            : IncidentDeadlineMissed(incident: incident.facts, deadline: facts)
    }
}
