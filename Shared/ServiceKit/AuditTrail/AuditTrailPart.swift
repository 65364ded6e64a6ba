import Logging
import Postgres

/// The audit trail's parts of a running service: what writes, what seals, what answers, what counts.
struct AuditTrailPart: Sendable {
    let trail: AuditTrail
    let metrics: AuditTrailMetrics
    let routes: AuditTrailRoutes
    /// The sealer, as work beside the requests.
    let work: BackgroundWork

    init(setup: ServiceSetup, pool: PostgresPool, logger: Logger) throws {
        var pace = AuditSealerSettings()
        pace.hash = AuditHash(rawValue: try setup.settings.string("auditTrail.hash")) ?? .sha256
        pace.interval = try setup.settings.duration("auditTrail.sealInterval")
        // Found at the start and not at the first seal.
        _ = try pace.hash.digest([])
        let metrics = AuditTrailMetrics()
        let sealer = AuditSealer(
            service: setup.service, configuration: setup.database, settings: pace,
            failpoints: try KafkaSetup.failpoints(setup.settings), metrics: metrics, logger: logger)
        self.metrics = metrics
        trail = AuditTrail(service: setup.service)
        routes = AuditTrailRoutes(
            trail: trail, pool: pool,
            keeping: AuditTrailKeeping(trail: trail, configuration: setup.database, hash: pace.hash))
        work = BackgroundWork(name: "audit-trail-sealer") { try await sealer.run() }
    }
}
