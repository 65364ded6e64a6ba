import Models
import TalentRegistryService
import Testing

@Suite struct PersonNameTests {
    @Test(arguments: [
        ("段", "*"), ("段誉", "段*"), ("王语嫣", "王**"), ("欧阳锋", "欧阳*"), ("欧阳娜娜", "欧阳**"), ("欧阳", "欧*"),
        ("阿依·古丽", "阿**"), ("阿依•古丽", "阿**"), ("𠮷田", "𠮷*"),
    ])
    func `names are masked by one rule`(name: String, masked: String) throws {
        #expect(try PersonName(name).masked == masked)
    }

    @Test func `blanks between Chinese characters go, between other words one stays`() throws {
        #expect(try PersonName("段　誉").text == "段誉")
        #expect(try PersonName("Anna  Maria").text == "Anna Maria")
        #expect(try PersonName("Anna 王").text == "Anna王")
    }

    @Test func `a name needs a letter`() {
        #expect(throws: PersonName.Fault.character) { try PersonName("··") }
        #expect(throws: PersonName.Fault.missing) { try PersonName("\u{feff} \u{200b}") }
    }

    @Test func `mobile numbers keep three and four digits`() {
        #expect(MobileNumber.masked("13812345678") == "138****5678")
        #expect(MobileNumber.masked("0872-3121234") == "****")
    }
}
