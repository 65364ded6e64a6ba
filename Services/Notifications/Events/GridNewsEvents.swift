import Messaging
import Models

/// What the events of grids and incidents mean for who is told of what.
package struct GridNewsEvents: Sendable {
    /// Who holds which role.
    package private(set) var staffing = GridStaffing()
    /// What happened to incidents, posts and bookings, in order.
    package private(set) var news: [News] = []
    /// Incidents that are said to have no reporter, or none any more.
    package private(set) var unreported: [IncidentID] = []

    private typealias Reading = @Sendable (ReceivedEvent, inout GridNewsEvents) throws -> Void

    /// Reads events in their order.
    ///
    /// - Throws: a decoding error, on which the reader finds the faulty event by itself.
    package init(_ events: [ReceivedEvent]) throws {
        for event in events { try Self.readings[event.type]?(event, &self) }
    }

    /// By CloudEvents type.
    ///
    /// `IncidentStated` says again what was known, which is no news; but the reporter may have been erased meanwhile.
    private static let readings: [String: Reading] = Dictionary(
        uniqueKeysWithValues: [
            staffing(GridStaffed.self) { $1.noteHeld($0.assignment) },
            staffing(GridAssignmentStated.self) { $1.noteHeld($0.assignment) },
            staffing(GridAssignmentEnded.self) { $1.noteEnded($0.assignment) },
            news(IncidentReported.self, .incidentReported), news(IncidentFiled.self, .incidentFiled),
            news(IncidentRejected.self, .incidentRejected), news(IncidentDispatched.self, .incidentDispatched),
            news(IncidentAccepted.self, .incidentAccepted), news(IncidentReturned.self, .incidentReturned),
            news(IncidentHandled.self, .incidentHandled), news(IncidentClosed.self, .incidentClosed),
            news(IncidentReopened.self, .incidentReopened), news(IncidentWithdrawn.self, .incidentWithdrawn),
            news(IncidentJoined.self, .incidentJoined), news(IncidentSplit.self, .incidentSplit),
            news(IncidentFeedbackRecorded.self, .incidentFeedbackRecorded),
            deadline(IncidentDeadlineApproaching.self, .deadlineApproaching),
            deadline(IncidentDeadlineMissed.self, .deadlineMissed), deadline(IncidentDueExtended.self, .dueExtended),
            deadline(IncidentPaused.self, .incidentPaused), deadline(IncidentResumed.self, .incidentResumed),
            whistle(WhistleBlown.self, .whistleBlown), whistle(WhistleAnswered.self, .whistleAnswered),
            vacancy, booking(BookingRequested.self, .bookingRequested), booking(BookingApproved.self, .bookingApproved),
            booking(BookingRefused.self, .bookingRefused), booking(BookingCancelled.self, .bookingCancelled),
            booking(BookingStarted.self, .bookingStarted), booking(BookingFinished.self, .bookingFinished),
            booking(BookingMissed.self, .bookingMissed),
            state(IncidentArchived.self), state(IncidentStated.self),
        ])

    private static func state<Payload: IncidentEvent>(_ type: Payload.Type) -> (String, Reading) {
        (
            type.type,
            { event, found in
                let incident = try event.decode(type).incident
                if incident.reporterID == nil, !incident.isHistorical { found.unreported.append(incident.incidentID) }
            }
        )
    }

    private static func staffing<Payload: GridAssignmentEvent>(
        _ type: Payload.Type, _ note: @escaping @Sendable (Payload, inout GridStaffing) -> Void
    ) -> (String, Reading) {
        (type.type, { event, found in note(try event.decode(type), &found.staffing) })
    }

    private static func news<Payload: IncidentEvent>(_ type: Payload.Type, _ kind: NewsEvent) -> (String, Reading) {
        (
            type.type,
            { event, found in
                let payload = try event.decode(type)
                found.news.append(
                    News(kind, payload.incident, eventID: event.envelope.id, occurredAt: event.envelope.time))
            }
        )
    }

    private static func deadline<Payload: IncidentDeadlineEvent>(
        _ type: Payload.Type, _ kind: NewsEvent
    ) -> (String, Reading) {
        (
            type.type,
            { event, found in
                let payload = try event.decode(type)
                found.news.append(
                    News(
                        kind, payload.incident, payload.deadline, eventID: event.envelope.id,
                        occurredAt: event.envelope.time))
            }
        )
    }

    private static func whistle<Payload: WhistleEvent>(_ type: Payload.Type, _ kind: NewsEvent) -> (String, Reading) {
        (
            type.type,
            { event, found in
                let payload = try event.decode(type)
                found.news.append(
                    News(
                        kind, payload.incident, payload.whistle, eventID: event.envelope.id,
                        occurredAt: event.envelope.time))
            }
        )
    }

    private static func booking<Payload: BookingEvent>(_ type: Payload.Type, _ kind: NewsEvent) -> (String, Reading) {
        (
            type.type,
            { event, found in
                let payload = try event.decode(type)
                found.news.append(
                    News(kind, payload.booking, eventID: event.envelope.id, occurredAt: event.envelope.time))
            }
        )
    }

    private static let vacancy: (String, Reading) = (
        GridVacancyOpened.type,
        { event, found in
            let payload = try event.decode(GridVacancyOpened.self)
            found.news.append(
                News(
                    .gridVacancyOpened, payload.vacancy, eventID: event.envelope.id, occurredAt: event.envelope.time))
        }
    )
}
