import Foundation
import Hummingbird
import Models
import ServiceKit

/// The routes of the talent ledger.
struct TalentRoutes: Sendable {
    let list: ListTalents
    let read: ReadTalents

    func add(to routes: SuiteRoutes) {
        routes.post("/v1/talents/bulk", .allowed(to: [.countyAdmin, .townOfficer], scope: .division)) {
            request, context in
            try await BulkRoute.answer(
                request, context, of: TalentDraft.self, run: list.callAsFunction(_:scope:))
        }
        // No county role: rows about persons are not seen above the level that works with them.
        routes.list(
            "/v1/talents",
            .allowed(to: [.townOfficer, .gateReviewer, .assessor, .communitySecretary], scope: .division), keys: 2
        ) { request, context, page in
            let position = try page.codesAfter().map { keys in
                guard let id = TalentID(keys[1]) else { throw PageRequest.invalidCursor }
                return TalentPosition(divisionCode: keys[0], talentID: id)
            }
            let rows = try await read(
                within: request.codePrefix("division", max: 12), scope: context.scope, after: position,
                limit: page.fetchLimit)
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
