import Models
import Testing

/// National codes against the standards' own samples and the invented ones of the domain paper; nobody alive has these
/// numbers.
struct CodeTests {
    @Test(arguments: [
        "11010519491231002X", "440524188001010014", "532923188001010013", "532923188001010021", "532923188012319999",
        "532923188206300030", "53292318840229001X",
    ])
    func `a sound identity number is given back as it is`(number: String) throws {
        #expect(try CitizenIdentityNumber.check(number) == number)
    }

    @Test func `full-width digits and every kind of x are normalised`() throws {
        #expect(try CitizenIdentityNumber.check("１１０１０５１９４９１２３１００２Ｘ") == "11010519491231002X")
        #expect(try CitizenIdentityNumber.check("11010519491231002x") == "11010519491231002X")
        #expect(try CitizenIdentityNumber.check("11010519491231002ｘ") == "11010519491231002X")
    }

    @Test(arguments: [
        ("", CitizenIdentityNumber.Fault.length), ("110105491231002", .length), ("1101051949123100211", .length),
        ("11010519491231002A", .character), ("1101051949123 002X", .character), ("11010X19491231002X", .character),
        // 1900 was no leap year, though the check character fits.
        ("532923190002290013", .birthDate), ("110105194913310026", .birthDate), ("110105194900310026", .birthDate),
        ("110105194912310021", .checkCharacter), ("532923188001010031", .checkCharacter),
    ])
    func `a broken identity number is refused for its first fault`(
        number: String, fault: CitizenIdentityNumber.Fault
    ) {
        #expect(throws: fault) { try CitizenIdentityNumber.check(number) }
    }

    @Test func `any one wrong digit of an identity number is found`() throws {
        let sound = Array("532923188012319999".utf8)
        for place in 0..<17 where !(6..<14).contains(place) {
            for digit in UInt8(0x30)...0x39 where digit != sound[place] {
                var broken = sound
                broken[place] = digit
                #expect(throws: CitizenIdentityNumber.Fault.checkCharacter) {
                    try CitizenIdentityNumber.check(String(decoding: broken, as: UTF8.self))
                }
            }
        }
    }

    @Test(arguments: [
        "11532923MB0000019D", "12532923MB00000275", "54532923MF000003X8", "91532923MA000004X4", "51532923MJ00000500",
        "91350100M000100Y43",
        // The remainder is 0, so the check character is 0 and not the 32nd of 31.
        "11532923MB00002110",
    ])
    func `a sound credit code is taken`(code: String) throws {
        #expect(try UnifiedSocialCreditCode(code).text == code)
        #expect(try UnifiedSocialCreditCode(code.lowercased()).text == code)
    }

    @Test(arguments: [
        ("", UnifiedSocialCreditCode.Fault.length), ("11532923MB0000019", .length), ("11532923MB0000019DD", .length),
        // I, O, S, V and Z are not in the alphabet.
        ("I1532923MB0000019D", .character), ("11532923MB000O019D", .character), ("11532923MB0000019S", .character),
        ("V1532923MB0000019D", .character), ("11532923MB00Z0019D", .character), ("11532923ＭB0000019D", .character),
        ("11532923MB0000019E", .checkCharacter), ("11532932MB0000019D", .checkCharacter),
    ])
    func `a broken credit code is refused for its first fault`(code: String, fault: UnifiedSocialCreditCode.Fault) {
        #expect(throws: fault) { try UnifiedSocialCreditCode(code) }
    }

    @Test func `a letter that only looks like one of the alphabet is refused`() throws {
        #expect(try UnifiedSocialCreditCode("5K532923MB0000019H").text == "5K532923MB0000019H")
        // The Kelvin sign is canonically equal to K, but its bytes are others: two lanes for one unit.
        #expect(throws: UnifiedSocialCreditCode.Fault.character) {
            try UnifiedSocialCreditCode("5\u{212A}532923MB0000019H")
        }
    }

    @Test func `any one wrong character of a credit code is found`() throws {
        let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
        let sound = Array("91350100M000100Y43")
        for place in sound.indices {
            for character in alphabet where character != sound[place] {
                var broken = sound
                broken[place] = character
                #expect(throws: UnifiedSocialCreditCode.Fault.checkCharacter) {
                    try UnifiedSocialCreditCode(String(broken))
                }
            }
        }
    }

    @Test func `a division code tells its level and its parent`() throws {
        let community = try #require(DivisionCode("532923100001"))
        let town = try #require(community.parent)
        let county = try #require(town.parent)
        #expect([community.level, town.level, county.level] == [.community, .town, .county])
        #expect([town.digits, county.digits] == ["532923100", "532923"])
        #expect(county.parent == nil)
        #expect(community.isWithin(county) && community.isWithin(community) && !county.isWithin(community))
        #expect(try !community.isWithin(#require(DivisionCode("532924"))))
        #expect(county < town && town < community)
    }

    @Test(arguments: ["", "53292", "5329231", "5329231000", "5329231000011", "53292310000a", "５３２９２３", "532 23"])
    func `what is not 6, 9 or 12 digits is no division`(text: String) {
        #expect(DivisionCode(text) == nil)
    }

    @Test func `a grid code tells its level, its area and its community`() throws {
        let group = try #require(GridCode("53292310000100101"))
        #expect(group.level == .group)
        #expect(group.area?.digits == "532923100001001")
        #expect(group.area?.level == .area)
        #expect(group.area?.area == group.area)
        #expect(group.community?.digits == "532923100001")
    }

    @Test(arguments: [
        "", "532923100001", "53292310000100", "5329231000010011", "532923100001001011", "53292310000100a",
    ])
    func `what is not 15 or 17 digits is no grid`(text: String) {
        #expect(GridCode(text) == nil)
    }

    @Test func `a mobile number has eleven digits and a second digit from 3`() {
        #expect(MobileNumber.check("13800000000") == "13800000000")
        #expect(MobileNumber.check("１９９００００００００") == "19900000000")
        for broken in ["", "1380000000", "138000000000", "12800000000", "23800000000", "1380000000a", "+8613800000000"]
        {
            #expect(MobileNumber.check(broken) == nil, "\(broken)")
        }
    }
}
