import Hummingbird
import Models
import ServiceKit

/// The routes of pairings.
struct PairingRoutes: Sendable {
    let activate: ActivatePairings
    let read: ReadPairings

    func add(to routes: SuiteRoutes) {
        routes.post("/v1/pairings/bulk", .allowed(to: [.countyAdmin], scope: .division)) { request, context in
            try await BulkRoute.answer(
                request, context, of: PairingDraft.self, run: activate.callAsFunction(_:scope:))
        }
        routes.list("/v1/pairings", .allowed(to: .pairingReading, scope: .divisionOrUnit), keys: 2) {
            request, context, page in
            let unit = try request.query("unit") { text -> UnifiedSocialCreditCode? in
                // Which of its faults a code has does not matter to a query: the answer is a 400 all the same.
                try? UnifiedSocialCreditCode(text)
            }
            let position = try page.codesAfter().map { PairingPosition(targetCode: $0[0], unitCode: $0[1]) }
            let rows = try await read(
                within: request.codePrefix("division", max: 12), of: unit, scope: context.scope, after: position,
                limit: page.fetchLimit)
            return try Page(fetched: rows.map(PairingBody.init), for: page) { [$0.targetCode, $0.unitCode] }
        }
    }
}

/// A pairing in an answer.
struct PairingBody: Encodable, Sendable {
    let id: PairingID
    let unitCode: String
    let targetCode: String
    let from: CalendarDay
    let to: CalendarDay

    init(_ pairing: Pairing) {
        id = pairing.id
        unitCode = pairing.terms.unitCode.text
        targetCode = pairing.terms.targetCode.digits
        from = pairing.terms.from
        to = pairing.terms.to
    }
}
