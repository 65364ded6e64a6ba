import Foundation
import Hummingbird
import Models
import ServiceKit

/// The routes of the talent ledger.
struct TalentRoutes: Sendable {
    let list: ListTalents
    let read: ReadTalents
    let find: FindTalent
    let unmask: UnmaskTalent

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
        addPeople(to: routes)
    }

    /// The routes of one person at a time.
    private func addPeople(to routes: SuiteRoutes) {
        // The number goes in the body: addresses stand in logs on the way.
        routes.post("/v1/talents/find", .allowed(to: .registrars, scope: .division)) { request, context in
            let draft = try await request.json(FindTalentDraft.self, context)
            let found: TalentView?
            do {
                found = try await find(draft, scope: context.scope)
            } catch let faults as RowFaults {
                throw Problem.invalid(faults.faults.map(Problem.Fault.init))
            }
            guard let found else { throw Problem.notFound("台账中没有此人", "this person is not on the ledger") }
            return JSONAnswer(TalentBody(found))
        }
        routes.post(
            "/v1/talents/:id/unmask",
            .allowed(to: Set<Role>.registrars.union([.communitySecretary]), scope: .division)
        ) { request, context in
            let id: TalentID = try context.identifier("id")
            return try await UnmaskRoute.answer(request, context, allowing: Self.purposes) { order, scope in
                try await unmask(id, order, scope: scope).map { talent in
                    UnmaskedBody(talent.person, showsMobile: context.isRegistrar(of: talent.divisionCode))
                }
            }
        }
    }

    private static let purposes: Set<Purpose> = [
        .talentListing, .qualificationReview, .appointmentRecord, .subjectRequest,
    ]
}

extension Set<Role> {
    /// Who keeps the ledger or decides on its people, and so may see a person in full.
    fileprivate static let registrars: Set<Role> = [.townOfficer, .gateReviewer]
}

extension SuiteRequestContext {
    /// Whether the caller keeps the ledger of a division, and is not only the secretary there, who sees numbers masked.
    fileprivate func isRegistrar(of division: String) -> Bool {
        let grants = (caller?.grants ?? []).filter { Set<Role>.registrars.contains($0.role) }
        return ScopeFilter(grants.map(\.scope)).contains(code: division)
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
