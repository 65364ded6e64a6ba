import Models
import TalentRegistryService
import Testing

@Suite struct TalentDraftTests {
    private func faults(_ change: (inout TalentDraft) -> Void) -> [String] {
        RegistryRows.faults { () throws(RowFaults) in
            _ = try RegistryRows.talent(3, change).checked(today: RegistryRows.today)
        }
    }

    @Test func `a sound row keeps the year of birth and nothing more of the date`() throws {
        let listing = try RegistryRows.talent().checked(today: RegistryRows.today)
        #expect(listing.traits == PersonTraits(birthYear: 1980, gender: .male))
        #expect(listing.talent.category == .veteran)
        #expect(listing.talent.education == .college)
        #expect(listing.talent.residence == .elsewhere)
        #expect(listing.talent.willingness == .notNow)
        #expect(listing.name.value.text == "黄川")
    }

    @Test func `words are taken by code as well as in Chinese`() throws {
        let chinese = try RegistryRows.talent().checked(today: RegistryRows.today)
        let codes = try RegistryRows.talent(3) {
            $0.gender = "male"
            $0.category = "veteran"
            $0.education = "college"
            $0.residence = "elsewhere"
            $0.willingness = "notNow"
        }.checked(today: RegistryRows.today)
        #expect(chinese == codes)
    }

    @Test func `faults of an identity number are told apart`() {
        let number = RegistryRows.identityNumber(3)
        let wrongEnd = String(number.dropLast()) + (number.hasSuffix("0") ? "1" : "0")
        #expect(faults { $0.identityNumber = "" } == ["identityNumber:required"])
        #expect(faults { $0.identityNumber = String(number.prefix(12)) } == ["identityNumber:length"])
        #expect(faults { $0.identityNumber = wrongEnd } == ["identityNumber:check-character"])
        #expect(faults { $0.identityNumber = "5.32923E+17" } == ["identityNumber:character"])
        #expect(
            faults { $0.identityNumber = RegistryRows.identityNumber(3, born: "18800609") } == [
                "identityNumber:birth-date"
            ])
        #expect(
            faults { $0.identityNumber = RegistryRows.identityNumber(3, born: "20300609") } == [
                "identityNumber:birth-date"
            ])
    }

    @Test func `the date of birth must exist and fit the identity number`() {
        #expect(faults { $0.birthDate = "1900-02-30" } == ["birthDate:not-a-day"])
        #expect(faults { $0.birthDate = "1980-06-10" } == ["birthDate:birth-date-mismatch"])
        #expect(faults { $0.birthDate = nil } == [])
    }

    @Test func `names are cleaned and empty ones refused`() throws {
        #expect(faults { $0.name = " \u{3000} " } == ["name:required"])
        #expect(faults { $0.name = "黄1川" } == ["name:character"])
        #expect(faults { $0.name = String(repeating: "黄", count: 51) } == ["name:too-long"])
        let padded = try RegistryRows.talent(3) { $0.name = " 黄\u{3000}川 " }.checked(today: RegistryRows.today)
        #expect(padded == (try RegistryRows.talent().checked(today: RegistryRows.today)))
    }

    @Test func `mobile numbers have eleven digits, in any width`() throws {
        #expect(faults { $0.mobile = "15476747618号" } == ["mobile:malformed"])
        #expect(faults { $0.mobile = "15476" } == ["mobile:malformed"])
        #expect(faults { $0.mobile = nil } == ["mobile:required"])
        let wide = try RegistryRows.talent(3) { $0.mobile = "１５４７６７４７６１８" }.checked(today: RegistryRows.today)
        #expect(wide.mobile.value == "15476747618")
    }

    @Test func `a person is surveyed by a village or community`() {
        #expect(faults { $0.divisionCode = "532923100" } == ["divisionCode:not-a-community"])
        #expect(faults { $0.divisionCode = "53292310000x" } == ["divisionCode:malformed"])
    }

    @Test func `a row is told all of its faults at once`() {
        let found = faults {
            $0.name = ""
            $0.mobile = "1"
            $0.category = "名人"
        }
        #expect(found == ["name:required", "mobile:malformed", "category:unknown-word"])
    }

    @Test func `no fault quotes a personal value`() {
        var draft = RegistryRows.talent()
        draft.identityNumber = "990000198006090038"
        draft.name = "黄7川"
        draft.mobile = "15476747618号"
        draft.birthDate = "1980-13-09"
        do throws(RowFaults) {
            _ = try draft.checked(today: RegistryRows.today)
            Issue.record("the row was taken")
        } catch {
            let words = error.faults.map { $0.chinese + $0.english }.joined()
            #expect(error.faults.count == 4)
            for value in ["990000198006090038", "黄7川", "15476747618", "1980-13-09"] {
                #expect(!words.contains(value))
            }
        }
    }

    @Test func `personal values show nothing when they are printed`() throws {
        let listing = try RegistryRows.talent().checked(today: RegistryRows.today)
        var dumped = "\(listing) \(String(reflecting: listing))"
        dump(listing, to: &dumped)
        for value in [RegistryRows.identityNumber(3), "黄川", "15476747618"] { #expect(!dumped.contains(value)) }
    }
}
