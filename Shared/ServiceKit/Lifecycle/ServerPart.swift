import Foundation
import Kafka
import Logging
import Messaging
import Models
import Postgres
import ServiceLifecycle

/// Joins the HTTP side with the parts whose state it shows, and with the service's routes.
struct ServerPart {
    let setup: ServiceSetup
    let board: HealthBoard
    let registry: PrometheusRegistry
    let pool: PostgresPool
    let producer: KafkaProducer
    let runtime: MessagingRuntime
    let audit: AuditTrailPart
    let privacy: PrivacyPart
    let health: HealthProbes
    let gate: AccessGate
    let logger: Logger

    /// The server of a service; the routes that it has are put into `routes`.
    func make<S: SuiteService>(
        _ service: S, declaring routes: inout [RouteDeclaration]
    ) throws -> any ServiceLifecycle.Service {
        let openAPI = OpenAPIRoutes(document: try OpenAPIDocument.load(own: S.openAPI))
        let problems = ProblemPages(ProblemKind.common + ProblemKind.privacy + S.problemKinds)
        var declared: [RouteDeclaration] = []
        let server = SuiteServer(limits: setup.limits, board: board, gate: gate, tls: setup.tls)
        let operations = try operations(server.admission)
        let application = server.application(
            host: try setup.settings.string("http.host"), port: try setup.settings.int("http.port"),
            logger: logger,
            open: { routes in
                operations.add(to: routes)
                openAPI.add(to: routes)
                problems.add(to: routes)
            },
            gated: { routes in
                MessagingRoutes(administration: runtime.administration).add(to: routes)
                audit.routes.add(to: routes)
                privacy.addRoutes(to: routes)
                service.addRoutes(to: routes)
                declared = routes.declarations
            },
            onRunning: { [logger] port in
                logger.notice(
                    "listening",
                    metadata: [
                        "version": .string(BuildVersion.version), "port": .string(port.map(String.init) ?? "unknown"),
                    ])
            })
        routes = declared
        return StoppingServer(
            server: application, board: board, sweep: server.sweepDeadlines, deadline: setup.shutdownDeadline,
            logger: logger)
    }

    private func operations(_ admission: RequestAdmission) throws -> OperationsRoutes {
        OperationsRoutes(
            board: board,
            metrics: MetricsPage(
                registry: registry, board: board, admission: admission, pool: { [pool] in pool.statistics },
                producer: { [producer] in producer.statistics }, messaging: runtime.metrics, audit: audit.metrics,
                openGaps: { [runtime] in runtime.openGaps }),
            status: StatusReport(
                service: setup.service.rawValue, version: BuildVersion.version,
                commit: try setup.settings.string("build.commit"), migration: nil, startedAt: Date()),
            migration: { [health] in health.appliedText })
    }
}
