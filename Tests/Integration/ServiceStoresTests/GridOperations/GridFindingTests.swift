import Foundation
import GridOperationsService
import Models
import Testing

/// What is not as it should be with grids, and their map, over HTTP.
@Suite(.timeLimit(.minutes(3))) struct GridFindingTests {
    private static let community = "532923100001"
    private static let area = community + "001"

    private func withArea(
        households: Int, kind: String = "", _ body: (ServedService) async throws -> Void
    ) async throws {
        try await ServedService.with(GridOperations.self, extensions: ["postgis"]) { service in
            try await service.registerTown([Self.community], more: kind)
            let grid = Self.row("\"boundary\":\"\(GridRows.box(0, 0, 20, 20))\"", households: households)
            let drawn = try await service.send([grid], to: "/v1/grids/bulk", as: .countyAdmin, "532923")
            #expect(drawn.body.contains("\"accepted\":1"), "\(drawn.body)")
            try await body(service)
        }
    }

    private static func row(_ boundary: String, households: Int) -> String {
        """
        {"code":"\(area)","name":"某网格","level":"area","parentCode":"\(community)","households":\(households),\(boundary)}
        """
    }

    @Test(arguments: [("", 300, 301), (",\"kind\":\"urbanCommunity\"", 500, 501)])
    func `an area with more households than it may have is found, by the kind of its community`(
        kind: String, most: Int, more: Int
    ) async throws {
        for (households, isFound) in [(most, false), (more, true)] {
            try await withArea(households: households, kind: kind) { service in
                let list = try await service.ask("GET", "/v1/grid-findings", as: .communityDesk, Self.community)
                #expect(list.status == 200 && list.body.contains("grid-too-large") == isFound, "\(list.body)")
                #expect(!isFound || list.body.contains("\"householdsMax\":\(most)"))
            }
        }
    }

    @Test func `roles that nobody holds are found until somebody does, page by page, in one's own scope`() async throws
    {
        try await withArea(households: 9000) { service in
            let path = "/v1/grid-findings?limit=1"
            let first = try await service.ask("GET", path, as: .communityDesk, Self.community)
            #expect(first.body.contains("area-incomplete") && first.body.contains("gridWorker"), "\(first.body)")
            let next = try #require(first.body.firstMatch(of: /"next":"([^"]+)"/)).output.1
            let second = try await service.ask("GET", path + "&cursor=\(next)", as: .communityDesk, Self.community)
            #expect(second.body.contains("grid-too-large") && !second.body.contains("next"), "\(second.body)")
            let holder = """
                {"gridCode":"\(Self.area)","role":"gridWorker","identityNumber":"\(GridRows.identityNumber(1))","name":"段誉"}
                """
            _ = try await service.send([holder], to: "/v1/grid-assignments/bulk", as: .townOfficer, "532923100")
            let staffed = try await service.ask("GET", path, as: .communityDesk, Self.community)
            #expect(staffed.body.contains("gridPolice") && !staffed.body.contains("gridWorker"), "\(staffed.body)")
            let others = try await service.ask("GET", path, as: .communityDesk, "532923100002")
            #expect(others.body == "{\"items\":[]}")
        }
    }

    @Test func `the map comes as GeoJSON, and goes in again as what it was`() async throws {
        try await withArea(households: 9) { service in
            let map = try await service.ask("GET", "/v1/grids/features", as: .communityDesk, Self.community)
            #expect(map.headers["content-type"] == "application/geo+json" && map.status == 200)
            let geometry = try #require(map.body.firstMatch(of: /"geometry":(\{[^}]+\})/)).output.1
            #expect(geometry.contains("\"type\":\"Polygon\"") && map.body.hasPrefix("{\"features\":["), "\(map.body)")
            let again = try await service.send(
                [Self.row("\"geometry\":\(geometry)", households: 9)], to: "/v1/grids/bulk", as: .countyAdmin, "532923")
            #expect(again.body.contains("\"unchanged\":1"), "\(again.body)")
            let tag = try #require(map.headers["etag"])
            let same = try await service.ask(
                "GET", "/v1/grids/features", as: .communityDesk, Self.community, headers: ["if-none-match": tag])
            #expect(same.status == 304)
            let both = Self.row(
                "\"geometry\":\(geometry),\"boundary\":\"\(GridRows.box(0, 0, 20, 20))\"", households: 9)
            let refused = try await service.send([both], to: "/v1/grids/bulk", as: .countyAdmin, "532923")
            #expect(refused.body.contains("\"rejected\":1") && refused.body.contains("geometry"), "\(refused.body)")
            let others = try await service.ask("GET", "/v1/grids/features", as: .communityDesk, "532923100002")
            #expect(others.body.contains("\"features\":[]"))
        }
    }
}
