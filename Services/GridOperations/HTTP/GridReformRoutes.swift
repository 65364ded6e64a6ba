import Hummingbird
import Models
import ServiceKit

/// The routes that merge and split grids.
struct GridReformRoutes {
    let reform: ReformGrids

    func add(to routes: SuiteRoutes) {
        routes.post(
            "/v1/grids/:code/merge", .allowed(to: .gridReforming, scope: .division),
            demanding: .ifMatch, .idempotencyKey
        ) { request, context -> GridReformBody in
            try await answer(request, context, of: GridMergeDraft.self) { draft, code throws(RowFaults) in
                try draft.checked(code)
            }
        }
        routes.post(
            "/v1/grids/:code/split", .allowed(to: .gridReforming, scope: .division),
            demanding: .ifMatch, .idempotencyKey
        ) { request, context -> GridReformBody in
            try await answer(request, context, of: GridSplitDraft.self) { draft, code throws(RowFaults) in
                try draft.checked(code)
            }
        }
    }

    private func answer<Draft: Decodable>(
        _ request: Request, _ context: SuiteRequestContext, of type: Draft.Type,
        _ check: (Draft, GridCode) throws(RowFaults) -> GridReform
    ) async throws -> GridReformBody {
        let version = try request.expectedVersion()
        let (draft, key) = try await request.idempotentJSON(type, context)
        // The declaration demands it.
        guard let key else { throw Problem.idempotencyKeyRequired }
        let order = try check(draft, context.gridCode())
        return GridReformBody(try await reform(order, ifVersion: version, key: key, scope: context.scope))
    }
}

/// What came of a merge or a split in an answer.
struct GridReformBody: ResponseEncodable, Sendable {
    let kind: GridReform.Kind
    let on: CalendarDay
    let ended: [GridCode]
    let successors: [GridCode]
    let incidents: Int
    let holdings: Int

    init(_ receipt: GridReformReceipt) {
        kind = receipt.kind
        on = receipt.on
        ended = receipt.ended
        successors = receipt.successors
        incidents = receipt.incidents
        holdings = receipt.holdings
    }
}
