import HTTPTypes
import Hummingbird
import Models
import ServiceKit

/// The routes of stations, facilities and rooms.
struct VenueRoutes {
    let registerStations: RegisterStations
    let changeStation: ChangeStation
    let facilities: KeepFacilities
    let rooms: KeepRooms
    let read: ReadVenues

    func add(to routes: SuiteRoutes) {
        addStations(to: routes)
        for action in StationAction.allCases { add(action, to: routes) }
        addFacilities(to: routes)
        addRooms(to: routes)
        addFindings(to: routes)
    }

    // MARK: - Stations

    private func addStations(to routes: SuiteRoutes) {
        routes.post("/v1/stations/bulk", .allowed(to: .venueImporting, scope: .division)) { request, context in
            try await BulkRoute.answer(
                request, context, of: StationDraft.self, run: registerStations.callAsFunction(_:scope:))
        }
        routes.post("/v1/stations", .allowed(to: .stationKeeping, scope: .division), demanding: .idempotencyKey) {
            request, context -> Response in
            let (draft, key) = try await request.idempotentJSON(StationDraft.self, context)
            // The declaration demands it.
            guard let key else { throw Problem.idempotencyKeyRequired }
            let station = try await changeStation.plan(draft, key: key, scope: context.scope)
            return try StationBody(station).created(at: "/v1/stations/\(station.id)", request, context)
                .tagged(version: station.version)
        }
        routes.list("/v1/stations", .allowed(to: .directory, scope: .division)) { request, context, page in
            let filter = StationFilter(
                divisionPrefix: try request.codePrefix("division", max: 12),
                kind: try request.query("kind") { StationKind(rawValue: $0) },
                state: try request.query("state") { StationState(rawValue: $0) })
            let stations = try await read.stations.list(
                filter, scope: context.scope, after: page.codesAfter()?.first, limit: page.fetchLimit)
            return try Page(fetched: stations.map(StationBody.init), for: page, keys: { [$0.code] })
        }
        routes.get("/v1/stations/:id", .allowed(to: .directory, scope: .division)) { request, context -> Response in
            let station = try await read.station(context.identifier("id"), scope: context.scope)
            return try StationBody(station).response(from: request, context: context).tagged(version: station.version)
        }
    }

    private func add(_ action: StationAction, to routes: SuiteRoutes) {
        routes.post(
            "/v1/stations/:id/\(action.rawValue)", .allowed(to: .stationKeeping, scope: .division), demanding: .ifMatch
        ) { request, context -> Response in
            let id = try context.identifier("id", as: StationID.self)
            let version = try request.expectedVersion()
            let draft = try await request.json(StationCommandDraft.self, context)
            let station = try await changeStation(action, on: id, draft, ifVersion: version, scope: context.scope)
            return try StationBody(station).response(from: request, context: context).tagged(version: station.version)
        }
    }

    // MARK: - Facilities

    private func addFacilities(to routes: SuiteRoutes) {
        routes.post("/v1/facilities", .allowed(to: .venueKeeping, scope: .division), demanding: .idempotencyKey) {
            request, context -> Response in
            let (draft, key) = try await request.idempotentJSON(FacilityDraft.self, context)
            // The declaration demands it.
            guard let key else { throw Problem.idempotencyKeyRequired }
            let facility = try await facilities.add(draft, key: key, scope: context.scope)
            return try FacilityBody(facility).created(at: "/v1/facilities/\(facility.id)", request, context)
                .tagged(version: facility.version)
        }
        routes.list("/v1/facilities", .allowed(to: .directory, scope: .division)) { request, context, page in
            let facilities = try await read.facilities.list(
                divisionPrefix: request.codePrefix("division", max: 12), scope: context.scope,
                after: page.identifierAfter(as: FacilityID.self), limit: page.fetchLimit)
            return try Page(fetched: facilities.map(FacilityBody.init), for: page, keys: { [$0.id.description] })
        }
        routes.get("/v1/facilities/:id", .allowed(to: .directory, scope: .division)) { request, context -> Response in
            let facility = try await read.facility(context.identifier("id"), scope: context.scope)
            return try FacilityBody(facility).response(from: request, context: context)
                .tagged(version: facility.version)
        }
        routes.put("/v1/facilities/:id", .allowed(to: .venueKeeping, scope: .division), demanding: .ifMatch) {
            request, context -> Response in
            let id = try context.identifier("id", as: FacilityID.self)
            let version = try request.expectedVersion()
            let draft = try await request.json(FacilityDraft.self, context)
            let facility = try await facilities.replace(id, draft, ifVersion: version, scope: context.scope)
            return try FacilityBody(facility).response(from: request, context: context)
                .tagged(version: facility.version)
        }
    }

    // MARK: - Rooms

    private func addRooms(to routes: SuiteRoutes) {
        routes.post("/v1/rooms/bulk", .allowed(to: .venueImporting, scope: .division)) { request, context in
            try await BulkRoute.answer(request, context, of: RoomDraft.self, run: rooms.register(_:scope:))
        }
        routes.list("/v1/rooms", .allowed(to: .directory, scope: .division)) { request, context, page in
            try await list(request, page, scope: context.scope, onlyOpen: false)
        }
        routes.get("/v1/rooms/:id", .allowed(to: .directory, scope: .division)) { request, context -> Response in
            let room = try await read.room(context.identifier("id"), scope: context.scope)
            return try RoomBody(room).response(from: request, context: context).tagged(version: room.version)
        }
        routes.put("/v1/rooms/:id", .allowed(to: .venueKeeping, scope: .division), demanding: .ifMatch) {
            request, context -> Response in
            let id = try context.identifier("id", as: RoomID.self)
            let version = try request.expectedVersion()
            let draft = try await request.json(RoomSettingsDraft.self, context)
            let room = try await rooms.replace(id, draft, ifVersion: version, scope: context.scope)
            return try RoomBody(room).response(from: request, context: context).tagged(version: room.version)
        }
        // What residents may book is told to everybody, wherever he is at home.
        routes.list("/v1/open-rooms", .allowed(to: .applicants, scope: .own)) { request, _, page in
            try await list(request, page, scope: .everything, onlyOpen: true)
        }
    }

    private func list(
        _ request: Request, _ page: PageRequest, scope: ScopeFilter, onlyOpen: Bool
    ) async throws -> Page<RoomBody> {
        let filter = RoomFilter(
            divisionPrefix: try request.codePrefix("division", max: 12),
            kind: try request.query("kind") { RoomKind(rawValue: $0) }, onlyOpen: onlyOpen)
        let rooms = try await read.rooms.list(
            filter, scope: scope, after: page.identifierAfter(as: RoomID.self), limit: page.fetchLimit)
        return try Page(fetched: rooms.map(RoomBody.init), for: page, keys: { [$0.id.description] })
    }

    // MARK: - Findings

    private func addFindings(to routes: SuiteRoutes) {
        routes.list("/v1/venue-findings", .allowed(to: .venueImporting, scope: .division), keys: 3) {
            request, context, page in
            let findings = try await read.findings.list(
                divisionPrefix: request.codePrefix("division", max: 12), scope: context.scope, after: page.codesAfter(),
                limit: page.fetchLimit)
            return try Page(
                fetched: findings.map(VenueFindingBody.init), for: page,
                keys: { [$0.divisionCode, $0.finding, $0.subject ?? "-"] })
        }
    }
}

extension ResponseEncodable {
    /// The answer to what was created, with its address.
    func created(at path: String, _ request: Request, _ context: SuiteRequestContext) throws -> Response {
        var response = try response(from: request, context: context)
        response.status = .created
        response.headers[.location] = path
        return response
    }
}
