import Foundation
import Hummingbird
import Kafka
import Logging
import Messaging
import Metrics
import Models
import NIOCore
import Postgres
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Runs a service: joins its parts, starts them, and stops them in order when a signal comes.
///
/// Nothing here waits for the database or the broker: the HTTP server answers at once, and says that it is not ready.
struct ServeCommand<S: SuiteService>: Sendable {
    let setup: ServiceSetup

    func run() async throws -> ExitCode {
        let logger = Logger(label: S.name.rawValue)
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        try tuneThreads()
        var routes: [RouteDeclaration] = []
        let parts = try await build(registry: registry, logger: logger, declaring: &routes)
        var configuration = ServiceGroupConfiguration(
            services: parts.map { part in
                // A part that ends by itself, or fails, takes the others down in order rather than at once. Its name is
                // its type alone: by default the library would print all that it holds.
                .init(
                    service: part, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: "\(type(of: part))")
            },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet(logger))
        configuration.maximumGracefulShutdownDuration = setup.shutdownDeadline
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE || error.errnoCode == EACCES {
            throw SettingFault(
                cause: BilingualText(
                    "端口已被占用或无权使用（http.host、http.port）", "the port is taken or not allowed (http.host, http.port)"),
                nextStep: BilingualText("换一个端口，或停掉占用它的程序", "Take another port, or stop the program that has it"))
        } catch is CancellationError {
            // The deadline of the shutdown passed and the rest was cancelled.
            logger.warning("stopped before all work was finished")
            return .ok
        }
        logger.notice("stopped")
        return .ok
    }

    /// The lifecycle library's lines about each part are for whoever debugs it.
    private func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        if quiet.logLevel > .debug { quiet.logLevel = max(quiet.logLevel, .warning) }
        return quiet
    }

    /// Every thread costs memory, and the work of a service is in its database.
    private func tuneThreads() throws {
        let asked = try setup.settings.int("http.threads")
        NIOSingletons.groupLoopCountSuggestion =
            asked > 0 ? asked : min(4, max(2, System.coreCount))
    }

    /// The parts in the order of dependence; they stop in the reverse order: HTTP stops accepting and drains, readers and
    /// relay finish, background work ends, then producer, then pool.
    ///
    /// - Parameter routes: what they declare is put here.
    func build(
        registry: PrometheusRegistry, logger: Logger, declaring routes: inout [RouteDeclaration]
    ) async throws -> [any ServiceLifecycle.Service] {
        let pool = PostgresPool(
            configuration: setup.database, size: try setup.settings.int("database.poolSize"),
            waitersMax: try setup.settings.int("database.waitersMax"),
            acquireTimeout: try setup.settings.duration("database.acquireTimeout"), logger: logger)
        let producer = try KafkaProducer(KafkaSetup.writing(setup.kafka), logger: logger)
        let audit = try AuditTrailPart(setup: setup, pool: pool, logger: logger)
        let outbox = Outbox(pool: pool, companion: audit.trail)
        let board = HealthBoard()
        let service = try await S(
            context: ServiceContext(
                name: S.name, settings: setup.settings, county: setup.county, pool: pool, outbox: outbox,
                audit: audit.trail, cipher: setup.cipher, clock: SystemClock(),
                failpoints: try KafkaSetup.failpoints(setup.settings), logger: logger))
        let runtime = MessagingRuntime(
            service: S.name, county: setup.county, pool: pool, database: setup.database, outbox: outbox,
            sink: producer, kafka: setup.kafka, naming: setup.naming,
            handlers: service.handlers.map(ServiceWideHandler.init(inner:)),
            announcers: service.announcers.map(ServiceWideAnnouncer.init(inner:)),
            settings: try KafkaSetup.pace(setup.settings),
            failpoints: try KafkaSetup.failpoints(setup.settings), logger: logger)
        let health = try HealthProbes(
            pool: pool, producer: producer,
            migrator: Migrator(sets: ServiceMigrations.sets(service: S.name, own: S.migrations), logger: logger))
        let privacy = try PrivacyPart(
            setup: setup, inventory: S.personalData, pool: pool, outbox: outbox, audit: audit.trail,
            clock: SystemClock(),
            logger: logger)
        let monitor = HealthMonitor(board: board, probes: health.probes, logger: logger)
        let server = ServerPart(
            setup: setup, board: board, registry: registry, pool: pool, producer: producer, runtime: runtime,
            audit: audit, privacy: privacy, health: health,
            gate: AccessGate(
                verifier: try AccessSettings.verifier(setup.settings, clock: SystemClock(), logger: logger)),
            logger: logger)
        let work = service.backgroundWork + [IdempotencyPurge.work(pool: pool), audit.work] + privacy.work
        var parts: [any ServiceLifecycle.Service] = [
            PoolCloser(pool: pool, deadline: .seconds(2)),
            ProducerCloser(producer: producer, deadline: .seconds(3)),
            LoopPart { await monitor.run() },
        ]
        // Only where there is a certificate: a part that has nothing to do ends, and takes the others down.
        if let tls = setup.tls { parts.append(LoopPart { await tls.watch(logger: logger) }) }
        for piece in work { parts.append(BackgroundPart(work: piece, board: board, logger: logger)) }
        parts.append(MessagingPart(runtime: runtime, board: board, deadline: setup.shutdownDeadline / 2))
        parts.append(try server.make(service, declaring: &routes))
        return parts
    }
}
