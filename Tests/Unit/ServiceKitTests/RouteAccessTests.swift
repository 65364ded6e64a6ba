import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Models
import Postgres
import ServiceKit
import Support
import Synchronization
import Testing

/// The door of every route, asked over a socket.
struct RouteAccessTests {
    private let issuer = TestIssuer()

    private struct Seen: ResponseEncodable {
        let subject: String?
        let scope: String
        let rows: String?
        let actor: String?
    }

    private static func seen(_ context: SuiteRequestContext) -> Seen {
        Seen(
            subject: context.caller?.subject, scope: context.scope.rowScope,
            rows: PostgresTaskSetting.current.first?.value,
            actor: Actor.current.map { "\($0.kind.rawValue) \($0.roles) \($0.operation)" })
    }

    private static func addRoutes(to routes: SuiteRoutes) {
        routes.get("/v1/open", .open) { _, context in seen(context) }
        routes.get("/v1/rows/:id", .allowed(to: [.communityDesk, .townOfficer, .resident], scope: .division)) {
            _, context in seen(context)
        }
        routes.get("/v1/units", .allowed(to: [.unitLiaison, .countyAdmin], scope: .divisionOrUnit)) { _, context in
            seen(context)
        }
        routes.get("/v1/own", .allowed(to: [.resident], scope: .own)) { _, context in seen(context) }
        routes.post(
            "/v1/rows", .allowed(to: [.communityDesk], scope: .division), demanding: .idempotencyKey
        ) { _, context in seen(context) }
        routes.put("/v1/rows/:id", .allowed(to: [.communityDesk], scope: .division), demanding: .ifMatch) {
            _, context in seen(context)
        }
        routes.get("/v1/unheld", .apiKey(isRequired: false)) { _, context in seen(context) }
        routes.take(TownKey())
        routes.get("/v1/keyed", .apiKey(isRequired: true)) { _, context in seen(context) }
        routes.get("/v1/public", .apiKey(isRequired: false)) { _, context in seen(context) }
        routes.get("/v1/service", .allowed(to: [.cloudOperator], scope: .service)) { _, context in seen(context) }
    }

    /// Lets one key in.
    private struct TownKey: APIKeyVerifying {
        func client(of key: String) async throws -> APIClient {
            guard key == "good", let town = DivisionPrefix("532923100") else { throw Problem.apiKeyRefused }
            return APIClient(id: "key-1", jurisdiction: town)
        }
    }

    @Test func `an API key opens its division, and a wrong one nothing`() async throws {
        try await withServer { port in
            let token = try issuer.token(.communityDesk, "532923100001")
            for path in ["/v1/keyed", "/v1/keyed?api_key=", "/v1/keyed?api_key=bad", "/v1/public?api_key=bad"] {
                let answer = try await ask(port, path, token)
                #expect(answer.status == 403 && answer.body.contains("problem:forbidden"), "\(path) \(answer.body)")
            }
            let keyed = try await ask(port, "/v1/keyed?api_key=good", nil)
            #expect(keyed.status == 200 && keyed.body.contains("\"rows\":\"532923100\""), "\(keyed.body)")
            #expect(keyed.body.contains("\"actor\":\"apiKey [] GET /v1/keyed\"") && keyed.body.contains("key-1"))
            let anyone = try await ask(port, "/v1/public", nil)
            #expect(anyone.status == 200 && anyone.body.contains("\"scope\":\"\"") && anyone.body.contains("anonymous"))
            // Where nobody checks keys, none opens anything.
            let unheld = try await ask(port, "/v1/unheld?api_key=good", nil)
            #expect(unheld.status == 403)
        }
    }

    private func withServer(_ body: (Int) async throws -> Void) async throws {
        let board = HealthBoard()
        for dependency in Dependency.allCases { board.note(dependency, .ready) }
        let verifier = TokenVerifier(
            rules: TokenRules(issuer: TestIssuer.issuer, audience: TestIssuer.audience),
            keys: KeySource(FixedKeys(bytes: try TestIssuer.jwks(issuer)), logger: TokenVerifierTests.quiet),
            clock: SystemClock())
        let server = SuiteServer(limits: RequestLimits(), board: board, gate: AccessGate(verifier: verifier))
        let port = Mutex<Int?>(nil)
        let application = server.application(
            host: "127.0.0.1", port: 0, logger: TokenVerifierTests.quiet, open: { _ in },
            gated: { Self.addRoutes(to: $0) }, onRunning: { bound in port.withLock { $0 = bound } })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            try await eventually(within: .seconds(20), "the server listens") { port.withLock { $0 } != nil }
            try await body(try #require(port.withLock { $0 }))
            group.cancelAll()
        }
    }

