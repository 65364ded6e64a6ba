import AsyncHTTPClient
import Foundation
import GridOperationsService
import HTTPTypes
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

/// What authentication, scope, idempotency and audit trail cost together: the route that takes an incident as the service
/// has it, against the same use case and the same statements with those left out, in turn.
struct SecurityBenchmarks {
    private let clients = 32
    private let seconds = 5.0
    private let rounds = 7

    func ratio() async throws -> [Measurement] {
        let server = PrivatePostgres(durable: true, settings: ["max_connections": "200"])
        let owner = try await TestDatabase.create(named: "bench_security", on: server, extensions: ["postgis"])
        let runtime = try await owner.migrated(.gridOperations, GridOperations.migrations)
        let issuer = TestIssuer()
        let (secured, bare) = (runtime.pool(size: 16), owner.pool(size: 16))
        let sealer = AuditSealer(
            service: .gridOperations, configuration: runtime.configuration, logger: TestBroker.logger)
        let sealing = Task { try await sealer.run() }
        let service = try await Self.secured(secured)
        let full = try await ServedRoutes.start(issuer: issuer, service.addRoutes(to:))
        let plain = try await ServedRoutes.start(issuer: issuer) { Self.bare(bare, $0) }
        let admin = try issuer.token(.countyAdmin, "532923")
        try await BenchmarkCounty.lay { try await full.post($0, $1, token: admin) }
        let samples = try BenchmarkCounty.reports { try issuer.token($0, $1) }
        var pairs: [(full: Double, bare: Double)] = []
        for _ in 0..<rounds {
            pairs.append((try await rate(full, samples), try await rate(plain, samples)))
        }
        full.stop()
        plain.stop()
        sealing.cancel()
        // It ends by its cancellation.
        _ = await sealing.result
        await secured.shutdown(deadline: .seconds(5))
        await bare.shutdown(deadline: .seconds(5))
        await server.remove()
        return [report(pairs)]
    }

    private func report(_ pairs: [(full: Double, bare: Double)]) -> Measurement {
        let ratio = median(pairs.map { $0.full / $0.bare })
        return Measurement(
            what: "durable POST with token, scope, row fence, idempotency and audit trail against the bare route",
            figure: "\(median(pairs.map(\.full)).places(0)) /s against \(median(pairs.map(\.bare)).places(0)) /s = "
                + "\(ratio.places(2)) ×", budget: "0.80 ×", isMet: ratio >= 0.8,
            note: "\(clients) clients, an incident each, a sealer at work; ratios: "
                + pairs.map { ($0.full / $0.bare).places(2) }.joined(separator: ", "))
    }

    private func rate(_ served: ServedRoutes, _ samples: [LoadPlan.Sample]) async throws -> Double {
        let record = try await LoadProcess.run(
            LoadPlan(
                port: served.port, path: "/v1/incidents", samples: samples,
                phases: [LoadPlan.Phase(rate: nil, connections: clients, seconds: seconds)]))
        let warm = 1.0
        guard record.statuses.allSatisfy({ $0 == 201 }) else { throw BenchmarkFailure("not all were accepted") }
        return Double(record.durations(from: warm, to: seconds) { $0 == 201 }.count) / (seconds - warm)
    }

    /// The service as it is shipped.
    private static func secured(_ pool: PostgresPool) async throws -> GridOperations {
        let trail = AuditTrail(service: .gridOperations)
        let settings = try SettingsLoader.load(
            CommonSettings.descriptions(defaultPort: 0) + GridOperations.settings,
            input: CommandLineInput([
                "--database-url", "postgres://x", "--kafka-bootstrap-servers", "x", "--auth-issuer", "x",
                "--auth-jwks", "file:/x",
            ]), environment: [:])
        return try await GridOperations(
            context: ServiceContext(
                name: .gridOperations, settings: settings, county: "532923", pool: pool,
                outbox: Outbox(pool: pool, companion: trail), audit: trail, cipher: MissingFieldCipher(),
                clock: SystemClock(), logger: TestBroker.logger))
    }

