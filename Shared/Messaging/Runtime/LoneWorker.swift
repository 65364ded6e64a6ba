import Postgres

/// What relay and sealer have alike: work behind the writers, by stored snapshots, that one process of a service does at
/// a time.
///
/// The lock lives on the connection that does the work, so that who has lost it cannot write. Snapshots mean nothing in
/// another cluster than the one in which they were taken.
package struct LoneWorker: Sendable {
    private let lock: String
    private let clusterTable: String

    /// Names the lock, and the table that keeps the cluster's identifier (`system_identifier`, one row).
    package init(lock: String, clusterTable: String) {
        self.lock = lock
        self.clusterTable = clusterTable
    }

    /// Tries to become the one that works, on the connection that will do it.
    package func acquire(on executor: any PostgresExecutor) async throws -> Bool {
        // The planner must not read a whole day or month to find the few rows of a batch because its statistics are from
        // before.
        let result = try await executor.pipeline([
            "set enable_seqscan = off", "set jit = off",
            "select pg_try_advisory_lock(hashtext(\(lock)), 0) as acquired",
        ])
        return try result[2].rows.first?.decode("acquired") ?? false
    }

    /// Whether the stored snapshots are of this cluster; the first call of all notes the cluster.
    package func isAtHome(on executor: any PostgresExecutor) async throws -> Bool {
        let rows = try await executor.query(
            """
            with noted as (insert into \(unescaped: clusterTable) (system_identifier)
                           select system_identifier::text from pg_control_system() on conflict do nothing)
            select c.system_identifier::text as present, r.system_identifier as stored
            from pg_control_system() c left join \(unescaped: clusterTable) r on true
            """
        ).rows
        guard let row = rows.first, let stored: String = try row.decodeIfPresent("stored") else { return true }
        return try row.decode("present") == stored
    }
}
