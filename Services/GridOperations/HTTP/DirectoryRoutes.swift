import Hummingbird
import Models
import ServiceKit

/// The routes of divisions and grids.
struct DirectoryRoutes {
    let registerDivisions: RegisterDivisions
    let registerGrids: RegisterGrids
    let read: ReadDirectory

    func add(to routes: SuiteRoutes) {
        addDivisions(to: routes)
        addGrids(to: routes)
    }

    private func addDivisions(to routes: SuiteRoutes) {
        routes.post("/v1/divisions/bulk", .allowed(to: [.countyAdmin], scope: .division)) { request, context in
            try await BulkRoute.answer(
                request, context, of: DivisionDraft.self, run: registerDivisions.callAsFunction(_:scope:))
        }
        routes.list("/v1/divisions", .allowed(to: .directory, scope: .division)) { request, context, page in
            let prefix = try request.codePrefix("prefix", max: 17)
            let divisions = try await read.divisions(
                prefix: prefix, scope: context.scope, after: page.codesAfter()?.first, limit: page.fetchLimit)
            return try Page(fetched: divisions.map(DivisionBody.init), for: page, keys: { [$0.code] })
        }
    }

    private func addGrids(to routes: SuiteRoutes) {
        routes.post("/v1/grids/bulk", .allowed(to: [.countyAdmin, .townOfficer], scope: .division)) {
            request, context in
            try await BulkRoute.answer(
                request, context, of: GridDraft.self, run: registerGrids.callAsFunction(_:scope:))
        }
        routes.list("/v1/grids", .allowed(to: .directory, scope: .division)) { request, context, page in
            let prefix = try request.codePrefix("community", max: 17)
            let level = try request.query("level") { GridLevel(rawValue: $0) }
            let day = try request.query("on") { CalendarDay($0) }
            let grids = try await read.grids(
                prefix: prefix, level: level, on: day, scope: context.scope, after: page.codesAfter()?.first,
                limit: page.fetchLimit)
            return try Page(fetched: grids.map(GridBody.init), for: page, keys: { [$0.code] })
        }
        routes.get("/v1/grids/locate", .allowed(to: .directory, scope: .division)) { request, _ -> GridPlaceBody in
            let longitude = try request.degrees("longitude", limit: 180)
            let latitude = try request.degrees("latitude", limit: 90)
            guard let position = Position(longitude: longitude, latitude: latitude) else {
                throw Problem.malformed(field: "longitude", "经纬度无效", "longitude and latitude are not valid")
            }
            switch try await read.place(position) {
            case .inside(let code): return GridPlaceBody(code)
            case .outside(let nearest): throw Problem.noGrid(nearest: nearest)
            }
        }
        routes.get("/v1/grids/features", .allowed(to: .directory, scope: .division)) { request, context -> Response in
            let prefix = try request.codePrefix("community", max: 17)
            let level = try request.query("level") { GridLevel(rawValue: $0) }
            let day = try request.query("on") { CalendarDay($0) }
            let grids = try await read.grids(
                prefix: prefix, level: level, on: day, scope: context.scope, after: nil, limit: GridFeatures.most + 1)
            guard grids.count <= GridFeatures.most else {
                throw Problem.malformed(
                    field: "community", "网格超过 \(GridFeatures.most) 个，请填写乡镇或社区编码",
                    "there are more than \(GridFeatures.most) grids; name a town or a community")
            }
            return TaggedDocument.answer(
                request, try SuiteJSON.encode(GridFeatures(grids.map(\.grid))), contentType: "application/geo+json")
        }
        routes.get("/v1/grids/:code", .allowed(to: .directory, scope: .division)) { request, context -> Response in
            guard let grid = try await read.grid(context.gridCode(), scope: context.scope) else {
                throw Problem.noSuchGrid
            }
            return try GridBody(grid).response(from: request, context: context).tagged(version: grid.version)
        }
    }
}

extension SuiteRequestContext {
    /// The grid code in the path.
    ///
    /// - Throws: a 404 problem when it is none, since no such grid can exist.
    func gridCode() throws -> GridCode {
        guard let code = GridCode(try pathText("code")) else { throw Problem.noSuchGrid }
        return code
    }
}

extension Request {
    /// An item of the query in degrees.
    ///
    /// - Throws: a 400 problem that names it when it is missing, no number or beyond the limit.
    fileprivate func degrees(_ name: String, limit: Double) throws -> Double {
        guard
            let degrees = try query(
                name,
                { text in
                    Double(text).flatMap { $0.isFinite && abs($0) <= limit ? $0 : nil }
                })
        else {
            throw Problem.malformed(
                field: name, "需要 \(name)（±\(Int(limit))）", "\(name) is needed (±\(Int(limit)))")
        }
        return degrees
    }
}

extension Problem {
    /// 404: no grid of that code.
    static let noSuchGrid = Problem.notFound("没有这个网格", "there is no such grid")
}
