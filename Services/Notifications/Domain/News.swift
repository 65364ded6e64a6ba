import Foundation
import Models

/// An event that somebody may have to be told of: what the routes and the words need of it, and nothing else.
package struct News: Sendable, Equatable {
    /// The event's id: nobody is told of the same event twice on one channel.
    package var eventID: UUID
    /// Which event.
    package var event: NewsEvent
    /// The state of what it is about, after the event; of a vacancy, the role.
    package var state: String
    /// What it is about; of a vacancy, the last holding.
    package var subjectID: UUID
    /// Where: a grid, or a community.
    package var code: String
    /// Who reported or applied.
    package var reporterID: PersonID?
    /// Whom the event calls on.
    package var organisations: [String]
    /// From which level on the line above must know; nil from the bottom.
    package var escalatedTo: DivisionCode?
    /// How pressing it is.
    package var urgency: IncidentUrgency
    /// What the words are about.
    package var slots: MessageSlots
    /// Says that it came from an old sheet.
    package var isHistorical: Bool
    /// When it came about.
    package var occurredAt: Date

    /// Gathers what the event says.
    package init(
        eventID: UUID, event: NewsEvent, state: String, subjectID: UUID, code: String, reporterID: PersonID? = nil,
        organisations: [String] = [], escalatedTo: DivisionCode? = nil, urgency: IncidentUrgency = .ordinary,
        slots: MessageSlots = MessageSlots(), isHistorical: Bool = false, occurredAt: Date
    ) {
        self.eventID = eventID
        self.event = event
        self.state = state
        self.subjectID = subjectID
        self.code = code
        self.reporterID = reporterID
        self.organisations = organisations
        self.escalatedTo = escalatedTo
        self.urgency = urgency
        self.slots = slots
        self.isHistorical = isHistorical
        self.occurredAt = occurredAt
    }

    /// The responsibility area; of a community, itself.
    package var areaCode: String { String(code.prefix(15)) }
}

extension News {
    /// News of an incident.
    package init(_ event: NewsEvent, _ incident: IncidentFacts, eventID: UUID, occurredAt: Date) {
        var slots: [MessageSlot: String] = [
            .number: incident.number, .grid: incident.gridCode.digits,
            .community: String(incident.gridCode.digits.prefix(12)), .function: incident.function.rawValue,
            .urgency: incident.urgency.rawValue, .link: "/v1/incidents/\(incident.incidentID)",
        ]
        if incident.urgency == .emergency { slots[.isEmergency] = "true" }
        if let reports = incident.reports { slots[.reports] = "\(reports)" }
        self.init(
            eventID: eventID, event: event, state: incident.state.rawValue, subjectID: incident.incidentID.rawValue,
            code: incident.gridCode.digits, reporterID: incident.reporterID,
            organisations: [incident.organisation].compactMap(\.self) + (incident.helpers ?? []),
            urgency: incident.urgency, slots: MessageSlots(slots), isHistorical: incident.isHistorical,
            occurredAt: occurredAt)
    }

    /// News of a clock of an incident.
    package init(
        _ event: NewsEvent, _ incident: IncidentFacts, _ deadline: DeadlineFacts, eventID: UUID, occurredAt: Date
    ) {
        self.init(event, incident, eventID: eventID, occurredAt: occurredAt)
        escalatedTo = deadline.escalatedTo
        slots.values[.dueAt] = RFC3339.format(deadline.dueAt)
        slots.values[.clock] = deadline.clock.rawValue
        if deadline.escalatedTo != nil { slots.values[.isEscalated] = "true" }
    }

    /// News of a whistle: those called are who must come, and the town that blew it is above them.
    package init(
        _ event: NewsEvent, _ incident: IncidentFacts, _ whistle: WhistleFacts, eventID: UUID, occurredAt: Date
    ) {
        self.init(event, incident, eventID: eventID, occurredAt: occurredAt)
        organisations = whistle.organisations
        escalatedTo = incident.gridCode.community?.parent
        slots.values[.dueAt] = RFC3339.format(whistle.dueAt)
        slots.values[.whistle] = whistle.kind.rawValue
        slots.values[.round] = "\(whistle.round)"
    }

    /// News of a post that nobody holds any more.
    package init(_ event: NewsEvent, _ vacancy: GridVacancyFacts, eventID: UUID, occurredAt: Date) {
        self.init(
            eventID: eventID, event: event, state: vacancy.role.rawValue,
            subjectID: vacancy.lastAssignmentID.rawValue, code: vacancy.gridCode.digits,
            slots: MessageSlots([
                .grid: vacancy.gridCode.digits, .community: String(vacancy.gridCode.digits.prefix(12)),
                .role: vacancy.role.rawValue, .link: "/v1/grids/\(vacancy.gridCode)",
            ]), occurredAt: occurredAt)
    }

    /// News of a booking.
    package init(_ event: NewsEvent, _ booking: BookingFacts, eventID: UUID, occurredAt: Date) {
        self.init(
            eventID: eventID, event: event, state: booking.state.rawValue, subjectID: booking.bookingID.rawValue,
            code: booking.divisionCode.digits, reporterID: booking.applicantID,
            slots: MessageSlots([
                .community: booking.divisionCode.digits, .from: RFC3339.format(booking.from),
                .to: RFC3339.format(booking.to), .link: "/v1/bookings/\(booking.bookingID)",
            ]), occurredAt: occurredAt)
    }
}

extension News {
    /// Sorts a batch into what is news and how many events are only of the past.
    package static func sorted(_ news: [News]) -> (fresh: [News], historical: Int) {
        let fresh = news.filter { !$0.isHistorical }
        return (fresh, news.count - fresh.count)
    }
}

/// Why nobody was told of an event, or not this person.
package enum SkipReason: String, Sendable, CaseIterable {
    /// It came from an old sheet and is no news.
    case historical
    /// It was for the reporter, who left no inbox.
    case noInbox = "no-inbox"
    /// The worker reported it himself.
    case ownReport = "own-report"
    /// Nobody took up the post in time.
    case noRecipient = "no-recipient"
    /// No route says whether anybody is told.
    case noRoute = "no-route"
    /// The route's template has no approved words.
    case noTemplate = "no-template"
    /// Nobody takes what comes to the organisation, or stands above.
    case noSubscriber = "no-subscriber"

    /// Those that are counted by event, since there is nobody to write them down for.
    package static let ofEvents: [SkipReason] = [.historical, .noInbox, .noRoute, .noTemplate, .noSubscriber]
}
