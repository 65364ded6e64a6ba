import Foundation
import Models
import TalentRegistryService

/// Rows that are sound, for tests to spoil one field of.
enum RegistryRows {
    static let today = day("2021-08-01")
    static let now = Date(timeIntervalSince1970: 1_627_800_000)

    /// Digits 1 to 17 of an identity number that belongs to nobody, with its check character.
    static func identityNumber(_ index: Int, born: String = "19800609") -> String {
        let sequence = String(index)
        let body = "990000" + born + String(repeating: "0", count: 3 - sequence.count) + sequence
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
        return body + String(Array("10X98765432")[sum % 11])
    }

    static func talent(_ index: Int = 3, _ change: (inout TalentDraft) -> Void = { _ in }) -> TalentDraft {
        var draft = TalentDraft()
        draft.identityNumber = identityNumber(index)
        draft.name = "黄川"
        draft.gender = "男"
        draft.birthDate = "1980-06-09"
        draft.mobile = "15476747618"
        draft.divisionCode = "532923100001"
        draft.category = "退役军人"
        draft.education = "大专"
        draft.residence = "省外"
        draft.skill = "环卫"
        draft.willingness = "暂不"
        change(&draft)
        return draft
    }

    static func organisation(
        _ code: String, _ kind: String, under parent: String?, in division: String = "532923100001"
    ) -> PartyOrganisationDraft {
        PartyOrganisationDraft(
            code: code, name: "党组织" + code, kind: kind, parentCode: parent, divisionCode: division)
    }

    static func count(
        _ code: String = "B1", asOf: String = "2021-07-31", total: Int? = 20, retired: Int? = 8, twoNew: Int? = 0,
        younger: Int? = 3, older: Int? = 8, college: Int? = 5
    ) -> MemberCountDraft {
        MemberCountDraft(
            organisationCode: code, asOf: asOf, total: total, retired: retired, twoNew: twoNew, age35OrLess: younger,
            age60OrMore: older, collegeOrAbove: college)
    }

    static func division(_ digits: String) -> DivisionCode {
        guard let code = DivisionCode(digits) else { preconditionFailure("not a division code: \(digits)") }
        return code
    }

    static func day(_ text: String) -> CalendarDay {
        guard let day = CalendarDay(text) else { preconditionFailure("not a day: \(text)") }
        return day
    }

    /// What is wrong with a draft, as `field:code`.
    static func faults(_ check: () throws(RowFaults) -> Void) -> [String] {
        do throws(RowFaults) {
            try check()
            return []
        } catch {
            return error.faults.map { "\($0.field):\($0.code)" }
        }
    }
}
