import Foundation
import Logging
import Models
import Postgres
import ServiceKit

extension TestDatabase {
    /// Brings the database to the newest migration of a service, as the owner, and gives it as the role that runs it.
    package func migrated(_ service: ServiceName, _ migrations: URL) async throws -> TestDatabase {
        let migrator = Migrator(
            sets: ServiceMigrations.sets(service: service, own: migrations),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        let owner = try await PostgresConnection.connect(configuration)
        _ = try await migrator.migrate(owner)
        await owner.close()
        return try await asRuntime()
    }
}
