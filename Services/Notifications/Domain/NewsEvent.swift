import Models

/// The events that can be news to somebody, by their names; who is told, and how, is said by the routes.
package enum NewsEvent: String, Sendable, CaseIterable {
    case incidentReported = "IncidentReported"
    case incidentFiled = "IncidentFiled"
    case incidentRejected = "IncidentRejected"
    case incidentDispatched = "IncidentDispatched"
    case incidentAccepted = "IncidentAccepted"
    case incidentReturned = "IncidentReturned"
    case incidentHandled = "IncidentHandled"
    case incidentClosed = "IncidentClosed"
    case incidentReopened = "IncidentReopened"
    case incidentWithdrawn = "IncidentWithdrawn"
    case incidentJoined = "IncidentJoined"
    case incidentSplit = "IncidentSplit"
    case incidentFeedbackRecorded = "IncidentFeedbackRecorded"
    case deadlineApproaching = "IncidentDeadlineApproaching"
    case deadlineMissed = "IncidentDeadlineMissed"
    case dueExtended = "IncidentDueExtended"
    case incidentPaused = "IncidentPaused"
    case incidentResumed = "IncidentResumed"
    case whistleBlown = "WhistleBlown"
    case whistleAnswered = "WhistleAnswered"
    case gridVacancyOpened = "GridVacancyOpened"
    case bookingRequested = "BookingRequested"
    case bookingApproved = "BookingApproved"
    case bookingRefused = "BookingRefused"
    case bookingCancelled = "BookingCancelled"
    case bookingStarted = "BookingStarted"
    case bookingFinished = "BookingFinished"
    case bookingMissed = "BookingMissed"

    /// What an event is about.
    package enum Subject: String, Sendable, CaseIterable {
        case incident, vacancy, booking
    }

    /// What it is about.
    package var subject: Subject {
        switch self {
        case .gridVacancyOpened: .vacancy
        case .bookingRequested, .bookingApproved, .bookingRefused, .bookingCancelled, .bookingStarted,
            .bookingFinished, .bookingMissed:
            .booking
        default: .incident
        }
    }

    /// The slots that its messages may have; which of them are filled depends on the event.
    package var slots: Set<MessageSlot> {
        let incident: Set<MessageSlot> = [
            .number, .grid, .community, .function, .urgency, .isEmergency, .reports, .link,
        ]
        switch self {
        case .deadlineApproaching, .deadlineMissed, .dueExtended, .incidentPaused, .incidentResumed:
            return incident.union([.dueAt, .clock, .isEscalated])
        case .whistleBlown, .whistleAnswered: return incident.union([.dueAt, .whistle, .round])
        case .gridVacancyOpened: return [.grid, .community, .role, .link]
        default: return subject == .booking ? [.community, .from, .to, .link] : incident
        }
    }

    /// The states that a route may ask for: those of what the event is about.
    package var states: [String] {
        switch subject {
        case .incident: IncidentState.allCases.map(\.rawValue)
        case .vacancy: GridRole.allCases.map(\.rawValue)
        case .booking: BookingState.allCases.map(\.rawValue)
        }
    }

    /// Whether an audience can be found for it.
    package func admits(_ audience: Audience) -> Bool {
        switch audience {
        case .person, .subscribers, .supervisors, .role(_, in: .community): true
        case .role(_, in: .area): subject != .booking
        case .reporter: subject != .vacancy
        case .assignee: subject == .incident
        }
    }
}
