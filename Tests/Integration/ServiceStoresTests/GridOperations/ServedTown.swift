import GridOperationsService
import Models
import Testing

/// Grid operations over HTTP with a town of service areas.
enum ServedTown {
    /// The community that most tests need.
    static let community = "532923100001"

    /// Runs grid operations with communities in one town and a service area in each while `body` asks it.
    static func with(
        _ communities: [String] = [community], replicas: Int = 1, _ body: (ServedService) async throws -> Void
    ) async throws {
        try await ServedService.with(GridOperations.self, extensions: ["postgis"], replicas: replicas) { service in
            try await service.registerTown(communities)
            // Side by side, from west to east.
            let areas = communities.enumerated().map { index, community in
                let west = Double(20 * index)
                return """
                    {"code":"\(community)001","name":"某网格","level":"area","parentCode":"\(community)","households":9,
                     "boundary":"\(GridRows.box(west, 0, west + 20, 20))"}
                    """
            }
            let drawn = try await service.send(areas, to: "/v1/grids/bulk", as: .countyAdmin, "532923")
            #expect(drawn.body.contains("\"accepted\":\(areas.count)"), "\(drawn.body)")
            try await body(service)
        }
    }
}

extension ServedService {
    /// Registers a town and communities in it.
    ///
    /// - Parameter more: further members of each community's row, each after a comma.
    func registerTown(_ communities: [String], more: String = "") async throws {
        let rows =
            ["{\"code\":\"532923100\",\"name\":\"某地\",\"level\":\"town\"}"]
            + communities.map { "{\"code\":\"\($0)\",\"name\":\"某地\",\"level\":\"community\"\(more)}" }
        let registered = try await send(rows, to: "/v1/divisions/bulk", as: .countyAdmin, "532923")
        #expect(registered.body.contains("\"accepted\":\(rows.count)"), "\(registered.body)")
    }

    /// Reports an incident as a resident or at the desk, and gives its path.
    func report(_ more: String = "", resident: PersonID? = nil, key: String = "k") async throws -> String {
        let answer = try await ask(
            "POST", "/v1/incidents", as: resident == nil ? .communityDesk : .resident,
            resident == nil ? ServedTown.community : "self", subject: resident?.description ?? "person-1",
            body: """
                {"function":"emergencyManagement","title":"消防通道堵塞","description":"楼道里堆放杂物","longitude":100.505,
                 "latitude":25.405,"source":"resident","urgency":"ordinary"\(more)}
                """, headers: ["idempotency-key": key])
        #expect(answer.status == 201, "\(answer.body)")
        return try #require(answer.headers["location"])
    }

    /// Gives an order to whatever version of an incident there is.
    func order(
        _ path: String, _ action: String, _ body: String, as role: Role = .communityDesk,
        _ scope: String = ServedTown.community, subject: String = PersonID.new().description
    ) async throws -> Answer {
        try await ask(
            "POST", "\(path)/\(action)", as: role, scope, subject: subject, body: body, headers: ["if-match": "*"])
    }
}
