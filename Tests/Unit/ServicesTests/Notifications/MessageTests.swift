import Foundation
import Models
import NotificationsService
import Testing

@Suite struct MessageTests {
    private func slots(_ urgency: IncidentUrgency = .ordinary) throws -> MessageSlots {
        MessageSlots(
            incidentID: try #require(IncidentID("0190a000-0000-7000-8000-000000000001")),
            incidentNumber: "532923100001202105010001", gridCode: try #require(GridCode("53292310000100101")),
            function: .disputeMediation, urgency: urgency)
    }

    @Test(arguments: MessageTemplate.allCases)
    func `a message says what, where and under which number, in both languages`(_ template: MessageTemplate) throws {
        let text = template.body(try slots())
        for part in ["532923100001202105010001", "53292310000100101"] {
            #expect(text.chinese.contains(part))
            #expect(text.english.contains(part))
        }
        #expect(text.chinese.contains("矛盾调解"))
        #expect(text.english.contains("dispute mediation"))
        #expect(!template.title.chinese.isEmpty && !template.title.english.isEmpty)
    }

    @Test func `an emergency tells the worker which number to call first`() throws {
        let text = MessageTemplate.incidentReported.body(try slots(.emergency))
        #expect(text.chinese.contains("110") && text.english.contains("110"))
        #expect(!MessageTemplate.incidentReported.body(try slots(.urgent)).chinese.contains("110"))
    }

    @Test func `the link leads to the incident`() throws {
        #expect(try slots().link == "/v1/incidents/0190a000-0000-7000-8000-000000000001")
    }
}
