import Foundation
import Messaging
import Models

/// What each event means for the picture of the county.
package enum CountyEvents {
    private typealias Reading = @Sendable (ReceivedEvent, inout CountyChanges) throws -> Void

    /// Folds events, in their order, into what they change.
    ///
    /// - Throws: a decoding error, on which the reader finds the faulty event by itself.
    package static func changes(of events: [ReceivedEvent]) throws -> CountyChanges {
        var changes = CountyChanges()
        for event in events { try readings[event.type]?(event, &changes) }
        return changes
    }

    /// The types of event that change something.
    package static var types: Set<String> { Set(readings.keys) }

    /// By CloudEvents type: a look-up costs less than asking one type after the other.
    private static let readings: [String: Reading] = Dictionary(
        uniqueKeysWithValues: [
            reading(DivisionRegistered.self) { $1.note($0.division) },
            reading(DivisionChanged.self) { $1.note($0.division) },
            reading(DivisionStated.self) { $1.note($0.division) },
            reading(GridActivated.self) { $1.note($0.grid) },
            reading(GridChanged.self) { $1.note($0.grid) },
            reading(GridMerged.self) { $1.note($0.grid) },
            reading(GridSplit.self) { $1.note($0.grid) },
            reading(GridStated.self) { $1.note($0.grid) },
            reading(GridStaffed.self) { $1.note($0.assignment) },
            reading(GridAssignmentStated.self) { $1.note($0.assignment) },
            reading(GridAssignmentEnded.self) { $1.noteEnd(of: $0.assignment) },
            // The holdings themselves say who serves where, so this adds nothing to them.
            reading(GridVacancyOpened.self) { _, _ in },
            reading(IncidentReported.self) { $1.note($0.incident) },
            timed(IncidentFiled.self) { payload, moment, changes in
                changes.note(payload.incident)
                changes.noteResponse(of: payload.incident, at: moment)
            },
            timed(IncidentRejected.self) { payload, moment, changes in
                changes.note(payload.incident)
                changes.noteResponse(of: payload.incident, at: moment)
            },
            reading(IncidentDispatched.self) { $1.note($0.incident) },
            reading(IncidentAccepted.self) { $1.note($0.incident) },
            reading(IncidentReturned.self) { $1.note($0.incident) },
            reading(IncidentHandled.self) { $1.note($0.incident) },
            timed(IncidentClosed.self) { payload, moment, changes in
                changes.note(payload.incident)
                changes.noteClose(of: payload.incident, at: moment)
            },
            reading(IncidentReopened.self) {
                $1.note($0.incident)
                $1.noteReopening(of: $0.incident)
            },
            reading(IncidentWithdrawn.self) { $1.note($0.incident) },
            reading(IncidentDeadlineApproaching.self) { $1.note($0.incident) },
            reading(IncidentDeadlineMissed.self) {
                $1.note($0.incident)
                // How soon units come is theirs, not the handling's.
                if $0.deadline.clock != .whistle { $1.noteMiss(of: $0.incident) }
            },
            reading(IncidentDueExtended.self) { $1.note($0.incident) },
            reading(IncidentPaused.self) { $1.note($0.incident) },
            reading(IncidentResumed.self) { $1.note($0.incident) },
            reading(IncidentArchived.self) { $1.note($0.incident) },
            reading(IncidentJoined.self) { $1.note($0.incident) },
            reading(IncidentSplit.self) { $1.note($0.incident) },
            reading(IncidentFeedbackRecorded.self) {
                $1.note($0.incident)
                if let feedback = $0.incident.feedback { $1.note(feedback, of: $0.incident) }
            },
            reading(WhistleBlown.self) { $1.note($0.incident) },
            reading(WhistleAnswered.self) { $1.note($0.incident) },
            reading(IncidentStated.self) { $1.note($0.incident) },
            reading(StationPlanned.self) { $1.note($0.station) },
            reading(StationOpened.self) { $1.note($0.station) },
            reading(StationChanged.self) { $1.note($0.station) },
            reading(StationUpgraded.self) { $1.note($0.station) },
            reading(StationClosed.self) { $1.note($0.station) },
            reading(StationStated.self) { $1.note($0.station) },
            reading(FacilityRegistered.self) { $1.note($0.facility) },
            reading(FacilityChanged.self) { $1.note($0.facility) },
            reading(FacilityStated.self) { $1.note($0.facility) },
            reading(RoomRegistered.self) { $1.note($0.room) },
            reading(RoomChanged.self) { $1.note($0.room) },
            reading(RoomStated.self) { $1.note($0.room) },
            reading(BookingRequested.self) { $1.note($0.booking) },
            reading(BookingApproved.self) { $1.note($0.booking) },
            reading(BookingRefused.self) { $1.note($0.booking) },
            reading(BookingCancelled.self) { $1.note($0.booking) },
            reading(BookingStarted.self) { $1.note($0.booking) },
            reading(BookingFinished.self) { $1.note($0.booking) },
            reading(BookingMissed.self) { $1.note($0.booking) },
            reading(BookingStated.self) { $1.note($0.booking) },
            reading(PartyOrganisationRegistered.self) { $1.note($0.organisation) },
            reading(PartyOrganisationChanged.self) { $1.note($0.organisation) },
            reading(PartyOrganisationStated.self) { $1.note($0.organisation) },
            reading(MemberCountReported.self) { $1.note($0.count) },
            reading(MemberCountStated.self) { $1.note($0.count) },
            reading(TalentListed.self) { $1.note($0.talent) },
            reading(TalentStated.self) { $1.note($0.talent) },
            reading(TalentRemoved.self) { $1.noteRemoval(of: $0.talent) },
            reading(UnitEnrolled.self) { $1.note($0.unit) },
            reading(UnitChanged.self) { $1.note($0.unit) },
            reading(UnitStated.self) { $1.note($0.unit) },
            reading(PairingActivated.self) { $1.note($0.pairing) },
            reading(PairingChanged.self) { $1.note($0.pairing) },
            reading(PairingStated.self) { $1.note($0.pairing) },
            reading(PairingEnded.self) { $1.noteEnd(of: $0.pairing) },
        ])

    private static func reading<Payload: EventPayload>(
        _ type: Payload.Type, _ note: @escaping @Sendable (Payload, inout CountyChanges) -> Void
    ) -> (String, Reading) {
        (type.type, { event, changes in note(try event.decode(type), &changes) })
    }

    /// The reading of an event whose time counts.
    private static func timed<Payload: EventPayload>(
        _ type: Payload.Type, _ note: @escaping @Sendable (Payload, Date, inout CountyChanges) -> Void
    ) -> (String, Reading) {
        (type.type, { event, changes in note(try event.decode(type), event.envelope.time, &changes) })
    }
}
