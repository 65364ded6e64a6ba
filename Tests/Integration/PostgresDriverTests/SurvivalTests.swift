import Foundation
import Postgres
import Support
import Testing

/// Clients write rows under keys of their own while connections are killed or the server falls.
///
/// What was answered must be there exactly once; what was not is asked again under its key, as a client with an
/// idempotency key would.
@Suite("Survival under load", .timeLimit(.minutes(4)))
struct SurvivalTests {
    private struct Ledger: Sendable {
        /// Keys whose transaction was answered.
        var answered: [UUID] = []
        /// Failures that clients have seen.
        var failures: [PostgresError.Code] = []
    }

    private static let clients = 16

    /// Writes until told to stop.
    ///
    /// Each key is tried until it is answered, and its effect guarded by its row.
    private func write(_ pool: PostgresPool, until isOver: Guarded<Bool>, into ledger: Guarded<Ledger>) async throws {
        while !isOver.value {
            let key = UUID()
            var isAnswered = false
            while !isAnswered {
                do {
                    try await pool.withTransaction { transaction in
                        let first = try await transaction.query(
                            "insert into request (key) values (\(key)) on conflict do nothing")
                        guard first.affectedRows == 1 else { return }
                        transaction.enqueue("insert into effect (key) values (\(key))")
                        transaction.enqueue("update total set n = n + 1 where id = \(Int32.random(in: 0..<8))")
                    }
                    isAnswered = true
                } catch let error as PostgresError {
                    ledger.change { $0.failures.append(error.code) }
                    guard error.isRetriable else { throw error }
                }
            }
            ledger.change { $0.answered.append(key) }
        }
    }

    private func prepare(_ pool: PostgresPool) async throws {
        _ = try await pool.pipeline([
            "create table request (key uuid primary key)", "create table effect (key uuid not null)",
            "create table total (id int primary key, n bigint not null default 0)",
            "insert into total select generate_series(0, 7)",
        ])
    }

    private func verify(_ pool: PostgresPool, _ answered: [UUID]) async throws {
        let effects = try await pool.query("select key from effect").rows.map { try $0.decode("key", as: UUID.self) }
        #expect(effects.count == Set(effects).count, "an effect is there twice")
        #expect(Set(effects) == Set(answered), "answered and present differ")
        let total = try await pool.query("select sum(n)::bigint as n from total").rows[0].decode("n", as: Int.self)
        #expect(total == answered.count)
    }

    private func underLoad(
        _ pool: PostgresPool, _ harm: () async throws -> Void
    ) async throws -> (answered: [UUID], failures: [PostgresError.Code]) {
        let ledger = Guarded(Ledger())
        let isOver = Guarded(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.clients {
                group.addTask { try await write(pool, until: isOver, into: ledger) }
            }
            do {
                try await harm()
            } catch {
                isOver.change { $0 = true }
                throw error
            }
            isOver.change { $0 = true }
            try await group.waitForAll()
        }
        return (ledger.value.answered, ledger.value.failures)
    }

    @Test func `connections killed all the time`() async throws {
        try await TestDatabase.with(named: "kills") { database in
            let pool = database.pool(size: 8)
            try await prepare(pool)
            let killer = try await PostgresConnection.connect(database.server.configuration())
            let (answered, failures) = try await underLoad(pool) {
                for round in 1...40 {
                    let before = pool.statistics.acquiredTotal
                    try await eventually(within: .seconds(20), "work goes on after kill \(round)") {
                        pool.statistics.acquiredTotal > before + 50
                    }
                    _ = try await killer.query(
                        """
                        select pg_terminate_backend(pid) from pg_stat_activity
                        where datname = \(database.configuration.database) order by random() limit 3
                        """)
                }
            }
            await killer.close()
            try await verify(pool, answered)
            #expect(answered.count > 500)
            // A session that was ended is either retried or of unknown outcome; nothing else reaches a caller.
            #expect(failures.allSatisfy { $0 == .commitUnknown || $0 == .connection })
            #expect(pool.statistics.discardedTotal >= 40)
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    @Test func `the server falls and comes back`() async throws {
        let server = PrivatePostgres(durable: true)
        let database = try await TestDatabase.create(named: "falls", on: server)
        let pool = database.pool(size: 8, acquireTimeout: .seconds(60))
        try await prepare(pool)
        let (answered, failures) = try await underLoad(pool) {
            for round in 1...3 {
                let before = pool.statistics.acquiredTotal
                try await eventually(within: .seconds(30), "work goes on after fall \(round)") {
                    pool.statistics.acquiredTotal > before + 200
                }
                try await server.restart()
            }
            let before = pool.statistics.acquiredTotal
            try await eventually(within: .seconds(30), "work goes on at the end") {
                pool.statistics.acquiredTotal > before + 200
            }
        }
        try await verify(pool, answered)
        #expect(answered.count > 200)
        #expect(failures.allSatisfy { $0 == .commitUnknown || $0 == .connection })
        await pool.shutdown(deadline: .seconds(5))
        await server.remove()
    }
}
