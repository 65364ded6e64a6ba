import Foundation
import Hummingbird
import Models
import ServiceKit

/// The routes of the talent ledger.
struct TalentRoutes: Sendable {
    let list: ListTalents
    let read: ReadTalents

    func add(to router: SuiteRouter) {
        router.post("/v1/talents/bulk") { request, context in
            try await BulkRoute.answer(
                request, context, of: TalentDraft.self, run: list.callAsFunction)
        }
        router.get("/v1/talents") { request, _ in
            let page = try PageRequest(request, keys: 2)
            let position = try page.codesAfter().map { keys in
                guard let id = TalentID(keys[1]) else { throw PageRequest.invalidCursor }
                return TalentPosition(divisionCode: keys[0], talentID: id)
            }
            let rows = try await read(
                within: request.codePrefix("division", max: 12), after: position, limit: page.fetchLimit)
            return try Page(fetched: rows.map(TalentBody.init), for: page) { [$0.divisionCode, $0.id.description] }
        }
    }
}

/// An entry of the ledger in an answer; name and number are masked.
struct TalentBody: Encodable, Sendable {
    let id: TalentID
    let divisionCode: String
    let name: String
    let mobile: String
    let gender: Gender?
    let birthYear: Int
    let category: TalentCategory
    let education: Education?
    let residence: Residence?
    let skill: String?
    let willingness: Willingness?
    let listedAt: Date

    init(_ view: TalentView) {
        id = view.talentID
        divisionCode = view.talent.divisionCode.digits
        name = view.maskedName
        mobile = view.maskedMobile
        gender = view.traits.gender
        birthYear = view.traits.birthYear
        category = view.talent.category
        education = view.talent.education
        residence = view.talent.residence
        skill = view.talent.skill
        willingness = view.talent.willingness
        listedAt = view.listedAt
    }
}
