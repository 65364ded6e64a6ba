import CloudGatewayService
import CommunityPairingService
import Foundation
import GridOperationsService
import HTTPTypes
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import TalentRegistryService
import Testing

/// What makes requests safe to send again and changes safe from each other: keys, versions, pages.
///
/// The first tests are made from the declarations themselves.
struct SafeRequestTests {
    // MARK: - From the declarations

    @Test func `the routes of the cloud gateway keep what they declare`() async throws {
        try await ServedService.with(CloudGateway.self) { try await check($0) }
    }

    @Test func `the routes of community pairing keep what they declare`() async throws {
        try await ServedService.with(CommunityPairing.self) { try await check($0) }
    }

    @Test func `the routes of grid operations keep what they declare`() async throws {
        try await ServedService.with(GridOperations.self, extensions: ["postgis"]) { service in
            try await check(service)
            // All of these rest on it: the three kinds of declaration are there.
            #expect(service.declarations.contains { $0.demands.contains(.idempotencyKey) })
            #expect(service.declarations.filter { $0.demands.contains(.ifMatch) }.count == 35)
            #expect(service.declarations.filter { $0.pageKeys != nil }.count == 15)
        }
    }

    @Test func `the routes of notifications keep what they declare`() async throws {
        try await ServedService.with(Notifications.self) { try await check($0) }
    }

    @Test func `the routes of the talent registry keep what they declare`() async throws {
        try await ServedService.with(TalentRegistry.self) { try await check($0) }
    }

    private func check(_ service: ServedService) async throws {
        for route in service.declarations {
            for demand in route.demands { try await check(demand, of: route, service) }
            if let keys = route.pageKeys { try await checkPages(of: route, keys: keys, service) }
        }
    }

    private func check(_ demand: RouteDemand, of route: RouteDeclaration, _ service: ServedService) async throws {
        // What else the route demands is there.
        let others = route.demands.filter { $0 != demand }
        let rest = others.isEmpty ? [:] : demand == .ifMatch ? ["idempotency-key": "k"] : ["if-match": "*"]
        switch demand {
        case .idempotencyKey:
            try await expect(
                400, "idempotency-key-required", field: "Idempotency-Key", route, service, headers: rest)
            try await expect(
                400, "malformed", field: "Idempotency-Key", route, service, body: Self.report,
                headers: rest.merging(["idempotency-key": "two words"]) { $1 })
        case .ifMatch:
            try await expect(428, "precondition-required", field: "If-Match", route, service, headers: rest)
            for tag in ["3", "W/\"3\"", "\"x\"", "\"+3\"", "\"\""] {
                try await expect(
                    412, "precondition-failed", field: nil, route, service,
                    headers: rest.merging(["if-match": tag]) { $1 })
            }
        }
    }

    private func checkPages(of route: RouteDeclaration, keys: Int, _ service: ServedService) async throws {
        for limit in ["0", "501", "-1", "x", "1.5", "99999999999999999999"] {
            try await expect(400, "malformed", field: "limit", route, service, query: "limit=\(limit)")
        }
        let cursors = [
            "!", "e30", try PageCursor.encode([]), try PageCursor.encode(Array(repeating: "1", count: keys + 1)),
            try PageCursor.encode(Array(repeating: "\u{0}", count: keys)),
        ]
        for cursor in cursors {
            try await expect(400, "malformed", field: "cursor", route, service, query: "cursor=\(cursor)")
        }
        let last = try await ask(route, service, query: "limit=500")
        #expect(last.status == 200 && last.headers["link"] == nil, "\(route.name): \(last.body)")
    }

