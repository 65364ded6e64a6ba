import Hummingbird
import Models
import ServiceKit

/// The routes of units.
struct UnitRoutes: Sendable {
    let enrol: EnrolUnits
    let read: ReadUnits
    let unmask: UnmaskUnitContact

    func add(to routes: SuiteRoutes) {
        routes.post("/v1/units/bulk", .allowed(to: [.countyAdmin], scope: .division)) { request, context in
            try await BulkRoute.answer(
                request, context, of: UnitDraft.self, run: enrol.callAsFunction(_:scope:))
        }
        routes.list("/v1/units", .allowed(to: .pairingReading, scope: .divisionOrUnit)) { _, context, page in
            let rows = try await read(scope: context.scope, after: page.codesAfter()?.first, limit: page.fetchLimit)
            return try Page(fetched: rows.map(UnitBody.init), for: page) { [$0.code] }
        }
        routes.post(
            "/v1/units/:code/contact/unmask",
            .allowed(to: [.communitySecretary, .communityDesk, .unitLiaison], scope: .divisionOrUnit)
        ) { request, context in
            // Which of its faults a code has does not matter: there is no such unit all the same.
            guard let code = try? UnifiedSocialCreditCode(try context.pathText("code")) else {
                throw Problem.notFound("没有这条记录", "there is no such record")
            }
            return try await UnmaskRoute.answer(request, context, allowing: [.pairing, .subjectRequest]) {
                order, scope in
                try await unmask(code, order, scope: scope).map { UnmaskedBody($0) }
            }
        }
    }
}

/// Who may see units and pairings (DOMAIN 2.7); the README has the table.
extension Set<Role> {
    /// The county, those who are helped, and the unit itself.
    static let pairingReading: Set<Role> = [
        .countyAdmin, .townOfficer, .communitySecretary, .communityDesk, .unitLiaison, .unitPartyOrganisation,
    ]
}

/// A unit in an answer; the contact is masked, and not there once it has been erased.
struct UnitBody: Encodable, Sendable {
    let code: String
    let name: String
    let kind: UnitKind
    let strengths: [String]
    let memberCount: Int
    let contactName: String?
    let contactMobile: String?

    init(_ view: UnitView) {
        code = view.unit.code.text
        name = view.unit.name
        kind = view.unit.kind
        strengths = view.unit.strengths
        memberCount = view.unit.memberCount
        contactName = view.maskedContactName
        contactMobile = view.maskedContactMobile
    }
}
