import Models
import Testing

@Suite struct PersonNameTests {
    @Test func `blanks between Chinese characters go, between other words one stays`() throws {
        #expect(try PersonName("段　誉").text == "段誉")
        #expect(try PersonName("Anna  Maria").text == "Anna Maria")
        #expect(try PersonName("Anna 王").text == "Anna王")
    }

    @Test func `a name needs a letter`() {
        #expect(throws: PersonName.Fault.character) { try PersonName("··") }
        #expect(throws: PersonName.Fault.missing) { try PersonName("\u{feff} \u{200b}") }
    }

    @Test func `a name is masked after its dots were made one`() throws {
        #expect(try PersonName("阿依•古丽").masked == "阿**")
        #expect(try PersonName("欧阳 娜娜").masked == "欧阳**")
    }

    @Test func `a personal value shows nothing when it is printed`() throws {
        let name = Personal(try PersonName("段誉"))
        var dumped = "\(name) \(String(reflecting: name))"
        dump(name, to: &dumped)
        #expect(!dumped.contains("段"))
    }
}
