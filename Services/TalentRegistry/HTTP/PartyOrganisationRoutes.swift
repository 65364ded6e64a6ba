import Hummingbird
import Models
import ServiceKit

/// The routes of Party organisations and their member counts.
struct PartyOrganisationRoutes: Sendable {
    let register: RegisterPartyOrganisations
    let report: ReportMemberCounts
    let read: ReadPartyOrganisations

    func add(to routes: SuiteRoutes) {
        routes.post("/v1/party-organisations/bulk", .allowed(to: [.countyAdmin, .townOfficer], scope: .division)) {
            request, context in
            try await BulkRoute.answer(
                request, context, of: PartyOrganisationDraft.self, run: register.callAsFunction(_:scope:))
        }
        routes.post(
            "/v1/member-counts/bulk", .allowed(to: [.countyAdmin, .townOfficer, .communitySecretary], scope: .division)
        ) { request, context in
            try await BulkRoute.answer(
                request, context, of: MemberCountDraft.self, run: report.callAsFunction(_:scope:))
        }
        routes.list(
            "/v1/party-organisations",
            .allowed(to: [.countyAdmin, .townOfficer, .communitySecretary, .communityDesk], scope: .division), keys: 2
        ) { request, context, page in
            let position = try page.codesAfter().map { PartyOrganisationPosition(divisionCode: $0[0], code: $0[1]) }
            let rows = try await read(
                within: request.codePrefix("division", max: 12), scope: context.scope, after: position,
                limit: page.fetchLimit)
            return try Page(fetched: rows.map(PartyOrganisationBody.init), for: page) { [$0.divisionCode, $0.code] }
        }
    }
}

/// An organisation in an answer.
struct PartyOrganisationBody: Encodable, Sendable {
    let code: String
    let name: String
    let kind: String
    let parentCode: String?
    let divisionCode: String
    let latestCount: MemberCountBody?

    init(_ view: PartyOrganisationView) {
        code = view.organisation.code
        name = view.organisation.name
        kind = view.organisation.kind.rawValue
        parentCode = view.organisation.parentCode
        divisionCode = view.organisation.divisionCode.digits
        latestCount = view.latestCount.map(MemberCountBody.init)
    }
}

/// Member counts in an answer.
///
/// The groups overlap: their sum is not the total.
struct MemberCountBody: Encodable, Sendable {
    let asOf: CalendarDay
    let total: Int
    let retired: Int
    let twoNew: Int
    let age35OrLess: Int
    let age60OrMore: Int
    let collegeOrAbove: Int

    init(_ count: MemberCount) {
        asOf = count.asOf
        total = count.total
        retired = count.retired
        twoNew = count.twoNew
        age35OrLess = count.age35OrLess
        age60OrMore = count.age60OrMore
        collegeOrAbove = count.collegeOrAbove
    }
}
