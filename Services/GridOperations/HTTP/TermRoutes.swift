import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of terms and absences of staff.
struct TermRoutes {
    let terms: KeepTerms

    func add(to routes: SuiteRoutes) {
        routes.put("/v1/grid-assignments/:id/term", .allowed(to: .staffing, scope: .division)) {
            request, context -> Response in
            let id = try context.identifier("id", as: GridAssignmentID.self)
            try await terms.setTerm(id, try await request.json(GridTermDraft.self, context), scope: context.scope)
            return Response(status: .noContent)
        }
        routes.post(
            "/v1/grid-assignments/:id/absences", .allowed(to: .staffing, scope: .division),
            demanding: .idempotencyKey
        ) { request, context -> Response in
            let (draft, key) = try await request.idempotentJSON(GridAbsenceDraft.self, context)
            // The declaration demands it.
            guard let key else { throw Problem.idempotencyKeyRequired }
            _ = try await terms.add(draft, of: context.identifier("id"), key: key, scope: context.scope)
            return Response(status: .noContent)
        }
    }
}
