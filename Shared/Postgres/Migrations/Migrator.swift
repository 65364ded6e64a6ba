import Logging

/// Applies migrations: forward only, each file once, one runner at a time.
///
/// Every file runs in one transaction together with its row in `migrations.applied`, so it is applied as a whole or not
/// at all. A file that was changed after it had been applied stops the run before anything is changed.
package struct Migrator: Sendable {
    private let sets: [MigrationSet]
    private let logger: Logger
    /// Longest wait for another runner to end.
    package var lockWait: Duration = .seconds(60)
    /// Longest wait of a script for a lock on a table: short, since everybody else queues behind it.
    package var lockTimeout: Duration = .seconds(5)
    /// Longest time for one statement of a script.
    package var statementTimeout: Duration = .seconds(600)

    /// "tkmigrat" as a number: the advisory lock that runners in one database meet at.
    package static let lockKey: Int64 = 0x746b_6d69_6772_6174

    /// Makes a migrator of sets, which are applied in the order given.
    package init(sets: [MigrationSet], logger: Logger = Logger(label: "migrations")) {
        self.sets = sets
        self.logger = logger
    }

    /// Applies what the database has not seen yet, and returns it.
    ///
    /// - Throws: ``MigrationError``; ``PostgresError`` where no file is to blame.
    @discardableResult
    package func migrate(_ connection: PostgresConnection) async throws -> [AppliedMigration] {
        let files = try sets.flatMap { try $0.migrations() }
        try await lock(connection)
        do {
            let applied = try await apply(files, to: connection)
            try await unlock(connection)
            return applied
        } catch {
            // The lock goes with the session if it cannot be given back; the first error counts.
            try? await unlock(connection)
            throw error
        }
    }

    /// As the other `migrate`, over a connection of a pool.
    @discardableResult
    package func migrate(_ pool: PostgresPool) async throws -> [AppliedMigration] {
        try await pool.withConnection { try await migrate($0) }
    }

    /// Returns the newest number of each set that the database has seen, 0 for none.
    package func head(_ executor: any PostgresExecutor) async throws -> [String: Int] {
        var heads = Dictionary(sets.map { ($0.name, 0) }, uniquingKeysWith: { first, _ in first })
        let exists = try await executor.query("select to_regclass('migrations.applied') is not null as found")
        guard try exists.rows.first?.decode("found", as: Bool.self) == true else { return heads }
        let names = Array(heads.keys)
        let result = try await executor.query(
            """
            select set_name, max(number)::bigint as head from migrations.applied
            where set_name = any(\(names)) group by set_name
            """)
        for row in result.rows { heads[try row.decode("set_name")] = try row.decode("head") }
        return heads
    }

    /// Returns the newest number of each set as the files have it.
    package func newest() throws -> [String: Int] {
        var newest: [String: Int] = [:]
        for set in sets { newest[set.name] = try set.migrations().last?.number ?? 0 }
        return newest
    }

    // MARK: - One runner

    private func lock(_ connection: PostgresConnection) async throws {
        let deadline = MonotonicTime.now() + lockWait
        while true {
            let result = try await connection.query("select pg_try_advisory_lock(\(Self.lockKey)) as locked")
            if try result.rows.first?.decode("locked", as: Bool.self) == true { return }
            guard MonotonicTime.now() < deadline else {
                throw MigrationError(.locked, set: sets.first?.name ?? "", file: "")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func unlock(_ connection: PostgresConnection) async throws {
        _ = try await connection.query("select pg_advisory_unlock(\(Self.lockKey))")
    }

    // MARK: - Files

    private func apply(_ files: [Migration], to connection: PostgresConnection) async throws -> [AppliedMigration] {
        try await connection.script(
            """
            set client_min_messages to warning;
            create schema if not exists migrations;
            create table if not exists migrations.applied (
                set_name text not null,
                number integer not null check (number > 0),
                name text not null,
                checksum text not null,
                applied_at timestamptz not null default now(),
                primary key (set_name, number)
            );
            reset client_min_messages;
            """)
        let checksums = try await checksums(of: files, connection)
        let plan = try MigrationPlan(
            files: Array(zip(files, checksums)), applied: try await applied(connection))
        for name in plan.unknown { logger.warning("a newer migration is applied", metadata: ["migration": "\(name)"]) }
        var done: [AppliedMigration] = []
        for (migration, checksum) in zip(files, checksums) where plan.pending.contains(migration) {
            let applied = AppliedMigration(
                set: migration.set, number: migration.number, file: migration.file, checksum: checksum)
            do {
                try await run(migration, as: applied, on: connection)
            } catch let error as PostgresError {
                throw MigrationError(.refused, set: migration.set, file: migration.file, cause: error)
            }
            logger.info("migration applied", metadata: ["migration": "\(migration.set)/\(migration.file)"])
            done.append(applied)
        }
        return done
    }

    /// The server computes them: `sha256` is built in since PostgreSQL 11, and the driver needs no cryptography.
    private func checksums(of files: [Migration], _ connection: PostgresConnection) async throws -> [String] {
        let contents = files.map { [UInt8]($0.sql.utf8) }
        let result = try await connection.query(
            """
            select encode(sha256(content), 'hex') as checksum
            from unnest(\(contents)) with ordinality as file (content, place) order by place
            """)
        return try result.rows.map { try $0.decode("checksum") }
    }

    private func applied(_ connection: PostgresConnection) async throws -> [AppliedMigration] {
        let result = try await connection.query("select set_name, number, name, checksum from migrations.applied")
        return try result.rows.map { row in
            AppliedMigration(
                set: try row.decode("set_name"), number: try row.decode("number"), file: try row.decode("name"),
                checksum: try row.decode("checksum"))
        }
    }

    private func run(
        _ migration: Migration, as applied: AppliedMigration, on connection: PostgresConnection
    ) async throws {
        let record: PostgresStatement = """
            insert into migrations.applied (set_name, number, name, checksum)
            values (\(applied.set), \(Int32(applied.number)), \(applied.file), \(applied.checksum))
            """
        let patience = statementTimeout + PostgresConfiguration.answerGrace
        if migration.isOutsideTransaction {
            try await connection.script("set statement_timeout to \(statementTimeout.wholeMilliseconds)")
            do {
                try await connection.script(migration.sql, timeout: patience)
            } catch {
                try await connection.script("reset statement_timeout")
                throw error
            }
            try await connection.script("reset statement_timeout")
            _ = try await connection.query(record)
            return
        }
        try await connection.withTransaction(attempts: 1) { transaction in
            _ = try await transaction.pipeline([
                PostgresStatement("set local lock_timeout to \(unescaped: String(lockTimeout.wholeMilliseconds))"),
                PostgresStatement(
                    "set local statement_timeout to \(unescaped: String(statementTimeout.wholeMilliseconds))"),
            ])
            try await transaction.script(migration.sql, timeout: patience)
            transaction.enqueue(record)
        }
    }
}
