import Messaging
import Models

/// What the events of grids and incidents mean for who is told of what.
package struct GridNewsEvents: Sendable {
    /// Who holds which role.
    package private(set) var staffing = GridStaffing()
    /// What happened to incidents, in order.
    package private(set) var news: [IncidentNews] = []
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
            news(IncidentReported.self, .reported), news(IncidentFiled.self, .filed),
            news(IncidentRejected.self, .rejected), news(IncidentDispatched.self, .dispatched),
            news(IncidentAccepted.self, .accepted), news(IncidentReturned.self, .returned),
            news(IncidentHandled.self, .handled), news(IncidentClosed.self, .closed),
            news(IncidentReopened.self, .reopened), news(IncidentWithdrawn.self, .withdrawn),
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

    private static func news<Payload: IncidentEvent>(_ type: Payload.Type, _ kind: NewsKind) -> (String, Reading) {
        (
            type.type,
            { event, found in
                found.news.append(
                    IncidentNews(
                        eventID: event.envelope.id, kind: kind, incident: try event.decode(type).incident,
                        occurredAt: event.envelope.time))
            }
        )
    }
}
