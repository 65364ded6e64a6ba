import Kafka
import Postgres
import Synchronization

/// Looks at database, broker and migrations of a service.
final class HealthProbes: Sendable {
    /// How long one look may take.
    private static let patience: Duration = .seconds(2)

    private let pool: PostgresPool
    private let producer: KafkaProducer
    private let migrator: Migrator
    private let newest: [String: Int]
    private let applied = Mutex<[String: Int]?>(nil)

    /// - Throws: `MigrationError` when the program's own files are not in order.
    init(pool: PostgresPool, producer: KafkaProducer, migrator: Migrator) throws {
        self.pool = pool
        self.producer = producer
        self.migrator = migrator
        newest = try migrator.newest()
    }

    /// The heads that the database had when it was last looked at, for `/status`.
    var appliedText: String? { applied.withLock { $0.map(MigrationHeads.text) } }

    /// One look for each dependency.
    var probes: [Dependency: HealthMonitor.Probe] {
        [
            .database: { try await self.lookAtDatabase() },
            .broker: { try await self.producer.ping(timeout: Self.patience) },
            .migrations: { try await self.lookAtMigrations() },
        ]
    }

    private func lookAtDatabase() async throws {
        do {
            try await pool.ping(timeout: Self.patience)
        } catch let error as PostgresError where error.code == .poolExhausted && pool.statistics.idle == 0 {
            // All connections work for somebody: the database is busy, which is another thing than being away. A server
            // that is away has no open connection, so that case does not end here.
            guard pool.statistics.open > 0 else { throw error }
        }
    }

    private func lookAtMigrations() async throws {
        // Nobody takes a migration back while the service runs.
        if let known = applied.withLock({ $0 }), MigrationHeads.difference(newest: newest, applied: known) == nil {
            return
        }
        let heads = try await migrator.head(pool)
        applied.withLock { $0 = heads }
        if let difference = MigrationHeads.difference(newest: newest, applied: heads) {
            throw HealthMonitor.Unavailable(reason: difference)
        }
    }
}
