import Foundation
import Models

/// What a run of events changes in the gateway's picture of the county.
package struct CountyChanges: Sendable {
    /// Divisions by code.
    package private(set) var divisions = LatestFacts<DivisionCode, DivisionFacts>()
    /// Party organisations by code.
    package private(set) var partyOrganisations = LatestFacts<String, PartyOrganisationFacts>()
    /// Member counts by organisation: of each organisation those of its newest day.
    package private(set) var memberCounts = LatestFacts<String, MemberCountFacts>()
    /// Talents by id.
    package private(set) var talents = LatestFacts<TalentID, TalentFacts>()
    /// Units by code.
    package private(set) var units = LatestFacts<UnifiedSocialCreditCode, UnitFacts>()
    /// Pairings by id.
    package private(set) var pairings = LatestFacts<PairingID, PairingFacts>()
    /// Grids by code.
    package private(set) var grids = LatestFacts<GridCode, GridFacts>()
    /// Holdings of roles in grids by id.
    package private(set) var gridAssignments = LatestFacts<GridAssignmentID, GridAssignmentFacts>()
    /// Incidents by id.
    package private(set) var incidents = LatestFacts<IncidentID, IncidentFacts>()
    /// What was told of incidents beside their state, by id.
    package private(set) var progress: [IncidentID: IncidentProgress] = [:]
    /// Stations and neighbour points by id.
    package private(set) var stations = LatestFacts<StationID, StationFacts>()
    /// Facilities by id.
    package private(set) var facilities = LatestFacts<FacilityID, FacilityFacts>()
    /// Rooms by id.
    package private(set) var rooms = LatestFacts<RoomID, RoomFacts>()
    /// Bookings by id.
    package private(set) var bookings = LatestFacts<BookingID, BookingFacts>()

    package init() {}

    /// Notes a division.
    package mutating func note(_ division: DivisionFacts) { divisions.put(division, for: division.code) }

    /// Notes a Party organisation.
    package mutating func note(_ organisation: PartyOrganisationFacts) {
        partyOrganisations.put(organisation, for: organisation.code)
    }

    /// Notes member counts; counts of an older day than those already noted say nothing new.
    package mutating func note(_ count: MemberCountFacts) {
        if let known = memberCounts[count.organisationCode], known.asOf > count.asOf { return }
        memberCounts.put(count, for: count.organisationCode)
    }

    /// Notes a talent on the ledger.
    package mutating func note(_ talent: TalentFacts) { talents.put(talent, for: talent.talentID) }

    /// Notes that a talent was taken off the ledger.
    package mutating func noteRemoval(of talent: TalentFacts) { talents.remove(talent.talentID) }

    /// Notes a unit.
    package mutating func note(_ unit: UnitFacts) { units.put(unit, for: unit.unitCode) }

    /// Notes a pairing in force.
    package mutating func note(_ pairing: PairingFacts) { pairings.put(pairing, for: pairing.pairingID) }

    /// Notes that a pairing ended.
    package mutating func noteEnd(of pairing: PairingFacts) { pairings.remove(pairing.pairingID) }

    /// Notes a grid; one that has ended is gone.
    package mutating func note(_ grid: GridFacts) {
        if grid.validTo == nil { grids.put(grid, for: grid.code) } else { grids.remove(grid.code) }
    }

    /// Notes that a role in a grid is held.
    package mutating func note(_ assignment: GridAssignmentFacts) {
        gridAssignments.put(assignment, for: assignment.assignmentID)
    }

    /// Notes that a role in a grid is held no longer.
    package mutating func noteEnd(of assignment: GridAssignmentFacts) {
        gridAssignments.remove(assignment.assignmentID)
    }

    /// Notes an incident.
    package mutating func note(_ incident: IncidentFacts) { incidents.put(incident, for: incident.incidentID) }

    /// Notes when the desk took an incident in or refused it.
    package mutating func noteResponse(of incident: IncidentFacts, at moment: Date) {
        note(incident) { $0.noteResponse(at: moment) }
    }

    /// Notes when an incident was closed.
    package mutating func noteClose(of incident: IncidentFacts, at moment: Date) {
        note(incident) { $0.noteClose(at: moment) }
    }

    /// Notes that an incident is open again.
    package mutating func noteReopening(of incident: IncidentFacts) { note(incident) { $0.noteReopening() } }

    /// Notes that a time limit of an incident was missed.
    package mutating func noteMiss(of incident: IncidentFacts) { note(incident) { $0.noteMiss() } }

    /// Notes what the reporter of an incident says of it.
    package mutating func note(_ feedback: IncidentFeedback, of incident: IncidentFacts) {
        note(incident) { $0.note(feedback) }
    }

    private mutating func note(_ incident: IncidentFacts, _ change: (inout IncidentProgress) -> Void) {
        var known = progress[incident.incidentID] ?? IncidentProgress(gridCode: incident.gridCode)
        known.note(gridCode: incident.gridCode)
        change(&known)
        progress[incident.incidentID] = known
    }

    /// Notes a station or neighbour point.
    package mutating func note(_ station: StationFacts) { stations.put(station, for: station.stationID) }

    /// Notes a facility.
    package mutating func note(_ facility: FacilityFacts) { facilities.put(facility, for: facility.facilityID) }

    /// Notes a room.
    package mutating func note(_ room: RoomFacts) { rooms.put(room, for: room.roomID) }

    /// Notes a booking.
    package mutating func note(_ booking: BookingFacts) { bookings.put(booking, for: booking.bookingID) }
}
