import Models
import Testing

@Suite struct RowReaderTests {
    private enum Colour: String, DictionaryWord {
        case red
        case green
        var chinese: String { self == .red ? "红" : "绿" }
    }

    /// What a reading finds wrong, as `field:code`.
    private func faults(_ read: (inout RowReader) -> Void) -> [String] {
        var reader = RowReader()
        read(&reader)
        return reader.faults.map { "\($0.field):\($0.code)" }
    }

    @Test func `a field that must be there and is blank is required, in every kind`() {
        let blank = " \u{feff}"
        let found = faults { reader in
            _ = reader.text(blank, "text", max: 9)
            _ = reader.word(blank, "word", of: Colour.self)
            _ = reader.choice(blank, "choice", of: Colour.self)
            _ = reader.count(nil, "count", max: 9)
            _ = reader.day(blank, "day")
            _ = reader.code(blank, "code")
            _ = reader.division(blank, "division")
            _ = reader.creditCode(blank, "creditCode")
            _ = reader.personName(blank, "name")
            _ = reader.mobile(blank, "mobile")
            _ = reader.identityNumber(blank, "identityNumber")
        }
        #expect(found.allSatisfy { $0.hasSuffix(":required") })
        #expect(found.count == 11)
    }

    @Test func `a field that may be blank says nothing then`() {
        let found = faults { reader in
            let text = reader.optionalText(" ", "text", max: 9)
            #expect(text == nil)
            let word = reader.optionalWord("", "word", of: Colour.self)
            #expect(word == nil)
            let choice = reader.optionalChoice(nil, "choice", of: Colour.self)
            #expect(choice == nil)
            let count = reader.optionalCount(nil, "count", max: 9)
            #expect(count == nil)
            let code = reader.optionalCode(" ", "code")
            #expect(code == nil)
            let mobile = reader.optionalMobile(" ", "mobile")
            #expect(mobile == nil)
        }
        #expect(found == [])
    }

    @Test func `a word is taken by code or in Chinese, a choice by code alone`() {
        let found = faults { reader in
            let chinese = reader.word("红", "word", of: Colour.self)
            #expect(chinese == .red)
            let code = reader.word(" green ", "word", of: Colour.self)
            #expect(code == .green)
            let choice = reader.choice("green", "choice", of: Colour.self)
            #expect(choice == .green)
            let chosenInChinese = reader.choice("绿", "choice", of: Colour.self)
            #expect(chosenInChinese == nil)
        }
        #expect(found == ["choice:unknown-word"])
    }

    @Test func `line breaks stand in a description and nowhere else`() {
        let found = faults { reader in
            let description = reader.text("一\n二", "text", max: 9, allowingLines: true)
            #expect(description == "一\n二")
            let name = reader.text("一\n二", "name", max: 9)
            #expect(name == nil)
            let withNul = reader.text("一\u{0}", "nul", max: 9, allowingLines: true)
            #expect(withNul == nil)
            let tooLong = reader.text("一二三", "long", max: 2)
            #expect(tooLong == nil)
        }
        #expect(found == ["name:character", "nul:character", "long:too-long"])
    }

    @Test func `codes are taken in any width`() {
        let found = faults { reader in
            let division = reader.division("５３２９２３", "division")
            #expect(division?.digits == "532923")
            let code = reader.code("Ａ-1", "code")
            #expect(code == "A-1")
            let withBlank = reader.code("A 1", "blank")
            #expect(withBlank == nil)
            let county = reader.community("532923", "community")
            #expect(county == nil)
            let tooShort = reader.division("53292", "short")
            #expect(tooShort == nil)
        }
        #expect(found == ["blank:character", "community:not-a-community", "short:malformed"])
    }

    @Test func `a reading ends with its value or with all of its faults`() throws {
        var reader = RowReader()
        let seven = try reader.checked(7)
        #expect(seven == 7)
        reader.add("a", .required, "缺", "missing")
        reader.add("b", .outOfRange, "大", "large")
        let broken = reader
        let faults = #expect(throws: RowFaults.self) { try broken.checked(7) }
        #expect(faults?.faults.map(\.code) == [.required, .outOfRange])
    }

    @Test func `of the facts about a division the last stands, and codes are in order`() throws {
        func facts(_ code: String, _ kind: CommunityKind) throws -> DivisionFacts {
            DivisionFacts(code: try #require(DivisionCode(code)), name: "某社区", level: .community, kind: kind)
        }
        let known = KnownDivision.latest(of: [
            try facts("532923100002", .ruralCommunity), try facts("532923100001", .administrativeVillage),
            try facts("532923100002", .urbanCommunity),
        ])
        #expect(known.map(\.code.digits) == ["532923100001", "532923100002"])
        #expect(known.map(\.kind) == [.administrativeVillage, .urbanCommunity])
        #expect(KnownDivision.latest(of: []) == [])
    }
}