    private func expect(
        _ status: Int, _ slug: String, field: String?, _ route: RouteDeclaration, _ service: ServedService,
        query: String = "", body: String? = nil, headers: [String: String] = [:]
    ) async throws {
        let answer = try await ask(route, service, query: query, body: body, headers: headers)
        #expect(answer.status == status, "\(route.name) \(query) \(headers): \(answer.body)")
        #expect(answer.body.contains("urn:tiaokuai:problem:\(slug)\""), "\(route.name): \(answer.body)")
        if let field { #expect(answer.body.contains("\"field\":\"\(field)\""), "\(route.name): \(answer.body)") }
    }

    /// Asks as somebody whom the route lets in.
    private func ask(
        _ route: RouteDeclaration, _ service: ServedService, query: String, body: String? = nil,
        headers: [String: String] = [:]
    ) async throws -> ServedService.Answer {
        let scopes = ["532923", "532923100", "532923100001", "532923100001001", "unit:U1", "self"].compactMap {
            Scope($0)
        }
        let grants = Role.allCases.flatMap { role in scopes.map { Grant(role, $0) } }
        let grant = try #require(grants.first(where: route.admits))
        let path = route.path.split(separator: "/").map { part in
            part.hasPrefix(":") ? UUID().uuidString.lowercased() : String(part)
        }.joined(separator: "/")
        return try await service.ask(
            route.method.rawValue, "/\(path)\(query.isEmpty ? "" : "?\(query)")", as: [grant],
            body: body ?? (route.method == .get ? nil : "{}"), headers: headers)
    }

    // MARK: - One effect

    private static let report = report("消防通道堵塞")

    private static func report(_ title: String) -> String {
        """
        {"function":"emergencyManagement","title":"\(title)","description":"楼道里堆放杂物","longitude":100.505,
         "latitude":25.405,"source":"resident","urgency":"ordinary"}
        """
    }

    private func post(
        _ service: ServedService, key: String, body: String = report, subject: String = "person-1", replica: Int = 0
    ) async throws -> ServedService.Answer {
        try await service.ask(
            "POST", "/v1/incidents", as: .communityDesk, ServedTown.community, subject: subject, body: body,
            headers: ["idempotency-key": key], replica: replica)
    }

    private func count(_ table: String, _ service: ServedService) async throws -> Int? {
        let pool = service.superuser.pool(size: 1)
        let count = try await pool.query("select count(*)::bigint as count from \(unescaped: table)").rows.first?
            .decode("count", as: Int.self)
        await pool.shutdown(deadline: .seconds(5))
        return count
    }

    @Test func `two hundred parallel posts with one key to two replicas have one effect and one answer`() async throws {
        try await ServedTown.with(replicas: 2) { service in
            let before = try await count("messaging.outbox", service)
            let answers = try await withThrowingTaskGroup(of: ServedService.Answer.self) { group in
                for index in 0..<200 {
                    group.addTask { try await post(service, key: "one", replica: index % 2) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 200)
            #expect(Set(answers.map(\.status)) == [201])
            #expect(Set(answers.map(\.body)).count == 1)
            #expect(Set(answers.map { $0.headers["location"] }).count == 1)
            #expect(try await count("grid.incidents", service) == 1)
            #expect(try await count("messaging.outbox", service) == before.map { $0 + 1 })
        }
    }

    @Test func `another body under the key is refused, and another person's key is another`() async throws {
        try await ServedTown.with { service in
            let first = try await post(service, key: "k")
            let other = try await post(service, key: "k", body: Self.report("另一件事"))
            #expect(other.status == 422 && other.body.contains("idempotency-mismatch"), "\(other.body)")
            let somebody = try await post(service, key: "k", subject: "person-2")
            #expect(somebody.status == 201 && somebody.body != first.body)
            #expect(try await count("grid.incidents", service) == 2)
        }
    }

    // MARK: - Versions

    @Test func `of two who change the same version the second is refused, and may then read again`() async throws {
        try await ServedTown.with { service in
            let reported = try await post(service, key: "k")
            let location = try #require(reported.headers["location"])
            let tag = try #require(reported.headers["etag"])
            func file(_ tag: String) async throws -> ServedService.Answer {
                try await service.ask(
                    "POST", "\(location)/file", as: .communityDesk, ServedTown.community,
                    subject: PersonID.new().description,
                    body: "{\"function\":\"emergencyManagement\"}", headers: ["if-match": tag])
            }
            let read = try await service.ask("GET", location, as: .communityDesk, ServedTown.community)
            #expect(read.headers["etag"] == tag)
            let first = try await file(tag)
            #expect(first.status == 200 && first.headers["etag"] != tag, "\(first.body)")
            let second = try await file(tag)
            #expect(second.status == 412 && second.body.contains("precondition-failed"), "\(second.body)")
            // With the present version it is the state that refuses.
            let again = try await file(try #require(first.headers["etag"]))
            #expect(again.status == 409 && again.body.contains("wrong-state"), "\(again.body)")
        }
    }

    // MARK: - Pages

    @Test func `following the links shows each row once, though rows come and go meanwhile`() async throws {
        try await ServedTown.with { service in
            for index in 0..<7 { _ = try await post(service, key: "k\(index)") }
            var path: String? = "/v1/incidents?limit=2"
            var numbers: [String] = []
            while let next = path {
                let page = try await service.ask("GET", next, as: .communityDesk, ServedTown.community)
                #expect(page.status == 200, "\(page.body)")
                numbers += page.body.matches(of: /"number":"([^"]+)"/).map { String($0.1) }
                path = page.headers["link"]?.firstMatch(of: /<([^>]+)>; rel="next"/).map { String($0.1) }
                // A report that comes in between is newer than the page and moves nothing.
                _ = try await post(service, key: "later \(numbers.count)".replacing(" ", with: "-"))
            }
            #expect(numbers.count == 7 && Set(numbers).count == 7)
        }
    }
}
