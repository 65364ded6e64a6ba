import Hummingbird
import Models
import ServiceKit

/// The routes of the staff of grids.
struct GridStaffRoutes {
    let staffGrids: StaffGrids
    let endAssignment: EndGridAssignment
    let read: ReadDirectory

    func add(to router: SuiteRouter) {
        router.post("/v1/grid-assignments/bulk") { request, context in
            try await BulkRoute.answer(request, context, of: AssignmentDraft.self, run: staffGrids.callAsFunction)
        }
        router.post("/v1/grid-assignments/:id/end") { _, context -> Response in
            guard try await endAssignment(context.identifier("id")) else {
                throw Problem.notFound("没有这项任职", "there is no such assignment")
            }
            return Response(status: .noContent)
        }
        router.get("/v1/grids/:code/assignments") { _, context -> GridStaffBody in
            let code = try context.gridCode()
            guard let staff = try await read.staff(of: code) else { throw Problem.noSuchGrid }
            return GridStaffBody(code, staff)
        }
    }
}
