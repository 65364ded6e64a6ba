import GridOperationsService
import Models
import Testing

/// Merge and split over HTTP.
@Suite(.timeLimit(.minutes(3))) struct GridReformRouteTests {
    private let area = "532923100001001"
    private let body = """
        {"parts":[{"code":"532923100001002","name":"东","households":4,"boundary":"\(GridRows.box(0, 0, 10, 20))"},
                  {"code":"532923100001003","name":"西","households":5,"boundary":"\(GridRows.box(10, 0, 20, 20))"}]}
        """

    private func split(
        _ service: ServedService, as role: Role = .townOfficer, _ scope: String = "532923100", tag: String = "*",
        key: String = "k"
    ) async throws -> ServedService.Answer {
        try await service.ask(
            "POST", "/v1/grids/\(area)/split", as: role, scope, body: body,
            headers: ["if-match": tag, "idempotency-key": key])
    }

    @Test func `a grid is split once, by the town, at the version that was read`() async throws {
        try await ServedTown.with { service in
            let read = try await service.ask("GET", "/v1/grids/\(area)", as: .townOfficer, "532923100")
            let tag = try #require(read.headers["etag"])
            #expect(try await split(service, as: .communitySecretary, ServedTown.community).status == 403)
            #expect(try await split(service, "532923200").status == 404)
            #expect(try await split(service, tag: "\"7\"").status == 412)
            let done = try await split(service, tag: tag)
            #expect(done.status == 200 && done.body.contains("\"ended\":[\"\(area)\"]"), "\(done.body)")
            #expect(try await split(service, tag: tag).body == done.body)
            #expect(try await split(service, tag: tag, key: "other").status == 412)
            let late = try await split(service, key: "third")
            #expect(late.status == 409 && late.body.contains("grid-ended"), "\(late.body)")

            let today = try await service.ask("GET", "/v1/grids", as: .townOfficer, "532923100")
            #expect(!today.body.contains("\"code\":\"\(area)\"") && today.body.contains("532923100001003"))
            let before = try await service.ask("GET", "/v1/grids?on=2020-01-01", as: .townOfficer, "532923100")
            #expect(before.body.contains("\"code\":\"\(area)\"") && before.body.contains("\"successors\":["))
            let old = try await service.ask("GET", "/v1/grids/\(area)", as: .townOfficer, "532923100")
            #expect(old.body.contains("\"validTo\"") && old.headers["etag"] == "\"2\"", "\(old.body)")
        }
    }

    @Test func `what is not sent well is told field by field`() async throws {
        try await ServedTown.with { service in
            let answer = try await service.ask(
                "POST", "/v1/grids/\(area)/merge", as: .townOfficer, "532923100",
                body: "{\"others\":[\"1\",\"\(area)\"],\"code\":\"532923100002001\",\"name\":\"x\"}",
                headers: ["if-match": "*", "idempotency-key": "k"])
            #expect(answer.status == 422 && answer.body.contains("/others/0") && answer.body.contains("/others/1"))
            let other = try await service.ask(
                "POST", "/v1/grids/\(area)/merge", as: .townOfficer, "532923100",
                body: "{\"others\":[\"532923100001002\"],\"code\":\"532923100002001\",\"name\":\"x\"}",
                headers: ["if-match": "*", "idempotency-key": "k"])
            #expect(other.status == 422 && other.body.contains("parent-mismatch"), "\(other.body)")
        }
    }
}