    private func ask(
        _ port: Int, _ path: String, _ token: String?, method: String = "GET", headers: [String: String] = [:]
    ) async throws -> TestClient.Answer {
        var headers = headers
        headers["Accept-Language"] = "en"
        if let token { headers["Authorization"] = "Bearer \(token)" }
        return try await TestClient.request(method, path, port: port, headers: headers)
    }

    @Test func `without a token a route answers 401 and says how to ask`() async throws {
        try await withServer { port in
            for path in ["/v1/rows/1", "/v1/units", "/v1/own", "/v1/service"] {
                let answer = try await ask(port, path, nil)
                #expect(answer.status == 401 && answer.body.contains("token-missing"))
                #expect(answer.headers["www-authenticate"] == "Bearer realm=\"tiaokuai\"")
                let head = try await ask(port, path, nil, method: "HEAD")
                #expect(head.status == 401)
            }
            let basic = try await ask(port, "/v1/own", nil, headers: ["Authorization": "Basic YTpi"])
            #expect(basic.status == 401 && basic.body.contains("token-missing"))
            #expect(basic.headers["www-authenticate"] == "Bearer realm=\"tiaokuai\"")
            #expect(try await ask(port, "/v1/open", nil).status == 200)
            // An open route does not look at tokens at all.
            #expect(try await ask(port, "/v1/open", "nonsense").status == 200)
        }
    }

    @Test func `a token that is not valid is answered with its error`() async throws {
        try await withServer { port in
            var late = TestIssuer.claims()
            late.expiresAt = Date(timeIntervalSinceNow: -60)
            for token in ["x.y.z", try TestIssuer().token(.communityDesk, "532923100001"), try issuer.token(late)] {
                let answer = try await ask(port, "/v1/rows/1", token)
                #expect(answer.status == 401 && answer.body.contains("token-invalid"))
                #expect(answer.headers["www-authenticate"]?.contains("error=\"invalid_token\"") == true)
            }
        }
    }

    @Test func `a role that a route does not name is refused with 403`() async throws {
        try await withServer { port in
            let answer = try await ask(port, "/v1/rows/1", try issuer.token(.gridWorker, "532923100001001"))
            #expect(answer.status == 403 && answer.body.contains("urn:tiaokuai:problem:forbidden"))
            #expect(answer.headers["www-authenticate"]?.contains("insufficient_scope") == true)
            // Allowed by name, but with a scope that does not count here, or that the role may not have.
            #expect(try await ask(port, "/v1/rows/1", try issuer.token(.townOfficer, "532923")).status == 403)
            #expect(try await ask(port, "/v1/rows/1", try issuer.token(.resident, "self")).status == 403)
            #expect(try await ask(port, "/v1/own", try issuer.token(.resident, "532923")).status == 403)
        }
    }

    @Test func `the route, the database and the trail get the scopes of the roles that opened the route`() async throws
    {
        try await withServer { port in
            let claims = TestIssuer.claims([
                Grant(.communityDesk, try #require(Scope("532923100001"))),
                Grant(.communityDesk, try #require(Scope("532923100002"))),
                Grant(.gridWorker, try #require(Scope("532923200001001"))), Grant(.resident, .own),
            ])
            let answer = try await ask(port, "/v1/rows/1", try issuer.token(claims))
            #expect(answer.status == 200)
            #expect(answer.body.contains(#""scope":"532923100001,532923100002""#))
            #expect(answer.body.contains(#""rows":"532923100001,532923100002""#))
            #expect(answer.body.contains(#"person [\"community-desk\"] GET /v1/rows/:id"#))
            let own = try await ask(port, "/v1/own", try issuer.token(claims))
            #expect(own.body.contains(#""scope":"self:person-1""#))
            let unit = try await ask(port, "/v1/units", try issuer.token(.unitLiaison, "unit:U1"))
            #expect(unit.body.contains(#""rows":"unit:U1""#))
            let service = try await ask(port, "/v1/service", try issuer.token(.cloudOperator, "532923"))
            #expect(service.body.contains(#""rows":"*""#))
            let open = try await ask(port, "/v1/open", nil)
            #expect(!open.body.contains("rows") && open.body.contains("anonymous"))
        }
    }

    @Test func `a header that the declaration demands is asked for`() async throws {
        try await withServer { port in
            let token = try issuer.token(.communityDesk, "532923100001")
            let create = try await ask(port, "/v1/rows", token, method: "POST")
            #expect(create.status == 400 && create.body.contains("idempotency-key-required"))
            let change = try await ask(port, "/v1/rows/1", token, method: "PUT")
            #expect(change.status == 428)
            let keyed = try await ask(port, "/v1/rows", token, method: "POST", headers: ["Idempotency-Key": "k"])
            #expect(keyed.status == 200)
            // Who may not at all learns nothing of headers.
            #expect(try await ask(port, "/v1/rows", nil, method: "POST").status == 401)
        }
    }
}
