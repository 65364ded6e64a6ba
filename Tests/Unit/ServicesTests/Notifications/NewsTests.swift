import Foundation
import Models
import NotificationsService
import Testing

@Suite struct NewsTests {
    private let moment = Date(timeIntervalSince1970: 1_700_000_000)

    private func incident(_ urgency: IncidentUrgency = .emergency) throws -> IncidentFacts {
        IncidentFacts(
            incidentID: .new(), number: "7", gridCode: try #require(GridCode("53292310000100101")),
            function: .emergencyManagement, urgency: urgency, source: .resident, state: .dispatched,
            reportedAt: moment, reporterID: .new(), organisation: "U-1", helpers: ["U-2"], reports: 2)
    }

    @Test func `an incident calls on who leads and who helps, and says what, where and under which number`() throws {
        let facts = try incident()
        let news = News(.incidentDispatched, facts, eventID: UUID(), occurredAt: moment)
        #expect(news.organisations == ["U-1", "U-2"])
        #expect(news.state == "dispatched" && news.areaCode == "532923100001001")
        #expect(news.reporterID == facts.reporterID)
        #expect(Set(news.slots.values.keys) == NewsEvent.incidentDispatched.slots)
        #expect(
            try !Set(News(.incidentClosed, incident(.ordinary), eventID: UUID(), occurredAt: moment).slots.values.keys)
                .contains(.isEmergency))
    }

    @Test func `a deadline names when, which clock and who above must know`() throws {
        let town = try #require(DivisionCode("532923100"))
        let deadline = DeadlineFacts(clock: .resolve, round: 1, dueAt: moment, level: 2, escalatedTo: town)
        let news = News(.deadlineMissed, try incident(), deadline, eventID: UUID(), occurredAt: moment)
        #expect(news.escalatedTo == town)
        #expect(Set(news.slots.values.keys) == NewsEvent.deadlineMissed.slots)
        #expect(news.slots[.dueAt] == "2023-11-14T22:13:20.000Z" && news.slots[.clock] == "resolve")
    }

    @Test func `a whistle calls on those that it names, under the town that blew it`() throws {
        let whistle = WhistleFacts(
            whistleID: .new(), round: 2, kind: .hard, organisations: ["U-3"], answered: [], dueAt: moment)
        let news = News(.whistleBlown, try incident(), whistle, eventID: UUID(), occurredAt: moment)
        #expect(news.organisations == ["U-3"] && news.escalatedTo?.digits == "532923100")
        #expect(Set(news.slots.values.keys) == NewsEvent.whistleBlown.slots)
    }

    @Test func `vacancies and bookings fill the slots of their events`() throws {
        let vacancy = GridVacancyFacts(
            gridCode: try #require(GridCode("532923100001001")), role: .gridWorker, lastAssignmentID: .new())
        let vacant = News(.gridVacancyOpened, vacancy, eventID: UUID(), occurredAt: moment)
        #expect(Set(vacant.slots.values.keys) == NewsEvent.gridVacancyOpened.slots && vacant.state == "gridWorker")
        let booking = BookingFacts(
            bookingID: .new(), roomID: .new(), divisionCode: try #require(DivisionCode("532923100001")),
            state: .approved, from: moment, to: moment)
        let booked = News(.bookingApproved, booking, eventID: UUID(), occurredAt: moment)
        #expect(Set(booked.slots.values.keys) == NewsEvent.bookingApproved.slots && booked.state == "approved")
    }
}
