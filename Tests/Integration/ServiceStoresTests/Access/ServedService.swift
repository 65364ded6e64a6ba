import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import Messaging
import Models
import NIOCore
import NIOHTTP1
import Postgres
import ServiceKit
import Support
import Synchronization
import Testing

/// A whole service on a port of its own, over a database as the role that services run as, with an identity provider of
/// the test.
struct ServedService: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: String
        /// The body as it came.
        let bytes: [UInt8]
        /// Names in lower case.
        let headers: [String: String]
        /// The body without the trace, which differs from request to request.
        var comparable: String { body.replacing(/"traceId":"[0-9a-f]*",?/, with: "") }
    }

    /// The routes that the service declared.
    let declarations: [RouteDeclaration]
    /// The database as the role that services run as.
    let database: TestDatabase
    /// The database as its superuser.
    let superuser: TestDatabase
    let pool: PostgresPool
    private let issuer: TestIssuer
    /// The ports of the replicas.
    private let ports: [Int]

    /// Keys that protect nothing: of 32 equal bytes each.
    static let keys = """
        {"current": "a", "keys": {"a": "\(Data(repeating: 1, count: 32).base64EncodedString())"},
         "lookup": "\(Data(repeating: 2, count: 32).base64EncodedString())"}
        """

    /// Runs a service while `body` asks it.
    ///
    /// - Parameter replicas: how many of it run over the one database, each with connections of its own.
    static func with<S: SuiteService>(
        _ type: S.Type, extensions: [String] = [], replicas: Int = 1, _ body: (ServedService) async throws -> Void
    ) async throws {
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        try await TestDatabase.with(named: "served", extensions: extensions) { superuser in
            let database = try await superuser.migrated(S.name, S.migrations)
            let pools = (0..<replicas).map { _ in database.pool() }
            let issuer = TestIssuer()
            var served: [ServerParts] = []
            for pool in pools {
                served.append(
                    try ServerParts(await replica(of: type, pool, logger: logger), issuer: issuer, logger: logger))
            }
            let running = served
            try await withThrowingTaskGroup(of: Void.self) { group in
                for server in running { group.addTask { try await server.run() } }
                try await eventually(within: .seconds(20), "the service listens") {
                    running.allSatisfy { $0.port != nil }
                }
                try await body(
                    ServedService(
                        declarations: running[0].declarations, database: database, superuser: superuser,
                        pool: pools[0], issuer: issuer, ports: running.compactMap(\.port)))
                group.cancelAll()
            }
            for pool in pools { await pool.shutdown(deadline: .seconds(5)) }
        }
    }

    private static func replica<S: SuiteService>(
        of type: S.Type, _ pool: PostgresPool, logger: Logger
    ) async throws -> S {
        let audit = AuditTrail(service: S.name)
        return try await S(
            context: ServiceContext(
                name: S.name, settings: try settings(type), county: "532923", pool: pool,
                outbox: Outbox(pool: pool, companion: audit), audit: audit,
                cipher: AESFieldCipher(keys: try FieldKeys(json: keys)), clock: SystemClock(), logger: logger))
    }

    private static func settings<S: SuiteService>(_ type: S.Type) throws -> SettingsReader {
        try SettingsLoader.load(
            CommonSettings.descriptions(defaultPort: 0) + S.settings,
            input: CommandLineInput([
                "--database-url", "postgres://x", "--kafka-bootstrap-servers", "x", "--auth-issuer", TestIssuer.issuer,
                "--auth-jwks", "file:/x",
            ]), environment: [:])
    }

    /// Where the first replica listens.
    var address: String { "http://127.0.0.1:\(ports[0])" }

    /// Asks as somebody with grants; without any, without a token.
    func ask(
        _ method: String, _ path: String, as grants: [Grant], subject: String = "person-1", body: String? = nil,
        headers: [String: String] = [:], file: (type: String, bytes: [UInt8])? = nil, replica: Int = 0
    ) async throws -> Answer {
        let token = grants.isEmpty ? nil : try issuer.token(TestIssuer.claims(grants, subject: subject))
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(ports[replica])\(path)")
        request.method = HTTPMethod(rawValue: method)
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        if let file {
            request.headers.add(name: "content-type", value: file.type)
            request.body = .bytes(ByteBuffer(bytes: file.bytes))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        // A stream never ends; that it began is enough.
        let isStream = response.headers.first(name: "content-type")?.hasPrefix("text/event-stream") == true
        let bytes = isStream ? ByteBuffer() : try await response.body.collect(upTo: 4 << 20)
        return Answer(
            status: Int(response.status.code), body: String(buffer: bytes), bytes: Array(bytes.readableBytesView),
            headers: Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first })
    }

    /// Asks as somebody with one grant.
    func ask(
        _ method: String, _ path: String, as role: Role, _ scope: String, subject: String = "person-1",
        body: String? = nil, headers: [String: String] = [:], file: (type: String, bytes: [UInt8])? = nil,
        replica: Int = 0
    ) async throws -> Answer {
        let grant = Grant(role, try #require(Scope(scope)))
        return try await ask(
            method, path, as: [grant], subject: subject, body: body, headers: headers, file: file, replica: replica)
    }

    /// Sends rows of a bulk route, numbered from 1.
    func send(_ rows: [String], to path: String, as role: Role, _ scope: String) async throws -> Answer {
        let numbered = rows.enumerated().map { "{\"row\":\($0.offset + 1),\"fields\":\($0.element)}" }
        return try await ask("POST", path, as: role, scope, body: "{\"rows\":[\(numbered.joined(separator: ","))]}")
    }
}

/// The server of a service and what it declared.
private final class ServerParts: Sendable {
    let declarations: [RouteDeclaration]
    private let application: any ApplicationProtocol
    private let bound: Bound

    private final class Bound: Sendable {
        let port = Mutex<Int?>(nil)
    }

    var port: Int? { bound.port.withLock { $0 } }

    init(_ service: some SuiteService, issuer: TestIssuer, logger: Logger) throws {
        let board = HealthBoard()
        for dependency in Dependency.allCases { board.note(dependency, .ready) }
        let verifier = TokenVerifier(
            rules: TokenRules(issuer: TestIssuer.issuer, audience: TestIssuer.audience),
            keys: KeySource(PublishedKeys(issuer: issuer), logger: logger), clock: SystemClock())
        let server = SuiteServer(limits: RequestLimits(), board: board, gate: AccessGate(verifier: verifier))
        let bound = Bound()
        var declared: [RouteDeclaration] = []
        application = server.application(
            host: "127.0.0.1", port: 0, logger: logger, open: { _ in },
            gated: { routes in
                service.addRoutes(to: routes)
                declared = routes.declarations
            },
            onRunning: { port in bound.port.withLock { $0 = port } })
        self.bound = bound
        declarations = declared
    }

    func run() async throws { try await application.run() }
}

private struct PublishedKeys: KeyDocument {
    let issuer: TestIssuer
    func load() async throws -> [UInt8] { try TestIssuer.jwks(issuer) }
}
