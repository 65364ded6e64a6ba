import Foundation
import Logging
import Postgres
import Synchronization

/// A fresh database for one test.
package struct TestDatabase: Sendable {
    private static let count = Atomic<Int>(0)

    /// The server that holds it.
    package let server: PrivatePostgres
    /// Where it is, as a superuser.
    package let configuration: PostgresConfiguration

    /// Creates an empty database whose name begins with `name`.
    ///
    /// - Parameters:
    ///   - name: Lower-case letters and underscores.
    ///   - server: The server to create it on; started if need be.
    ///   - extensions: Extensions to create in it, such as `postgis`.
    package static func create(
        named name: String, on server: PrivatePostgres = .shared, extensions: [String] = []
    ) async throws -> TestDatabase {
        try await server.ready()
        let number = count.wrappingAdd(1, ordering: .relaxed).newValue
        let database = "\(name)_\(number)"
        let administrator = try await PostgresConnection.connect(server.configuration())
        _ = try await administrator.query(PostgresStatement("create database \(unescaped: database)"))
        await administrator.close()
        let created = TestDatabase(server: server, configuration: server.configuration(database: database))
        if !extensions.isEmpty {
            let connection = try await PostgresConnection.connect(created.configuration)
            for name in extensions { try await connection.script("create extension \(name)") }
            await connection.close()
        }
        return created
    }

    /// Makes a pool of connections to the database.
    package func pool(
        size: Int = 8, waitersMax: Int = 10_000, acquireTimeout: Duration = .seconds(30)
    ) -> PostgresPool {
        PostgresPool(
            configuration: configuration, size: size, waitersMax: waitersMax, acquireTimeout: acquireTimeout,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    /// The database as the role that services run as: it owns nothing and is held by row-level security.
    ///
    /// Call it when the tables are there; it is given what it needs on them.
    package func asRuntime() async throws -> TestDatabase {
        let connection = try await PostgresConnection.connect(configuration)
        // Other suites of the process may make the role at the same moment.
        try await connection.script(
            """
            do $$ begin create role runtime login nosuperuser nobypassrls;
            exception when duplicate_object or unique_violation then null; end $$;
            select service_kit.grant_runtime('runtime');
            """)
        await connection.close()
        var runtime = configuration
        runtime.user = "runtime"
        return TestDatabase(server: server, configuration: runtime)
    }

    /// Describes a database that need not exist.
    package init(server: PrivatePostgres, configuration: PostgresConfiguration) {
        self.server = server
        self.configuration = configuration
    }

    /// Drops the database, with whoever is still connected.
    package func drop() async throws {
        let administrator = try await PostgresConnection.connect(server.configuration())
        _ = try await administrator.query(
            PostgresStatement("drop database if exists \(unescaped: configuration.database) with (force)"))
        await administrator.close()
    }

    /// Creates a database, lends it to `body` and drops it.
    nonisolated(nonsending) package static func with<R>(
        named name: String, on server: PrivatePostgres = .shared, extensions: [String] = [],
        _ body: nonisolated(nonsending) (TestDatabase) async throws -> R
    ) async throws -> R {
        let database = try await create(named: name, on: server, extensions: extensions)
        do {
            let value = try await body(database)
            try await database.drop()
            return value
        } catch {
            // The server goes with the process in any case; the first error counts.
            try? await database.drop()
            throw error
        }
    }
}
