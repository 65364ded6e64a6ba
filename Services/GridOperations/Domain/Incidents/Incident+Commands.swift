import Foundation
import Models

/// What carrying out an order makes of an incident.
package struct IncidentChange: Sendable {
    /// The incident afterwards.
    package let incident: Incident
    /// The step to keep.
    package let step: IncidentStep
    /// The fact to tell others; nil for an order about a clock, which `IncidentCase` tells.
    package let event: (any IncidentEvent)?
}

/// The state machine of `DOMAIN.md` 2.5.2, from report to close.
extension Incident {
    /// For how many days after closing an incident may be reopened.
    package static let reopenDaysMax = 30

    /// Carries out an order.
    ///
    /// - Parameters:
    ///   - command: what to do.
    ///   - actor: who does it.
    ///   - moment: when.
    /// - Returns: the incident afterwards with its step and its event.
    /// - Throws: `IncidentRefusal`.
    package func carryingOut(
        _ command: IncidentCommand, by actor: PersonID, at moment: Date
    ) throws(IncidentRefusal) -> IncidentChange {
        var after = self
        let event = try after.apply(command, by: actor, at: moment.wholeMilliseconds)
        after.version += 1
        let step = IncidentStep(
            version: after.version, action: command.action, actor: actor, at: moment.wholeMilliseconds,
            state: after.state, organisation: command.organisation(of: self, after: after),
            note: command.note)
        return IncidentChange(incident: after, step: step, event: event?.init(incident: after.facts))
    }

    private mutating func apply(
        _ command: IncidentCommand, by actor: PersonID, at moment: Date
    ) throws(IncidentRefusal) -> (any IncidentEvent.Type)? {
        switch (state, command) {
        case (.reported, .file(let function, let category, let attributes)):
            self.attributes = attributes
            report.function = function ?? report.function
            report.functionIsProvisional = false
            self.category = category
            return become(.filed, IncidentFiled.self)
        case (.reported, .reject):
            try requireAlone()
            return become(.rejected, IncidentRejected.self)
        case (.filed, .selfHandle(let result)), (.inProgress, .handle(let result)):
            handledBy = actor
            self.result = result
            return become(.handled, IncidentHandled.self)
        case (.filed, .dispatch(let organisation, let helpers)):
            guard let organisation else { throw .noRoute }
            self.organisation = organisation
            self.helpers = helpers.filter { $0 != organisation }
            return become(.dispatched, IncidentDispatched.self)
        case (.dispatched, .accept(let organisation)):
            try requireLead(organisation)
            return become(.inProgress, IncidentAccepted.self)
        case (.dispatched, .giveBack(let organisation, _)):
            return try takeBack(from: organisation)
        case (.handled, .verify(let passed, _)):
            guard handledBy != actor else { throw .verifierIsHandler }
            return passed ? close(at: moment) : resume()
        case (.closed, .reopen):
            try requireRecentClosing(at: moment)
            return resume()
        case (.inProgress, .extend(_, let applicant, _)):
            guard applicant != actor else { throw .approverIsApplicant }
            return nil
        case (.inProgress, .pause), (.inProgress, .resume):
            return nil
        case (.filed, .whistle), (.inProgress, .whistle):
            // The whistle itself is told by the case; with it the work has begun.
            state = .inProgress
            return nil
        case (.reported, .join(let primary)), (.filed, .join(let primary)):
            try requireAlone()
            guard primary != id else { throw .joinsItself }
            (stateBeforeJoin, joinedTo) = (state, primary)
            return become(.joined, IncidentJoined.self)
        case (.joined, .split):
            let before = stateBeforeJoin ?? .reported
            (stateBeforeJoin, joinedTo, closedAt) = (nil, nil, nil)
            return become(before, IncidentSplit.self)
        case (.closed, .followUp(let resolved, let satisfaction)):
            guard feedback == nil else { throw .alreadyFollowedUp }
            feedback = IncidentFeedback(resolved: resolved, satisfaction: satisfaction, on: moment)
            return IncidentFeedbackRecorded.self
        case (_, .answerWhistle) where !state.isEnd, (_, .addPhoto) where !state.isEnd:
            return nil
        case (_, .withdraw) where !state.isEnd:
            if let reporter = report.reporterID, reporter != actor { throw .notTheReporter }
            try requireAlone()
            return become(.withdrawn, IncidentWithdrawn.self)
        default:
            throw .wrongState(state, command.action)
        }
    }

    private mutating func become(_ state: IncidentState, _ event: any IncidentEvent.Type) -> any IncidentEvent.Type {
        self.state = state
        return event
    }

    private mutating func takeBack(from organisation: String) throws(IncidentRefusal) -> any IncidentEvent.Type {
        try requireLead(organisation)
        guard !returnedBy.contains(organisation) else { throw .alreadyReturned(organisation: organisation) }
        returnedBy.append(organisation)
        self.organisation = nil
        helpers = []
        return become(.filed, IncidentReturned.self)
    }

    private mutating func close(at moment: Date) -> any IncidentEvent.Type {
        closedAt = moment
        return become(.closed, IncidentClosed.self)
    }

    /// Back to work: whoever led still leads, and the result no longer counts.
    private mutating func resume() -> any IncidentEvent.Type {
        closedAt = nil
        feedback = nil
        handledBy = nil
        result = nil
        return become(.inProgress, IncidentReopened.self)
    }

    /// Others follow it, and would be left behind.
    private func requireAlone() throws(IncidentRefusal) {
        guard members == 0 else { throw .othersJoined(members) }
    }

    private func requireLead(_ organisation: String) throws(IncidentRefusal) {
        guard self.organisation == organisation else { throw .otherOrganisation(leading: self.organisation) }
    }

    private func requireRecentClosing(at moment: Date) throws(IncidentRefusal) {
        let limit = TimeInterval(Self.reopenDaysMax * 86_400)
        guard let closedAt, moment.timeIntervalSince(closedAt) <= limit else {
            throw .reopenTooLate(daysMax: Self.reopenDaysMax)
        }
    }
}

extension IncidentCommand {
    /// The organisation that the step names.
    fileprivate func organisation(of before: Incident, after: Incident) -> String? {
        switch self {
        case .dispatch, .accept, .giveBack: before.organisation ?? after.organisation
        case .answerWhistle(let answer): answer.organisation
        default: nil
        }
    }
}
