/// Every event of the suite and who reads it: what the contract documents are held against.
package enum EventCatalogue {
    /// All event types, in the order of their topics.
    package static let all: [any EventPayload.Type] = [
        DivisionRegistered.self, DivisionChanged.self, DivisionStated.self,
        GridActivated.self, GridChanged.self, GridMerged.self, GridSplit.self, GridStated.self,
        GridStaffed.self, GridAssignmentEnded.self, GridVacancyOpened.self, GridAssignmentStated.self,
        IncidentReported.self, IncidentFiled.self, IncidentRejected.self, IncidentDispatched.self,
        IncidentAccepted.self, IncidentReturned.self, IncidentHandled.self, IncidentClosed.self,
        IncidentReopened.self, IncidentWithdrawn.self, IncidentDeadlineApproaching.self,
        IncidentDeadlineMissed.self, IncidentDueExtended.self, IncidentPaused.self, IncidentResumed.self,
        IncidentArchived.self, IncidentJoined.self, IncidentSplit.self, IncidentFeedbackRecorded.self,
        WhistleBlown.self, WhistleAnswered.self, IncidentStated.self,
        StationPlanned.self, StationOpened.self, StationChanged.self, StationUpgraded.self, StationClosed.self,
        StationStated.self,
        FacilityRegistered.self, FacilityChanged.self, FacilityStated.self,
        RoomRegistered.self, RoomChanged.self, RoomStated.self,
        BookingRequested.self, BookingApproved.self, BookingRefused.self, BookingCancelled.self, BookingStarted.self,
        BookingFinished.self, BookingMissed.self, BookingStated.self,
        PartyOrganisationRegistered.self, PartyOrganisationChanged.self, PartyOrganisationStated.self,
        MemberCountReported.self, MemberCountStated.self,
        TalentListed.self, TalentRemoved.self, TalentStated.self,
        UnitEnrolled.self, UnitChanged.self, UnitStated.self,
        PairingActivated.self, PairingChanged.self, PairingEnded.self, PairingStated.self,
    ]

    /// The services that read a topic, each with a projection of its own.
    package static let readers: [Topic: [ServiceName]] = [
        .division: [.talentRegistry, .communityPairing, .cloudGateway],
        .grid: [.notifications, .cloudGateway],
        .incident: [.notifications, .cloudGateway],
        .station: [.cloudGateway],
        .facility: [.cloudGateway],
        .room: [.cloudGateway],
        .booking: [.notifications, .cloudGateway],
        .partyOrganisation: [.cloudGateway],
        .talent: [.cloudGateway],
        .unit: [.cloudGateway],
        .pairing: [.cloudGateway],
    ]

    /// Finds an event type by its CloudEvents type.
    package static func named(_ type: String) -> (any EventPayload.Type)? { byType[type] }

    private static let byType = Dictionary(uniqueKeysWithValues: all.map { ($0.type, $0) })
}
