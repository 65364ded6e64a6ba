import Hummingbird
import Models
import ServiceKit

/// The routes of units.
struct UnitRoutes: Sendable {
    let enrol: EnrolUnits
    let read: ReadUnits

    func add(to router: SuiteRouter) {
        router.post("/v1/units/bulk") { request, context in
            try await BulkRoute.answer(
                request, context, of: UnitDraft.self, run: enrol.callAsFunction)
        }
        router.get("/v1/units") { request, _ in
            let page = try PageRequest(request)
            let rows = try await read(after: page.codesAfter()?.first, limit: page.fetchLimit)
            return try Page(fetched: rows.map(UnitBody.init), for: page) { [$0.code] }
        }
    }
}

/// A unit in an answer; the contact is masked.
struct UnitBody: Encodable, Sendable {
    let code: String
    let name: String
    let kind: UnitKind
    let strengths: [String]
    let memberCount: Int
    let contactName: String
    let contactMobile: String

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