    /// The same use case on the same statements, for everybody, as the owner whom no fence holds, every time anew, and
    /// written down nowhere.
    private static func bare(_ pool: PostgresPool, _ routes: SuiteRoutes) {
        let outbox = Outbox(pool: pool)
        let report = ReportIncident(
            store: BareReportStore(pool: pool, outbox: outbox),
            grids: PostgresGridStore(pool: pool, outbox: outbox), rulebooks: RulebookShelf(pool: pool), now: { Date() })
        let key = IdempotencyKey(value: "none", operation: "none", bodyHash: [])
        routes.post("/v1/incidents", .open) { request, context -> Response in
            let draft = try await request.json(IncidentDraft.self, context)
            let incident = try await report(draft, key: key, scope: .everything)
            var response = try IncidentBody(incident, to: .everything).response(from: request, context: context)
            response.status = .created
            response.headers[.location] = "/v1/incidents/\(incident.id)"
            return response
        }
    }
}

/// The store of reports without key and trail.
private struct BareReportStore: IncidentReportStore {
    let pool: PostgresPool
    let outbox: Outbox

    func draw(_ position: Position, day: CalendarDay, scope: ScopeFilter) async throws -> DrawnPlace? {
        try await PostgresIncidentReportStore(
            pool: pool, outbox: outbox, audit: AuditTrail(service: .gridOperations), cipher: MissingFieldCipher()
        ).draw(position, day: day, scope: scope)
    }

    func record(
        _ incident: Incident, _ clock: IncidentClock?, by rules: RulebookInForce, key: IdempotencyKey
    ) async throws -> IncidentReceipt {
        let receipt = IncidentReceipt(incident)
        let insertions =
            [try IncidentColumns.insertion(incident)]
            + [clock].compactMap { $0 }.map { ClockColumns.insertion(ClockColumns.Row($0, of: incident, by: rules)) }
        let event = try OutgoingEvent(
            IncidentReported(incident: incident.facts), occurredAt: incident.report.reportedAt)
        return try await outbox.transaction { transaction in
            insertions.forEach(transaction.enqueue)
            return (receipt, [event])
        }
    }
}

/// Routes on a server of this process.
private final class ServedRoutes: Sendable {
    private struct Keys: KeyDocument {
        let issuer: TestIssuer
        func load() async throws -> [UInt8] { try TestIssuer.jwks(issuer) }
    }

    let port: Int
    private let running: Task<Void, any Error>

    static func start(
        issuer: TestIssuer, _ addRoutes: (SuiteRoutes) -> Void
    ) async throws -> ServedRoutes {
        let logger = TestBroker.logger
        let board = HealthBoard()
        for dependency in Dependency.allCases { board.note(dependency, .ready) }
        let verifier = TokenVerifier(
            rules: TokenRules(issuer: TestIssuer.issuer, audience: TestIssuer.audience),
            keys: KeySource(Keys(issuer: issuer), logger: logger), clock: SystemClock())
        let server = SuiteServer(limits: RequestLimits(), board: board, gate: AccessGate(verifier: verifier))
        let port = Mutex<Int?>(nil)
        let application = server.application(
            host: "127.0.0.1", port: 0, logger: logger, open: { _ in }, gated: addRoutes,
            onRunning: { bound in port.withLock { $0 = bound } })
        let running = Task { try await application.run() }
        try await eventually(within: .seconds(20), "the server listens") { port.withLock { $0 } != nil }
        return ServedRoutes(port: port.withLock { $0 } ?? 0, running: running)
    }

    private init(port: Int, running: Task<Void, any Error>) {
        self.port = port
        self.running = running
    }

    func stop() { running.cancel() }

    func post(_ path: String, _ body: String, token: String) async throws -> Int {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        _ = try await response.body.collect(upTo: 4 << 20)
        return Int(response.status.code)
    }
}
