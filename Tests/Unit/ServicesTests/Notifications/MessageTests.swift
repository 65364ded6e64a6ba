import Foundation
import Models
import NotificationsService
import Testing

@Suite struct MessageTests {
    private func words(_ body: String, _ english: String = "Text") -> TemplateWords {
        TemplateWords(title: MessageText("标题", "Heading"), body: MessageText(body, english))
    }

    @Test func `slots are filled in the words of each language, times in the county's zone`() throws {
        let slots = MessageSlots([
            .function: "disputeMediation", .dueAt: "2026-11-27T16:05:00.000Z", .clock: "resolve", .number: "7",
        ])
        let text = try words(
            "{{function}}事件{{number}}，{{clock}}时限{{dueAt}}", "{{function}} {{number}}: {{clock}} at {{dueAt}}"
        ).filled(slots)
        #expect(text.body.chinese == "矛盾调解事件7，办结时限11月28日00:05")
        #expect(text.body.english == "dispute mediation 7: settlement at 00:05 on 28 November")
        #expect(text.title == MessageText("标题", "Heading"))
    }

    @Test func `a message is plain text, not HTML`() throws {
        let text = try words("<{{number}}>", "<{{number}}>").filled(MessageSlots([.number: "a<b&\"c\""]))
        #expect(text.body.chinese == "<a<b&\"c\">")
    }

    @Test func `a flag opens a section, and what an event did not fill is left out`() throws {
        let emergency = words("{{#isEmergency}}特急{{/isEmergency}}{{^isEmergency}}一般{{/isEmergency}}{{role}}")
        #expect(try emergency.filled(MessageSlots([.isEmergency: "true"])).body.chinese == "特急")
        #expect(try emergency.filled(MessageSlots()).body.chinese == "一般")
    }

    @Test(arguments: [
        "{{name}}", "{{idNumber}}", "{{phone}}", "{{> partial}}", "{{=<% %>=}}", "{{{number}}}", "{{&number}}",
        "{{isEmergency}}", "{{number.text}}", "{{.}}", "{{! comment}}", "{{%CONTENT_TYPE:HTML}}",
    ])
    func `a slot or a tag that there is not is refused`(_ text: String) {
        #expect(words(text).faults.map(\.code) == ["slot-unknown"], "\(text)")
        #expect(words(text).faults.map(\.field) == ["body.chinese"])
    }

    @Test(arguments: ["{{number", "{{#isEmergency}}a", "a{{/isEmergency}}", "{{#isEmergency}}{{/role}}"])
    func `braces and sections that do not close are refused`(_ text: String) {
        #expect(words(text).faults.map(\.code) == ["unbalanced"], "\(text)")
    }

    @Test func `the words may hold no number of a person, but those of the emergency services`() {
        #expect(words("请致电13800138000").faults.map(\.code) == ["personal-data-in-text"])
        #expect(words("请拨打110、119、120").faults.isEmpty)
    }

    @Test func `words are there in both languages and not too long`() {
        #expect(words(" ").faults.map(\.code) == [.required])
        #expect(words(String(repeating: "长", count: 501)).faults.map(\.code) == [.tooLong])
        #expect(words(String(repeating: "长", count: 500), String(repeating: "l", count: 1000)).faults.isEmpty)
        #expect(words("a\u{0}b").faults.map(\.code) == [.character])
    }

    @Test func `the slots that words name are found`() {
        #expect(
            words("{{number}}{{#isEmergency}}{{ grid }}{{/isEmergency}}", "{{dueAt}}").slots
                == [.number, .isEmergency, .grid, .dueAt])
    }

    @Test func `no slot is a person's`() {
        // The list is what a template can show at most: a new slot is a decision on privacy (0030).
        let words = MessageSlot.allCases.map { $0.rawValue.lowercased() }
        for forbidden in ["name", "phone", "mobile", "identity", "contact", "address", "hardship", "health", "text"] {
            #expect(!words.contains { $0.contains(forbidden) })
        }
    }

    @Test(arguments: NewsEvent.allCases) func `every slot of an event has a made-up value`(_ event: NewsEvent) {
        let missing = event.slots.subtracting(MessageSlots(sampleOf: event).values.keys)
        // The sample is not an emergency.
        #expect(missing.subtracting([.isEmergency]).isEmpty)
    }

    @Test func `slots that a later release wrote are left out`() throws {
        let slots = try JSONDecoder().decode(MessageSlots.self, from: Data(#"{"number":"1","later":"x"}"#.utf8))
        #expect(slots == MessageSlots([.number: "1"]))
    }
}
