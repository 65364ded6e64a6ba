import Hummingbird
import Models
import ServiceKit

/// The routes of the staff of grids.
struct GridStaffRoutes {
    let staffGrids: StaffGrids
    let endAssignment: EndGridAssignment
    let read: ReadDirectory
    let unmask: UnmaskGridStaff

    func add(to routes: SuiteRoutes) {
        routes.post("/v1/grid-assignments/bulk", .allowed(to: .staffing, scope: .division)) { request, context in
            try await BulkRoute.answer(
                request, context, of: AssignmentDraft.self, run: staffGrids.callAsFunction(_:scope:))
        }
        routes.post("/v1/grid-assignments/:id/end", .allowed(to: .staffing, scope: .division)) {
            _, context -> Response in
            guard try await endAssignment(context.identifier("id"), scope: context.scope) else {
                throw Problem.notFound("没有这项任职", "there is no such assignment")
            }
            return Response(status: .noContent)
        }
        routes.get("/v1/grids/:code/assignments", .allowed(to: .gridPeople, scope: .division)) {
            request, context -> GridStaffBody in
            let code = try context.gridCode()
            let day = try request.query("on") { CalendarDay($0) }
            guard let staff = try await read.staff(of: code, on: day, scope: context.scope) else {
                throw Problem.noSuchGrid
            }
            return GridStaffBody(code, staff)
        }
        routes.list("/v1/grid-findings", .allowed(to: .venueImporting, scope: .division), keys: 2) {
            request, context, page in
            let findings = try await read.findings(
                gridPrefix: request.codePrefix("grid", max: 17), scope: context.scope, after: page.codesAfter(),
                limit: page.fetchLimit)
            return try Page(
                fetched: findings.map(GridFindingBody.init), for: page, keys: { [$0.gridCode, $0.finding] })
        }
        routes.post(
            "/v1/grid-assignments/:id/unmask",
            .allowed(to: [.townOfficer, .communitySecretary, .communityDesk], scope: .division)
        ) { request, context in
            let id: GridAssignmentID = try context.identifier("id")
            return try await UnmaskRoute.answer(
                request, context, allowing: [.staffing, .incidentHandling, .subjectRequest]
            ) { order, scope in
                try await unmask(id, order, scope: scope).map { UnmaskedBody($0) }
            }
        }
    }
}
