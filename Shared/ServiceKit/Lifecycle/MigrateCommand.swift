import Logging
import Messaging
import Models
import Postgres

/// Brings the database to the newest migration.
struct MigrateCommand<S: SuiteService>: Sendable {
    let setup: ServiceSetup
    /// How long a database that is still starting is waited for.
    var patience: Duration = .seconds(30)

    func run() async -> ExitCode {
        let logger = Logger(label: "\(S.name.rawValue).migrate")
        let migrator = Migrator(sets: ServiceMigrations.sets(service: S.name, own: S.migrations), logger: logger)
        let deadline = ContinuousClock.now + patience
        var backoff = Backoff(.milliseconds(100)...(.seconds(2)))
        while true {
            do {
                let applied = try await migrate(migrator)
                logger.notice("database is up to date", metadata: ["applied": "\(applied.count)"])
                return .ok
            } catch let error as PostgresError where error.isRetriable && ContinuousClock.now < deadline {
                logger.info("waiting for the database", metadata: ["error": "\(error)"])
                // Not cancelled: the command runs by itself.
                try? await Task.sleep(for: backoff.next())
            } catch let error as PostgresError {
                logger.error("database is not available", metadata: ["error": "\(error)"])
                return .unavailable
            } catch let error as MigrationError {
                logger.error("migration failed", metadata: ["error": "\(error)"])
                return error.code == .locked ? .unavailable : .software
            } catch {
                logger.error("migration failed", metadata: ["error": .string(ErrorNaming.safe(error))])
                return .software
            }
        }
    }

    private func migrate(_ migrator: Migrator) async throws -> [AppliedMigration] {
        let connection = try await PostgresConnection.connect(setup.ownedDatabase)
        do {
            // The owner is held by the policies too; a migration that fills a column must see every row.
            _ = try await connection.query("select set_config(\(RowScope.setting), '*', false)")
            let applied = try await migrator.migrate(connection)
            if setup.database.user != setup.ownedDatabase.user {
                _ = try await connection.query("select service_kit.grant_runtime(\(setup.database.user)::name)")
            }
            await connection.close()
            return applied
        } catch {
            await connection.close()
            throw error
        }
    }
}
