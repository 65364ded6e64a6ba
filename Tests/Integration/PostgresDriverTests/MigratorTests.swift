import Foundation
import Postgres
import Support
import Testing

@Suite("Migrations", .timeLimit(.minutes(2)))
struct MigratorTests {
    private func folder(_ files: [String: String]) throws -> URL {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "tk-migrations-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try write(files, to: directory)
        return directory
    }

    private func write(_ files: [String: String], to directory: URL) throws {
        for (name, sql) in files { try Data(sql.utf8).write(to: directory.appendingPathComponent(name)) }
    }

    private static let first = """
        -- A table, its rows and a function with a semicolon inside.
        create table t (a int primary key);
        insert into t values (1), (2);
        create function f() returns int language plpgsql as $$ begin return 1; end $$;
        """

    @Test func `files are applied once, in order, with their checksums`() async throws {
        try await TestDatabase.with(named: "migrations") { database in
            let directory = try folder(["0001_create_t.sql": Self.first, "0002_add_b.sql": "alter table t add b int"])
            let migrator = Migrator(sets: [MigrationSet(name: "grid", directory: directory)])
            let pool = database.pool()
            #expect(try await migrator.head(pool) == ["grid": 0])
            let applied = try await migrator.migrate(pool)
            #expect(applied.map(\.file) == ["0001_create_t.sql", "0002_add_b.sql"])
            #expect(applied.allSatisfy { $0.checksum.count == 64 })
            #expect(try await migrator.migrate(pool).isEmpty)
            #expect(try await migrator.head(pool) == ["grid": 2])
            #expect(try migrator.newest() == ["grid": 2])
            try write(["0003_add_c.sql": "alter table t add c int"], to: directory)
            #expect(try await migrator.migrate(pool).map(\.number) == [3])
            #expect(try await pool.query("select a, b, c from t").rows.count == 2)
            let rows = try await pool.query("select applied_at from migrations.applied").rows
            #expect(try rows.map { try $0.decode("applied_at", as: Date.self) }.count == 3)
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    @Test func `an edited file stops the run before anything is changed`() async throws {
        try await TestDatabase.with(named: "migrations") { database in
            let directory = try folder(["0001_create_t.sql": Self.first])
            let migrator = Migrator(sets: [MigrationSet(name: "grid", directory: directory)])
            let connection = try await PostgresConnection.connect(database.configuration)
            try await migrator.migrate(connection)
            try write(
                ["0001_create_t.sql": Self.first + "\n", "0002_add_b.sql": "alter table t add b int"], to: directory)
            let error = await #expect(throws: MigrationError.self) { try await migrator.migrate(connection) }
            #expect(error?.code == .changed)
            #expect(error?.file == "0001_create_t.sql")
            #expect(try await migrator.head(connection) == ["grid": 1])
            await connection.close()
        }
    }

    @Test func `a file that fails leaves nothing of itself and everything before it`() async throws {
        try await TestDatabase.with(named: "migrations") { database in
            let directory = try folder([
                "0001_create_t.sql": Self.first,
                "0002_break.sql": "create table u (a int); select 1 / 0; create table v ()",
            ])
            let migrator = Migrator(sets: [MigrationSet(name: "grid", directory: directory)])
            let connection = try await PostgresConnection.connect(database.configuration)
            let error = await #expect(throws: MigrationError.self) { try await migrator.migrate(connection) }
            #expect(error?.code == .refused)
            #expect(error?.cause?.sqlState == "22012")
            #expect(try await migrator.head(connection) == ["grid": 1])
            #expect(try await connection.query("select to_regclass('u') is null as gone").rows[0].decode("gone"))
            try write(["0002_break.sql": "create table u (a int)"], to: directory)
            #expect(try await migrator.migrate(connection).map(\.number) == [2])
            await connection.close()
        }
    }

    @Test func `two runners at once apply each file once`() async throws {
        try await TestDatabase.with(named: "migrations") { database in
            var files = ["0001_create_t.sql": Self.first]
            for number in 2...9 {
                files["000\(number)_add.sql"] = "alter table t add c\(number) int; select pg_sleep(0.01)"
            }
            let migrator = Migrator(sets: [MigrationSet(name: "grid", directory: try folder(files))])
            let configuration = database.configuration
            let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        let connection = try await PostgresConnection.connect(configuration)
                        let applied = try await migrator.migrate(connection).count
                        await connection.close()
                        return applied
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(counts.sorted() == [0, 0, 0, 9])
        }
    }

    @Test func `a runner that waits too long says so`() async throws {
        try await TestDatabase.with(named: "migrations") { database in
            var migrator = Migrator(sets: [MigrationSet(name: "grid", directory: try folder([:]))])
            migrator.lockWait = .milliseconds(100)
            let holder = try await PostgresConnection.connect(database.configuration)
            _ = try await holder.query("select pg_advisory_lock(\(Migrator.lockKey))")
            let connection = try await PostgresConnection.connect(database.configuration)
            let error = await #expect(throws: MigrationError.self) { try await migrator.migrate(connection) }
            #expect(error?.code == .locked)
            await holder.close()
            #expect(try await migrator.migrate(connection).isEmpty)
            await connection.close()
        }
    }

    @Test func `a script that waits for a lock gives up soon`() async throws {
        try await TestDatabase.with(named: "migrations") { database in
            let directory = try folder(["0001_create_t.sql": Self.first])
            var migrator = Migrator(sets: [MigrationSet(name: "grid", directory: directory)])
            migrator.lockTimeout = .milliseconds(100)
            let holder = try await PostgresConnection.connect(database.configuration)
            try await migrator.migrate(holder)
            try write(["0002_add_b.sql": "alter table t add b int"], to: directory)
            try await holder.script("begin; lock table t in access share mode")
            let connection = try await PostgresConnection.connect(database.configuration)
            let error = await #expect(throws: MigrationError.self) { try await migrator.migrate(connection) }
            #expect(error?.cause?.isLockTimeout == true)
            try await holder.script("rollback")
            #expect(try await migrator.migrate(connection).count == 1)
            for connection in [holder, connection] { await connection.close() }
        }
    }

    @Test func `a file may run outside a transaction`() async throws {
        try await TestDatabase.with(named: "migrations") { database in
            let directory = try folder([
                "0001_create_t.sql": Self.first,
                "0002_index_t.sql": "-- transaction: none\ncreate index concurrently if not exists t_a_idx on t (a)",
            ])
            let migrator = Migrator(sets: [MigrationSet(name: "grid", directory: directory)])
            let pool = database.pool()
            #expect(try await migrator.migrate(pool).count == 2)
            let result = try await pool.query("select to_regclass('t_a_idx') is not null as found")
            #expect(try result.rows[0].decode("found"))
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    @Test func `sets are numbered apart`() async throws {
        try await TestDatabase.with(named: "migrations") { database in
            let one = try folder(["0001_create_t.sql": Self.first])
            let two = try folder(["0001_add_b.sql": "alter table t add b int"])
            let migrator = Migrator(sets: [
                MigrationSet(name: "base", directory: one), MigrationSet(name: "more", directory: two),
            ])
            let pool = database.pool()
            #expect(try await migrator.migrate(pool).map(\.set) == ["base", "more"])
            #expect(try await migrator.head(pool) == ["base": 1, "more": 1])
            await pool.shutdown(deadline: .seconds(5))
        }
    }
}
