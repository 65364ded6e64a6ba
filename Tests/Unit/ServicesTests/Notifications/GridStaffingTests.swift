import Foundation
import Models
import NotificationsService
import Testing

@Suite struct GridStaffingTests {
    private func assignment(_ person: PersonID?, team: String? = nil) throws -> GridAssignmentFacts {
        GridAssignmentFacts(
            assignmentID: .new(), gridCode: try #require(GridCode("532923100001001")), role: .gridWorker,
            personID: person, teamCode: team)
    }

    @Test func `the last word on a holding counts`() throws {
        let first = try assignment(.new())
        let second = try assignment(.new())
        var staffing = GridStaffing()
        staffing.noteHeld(first)
        staffing.noteHeld(second)
        staffing.noteEnded(first)
        staffing.noteEnded(second)
        staffing.noteHeld(second)
        #expect(staffing.held == [second])
        #expect(staffing.ended == [first.assignmentID])
    }

    @Test func `an area is staffed by whoever is still there at the end of the batch`() throws {
        let gone = try assignment(.new())
        var staffing = GridStaffing()
        staffing.noteHeld(gone)
        staffing.noteEnded(gone)
        #expect(staffing.staffedAreas.isEmpty)
        staffing.noteHeld(try assignment(.new()))
        #expect(staffing.staffedAreas == [try #require(GridCode("532923100001001"))])
    }

    @Test func `a team has no inbox, so its holding is not kept`() throws {
        var staffing = GridStaffing()
        staffing.noteHeld(try assignment(nil, team: "T01"))
        #expect(staffing.held.isEmpty && staffing.staffedAreas.isEmpty)
    }
}
