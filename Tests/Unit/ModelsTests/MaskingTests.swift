import Models
import Testing

/// The table of `DOMAIN.md` 3.11, line by line.
@Suite struct MaskingTests {
    @Test(arguments: [("段誉", "段*"), ("欧阳", "欧*"), ("𠮷田", "𠮷*")])
    func `of a name of two characters the first stays`(name: String, masked: String) {
        #expect(Masking.name(name) == masked)
    }

    @Test(arguments: [
        ("王语嫣", "王**"), ("买买提明", "买***"), ("欧阳锋", "欧阳*"), ("欧阳娜娜", "欧阳**"), ("万俟卨", "万俟*"),
    ])
    func `of a longer name the surname stays`(name: String, masked: String) {
        #expect(Masking.name(name) == masked)
    }

    @Test(arguments: [("阿依·古丽", "阿**"), ("欧阳·古丽", "欧**")])
    func `of a name in parts the first character stays`(name: String, masked: String) {
        #expect(Masking.name(name) == masked)
    }

    @Test(arguments: ["", "段"]) func `a name of one character is hidden`(name: String) {
        #expect(Masking.name(name) == "*")
    }

    @Test(arguments: [("13812345678", "138****5678"), ("0872-3121234", "****"), ("1381234567", "****"), ("", "****")])
    func `a mobile number keeps three and four digits`(number: String, masked: String) {
        #expect(Masking.mobile(number) == masked)
    }

    @Test(arguments: [
        ("0872-3121212", "0872-****12"), ("08723121212", "0872-****12"), ("010-82345678", "010-****78"),
        ("02882345678", "028-****78"), ("3121212", "****"), ("0872-312x212", "****"), ("00872312121", "****"),
    ])
    func `a landline number keeps its area code and two digits`(number: String, masked: String) {
        #expect(Masking.landline(number) == masked)
    }

    @Test(arguments: [("532901199003070013", "532***********0013"), ("53290119900307", "****")])
    func `an identity number keeps three and four characters`(number: String, masked: String) {
        #expect(Masking.identityNumber(number) == masked)
    }

    @Test func `an address ends with the community`() {
        #expect(Masking.address(in: "花园社区") == "花园社区***")
    }

    @Test(arguments: [("6228480402564891234", "****1234"), ("1234", "****")])
    func `a bank account keeps four digits`(number: String, masked: String) {
        #expect(Masking.bankAccount(number) == masked)
    }
}
