import Foundation
import Postgres
import Support
import Testing

@Suite("Transactions", .timeLimit(.minutes(2)))
struct TransactionTests {
    struct Refusal: Error {}

    /// Tables of which COMMIT waits in a deferred trigger for the lock on `gate`.
    private static let commitThatWaits = """
        create table t (a int); create table gate (a int);
        create function wait() returns trigger language plpgsql as
        $$ begin lock table gate in share mode; return null; end $$;
        create constraint trigger slow after insert on t deferrable initially deferred
        for each row execute function wait();
        """

    private func count(_ executor: any PostgresExecutor) async throws -> Int {
        try await executor.query("select count(*) as n from t").rows.first?.decode("n", as: Int.self) ?? -1
    }

    private func withTable<R>(_ body: (PostgresPool) async throws -> R) async throws -> R {
        try await TestDatabase.with(named: "transactions") { database in
            let pool = database.pool(size: 4)
            _ = try await pool.query(
                "create table t (a bigint primary key deferrable initially deferred, b int default 0)")
            let value = try await body(pool)
            await pool.shutdown(deadline: .seconds(5))
            return value
        }
    }

    @Test func `what was enqueued is committed, and what was thrown away is not`() async throws {
        try await withTable { pool in
            try await pool.withTransaction { transaction in
                transaction.enqueue("insert into t values (1)")
                transaction.enqueue("insert into t values (2)")
            }
            #expect(try await count(pool) == 2)
            await #expect(throws: Refusal.self) {
                try await pool.withTransaction { transaction in
                    transaction.enqueue("insert into t values (3)")
                    _ = try await transaction.query("insert into t values (4)")
                    throw Refusal()
                }
            }
            #expect(try await count(pool) == 2)
            #expect(pool.statistics.discardedTotal == 0)
        }
    }

    @Test func `a transaction sees its own writes in order`() async throws {
        try await withTable { pool in
            let seen = try await pool.withTransaction { transaction in
                transaction.enqueue("insert into t values (1)")
                let before = try await count(transaction)
                transaction.enqueue("insert into t values (2)")
                let results = try await transaction.pipeline([
                    "insert into t values (3)", "select count(*) as n from t",
                ])
                #expect(results.count == 2)
                return (before, try results[1].rows[0].decode("n", as: Int.self))
            }
            #expect(seen == (1, 3))
        }
    }

    @Test func `an empty transaction takes no connection's time`() async throws {
        try await withTable { pool in
            let value = try await pool.withTransaction { _ in 7 }
            #expect(value == 7)
        }
    }

    @Test func `an enqueued error surfaces at the end, once, and rolls back`() async throws {
        try await withTable { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { transaction in
                    transaction.enqueue("insert into t values (1)")
                    transaction.enqueue("select 1 / 0 as a")
                    transaction.enqueue("insert into t values (2)")
                }
            }
            #expect(error?.sqlState == "22012")
            try await #expect(count(pool) == 0)
            #expect(pool.statistics.discardedTotal == 0)
        }
    }

    @Test func `a swallowed error cannot become a silent rollback`() async throws {
        try await withTable { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { transaction in
                    _ = try await transaction.query("insert into t values (1)")
                    // Swallowed on purpose: the end of the transaction must tell.
                    _ = try? await transaction.query("select 1 / 0 as a")
                }
            }
            #expect(error?.sqlState == "22012")
            try await #expect(count(pool) == 0)
        }
    }

    @Test func `a ROLLBACK in disguise is found by the answer to COMMIT`() async throws {
        try await withTable { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { transaction in
                    _ = try await transaction.query("insert into t values (1)")
                    // The driver does not see this failure: it happens on the connection behind the transaction's back.
                    _ = try await transaction.query("rollback")
                    _ = try await transaction.query("begin")
                    transaction.enqueue("insert into t values (1)")
                    transaction.enqueue("insert into t values (1)")
                }
            }
            // The deferred constraint fails at COMMIT.
            #expect(error?.isUniqueViolation == true)
            try await #expect(count(pool) == 0)
            #expect(pool.statistics.discardedTotal == 0)
        }
    }

    @Test func `a constraint that is checked at the implicit commit fails the statement`() async throws {
        try await withTable { pool in
            _ = try await pool.query("insert into t values (1)")
            for _ in 0..<3 {
                let error = await #expect(throws: PostgresError.self) {
                    try await pool.query("insert into t values (1)")
                }
                #expect(error?.isUniqueViolation == true)
                let second = await #expect(throws: PostgresError.self) {
                    try await pool.pipeline(["insert into t values (2)", "insert into t values (1)"])
                }
                #expect(second?.isUniqueViolation == true)
            }
            try await #expect(count(pool) == 1)
            #expect(pool.statistics.discardedTotal == 0)
        }
    }

    @Test func `a NUL in an enqueued value ends the transaction with an error`() async throws {
        try await withTable { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { transaction in
                    _ = try await transaction.query("insert into t values (1)")
                    transaction.enqueue("select \("a\u{0}")::text")
                }
            }
            #expect(error?.code == .encoding(parameter: 1))
            try await #expect(count(pool) == 0)
        }
    }

    @Test func `a savepoint undoes its own statements alone`() async throws {
        try await withTable { pool in
            try await pool.withTransaction { transaction in
                transaction.enqueue("insert into t values (1)")
                await #expect(throws: PostgresError.self) {
                    try await transaction.savepoint {
                        _ = try await transaction.query("insert into t values (2)")
                        transaction.enqueue("select 1 / 0 as a")
                    }
                }
                await #expect(throws: Refusal.self) {
                    try await transaction.savepoint {
                        transaction.enqueue("insert into t values (3)")
                        throw Refusal()
                    }
                }
                try await transaction.savepoint {
                    transaction.enqueue("insert into t values (4)")
                    try await transaction.savepoint { _ = try await transaction.query("insert into t values (5)") }
                    await #expect(throws: Refusal.self) {
                        try await transaction.savepoint {
                            _ = try await transaction.query("insert into t values (6)")
                            throw Refusal()
                        }
                    }
                }
                try await transaction.savepoint {}
            }
            let kept = try await pool.query("select a from t order by a").rows.map { try $0.decode("a", as: Int.self) }
            #expect(kept == [1, 4, 5])
        }
    }

    @Test func `an error before a savepoint does not count as its own`() async throws {
        try await withTable { pool in
            let entered = Guarded(false)
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction { transaction in
                    transaction.enqueue("select 1 / 0 as a")
                    try await transaction.savepoint { entered.change { $0 = true } }
                }
            }
            #expect(error?.sqlState == "22012")
            #expect(!entered.value)
        }
    }

    /// Waits, in the first run of each of two transactions, until both have come here.
    private func meet(_ arrived: Guarded<Int>, run: Int) async throws {
        guard run == 1 else { return }
        arrived.change { $0 += 1 }
        try await eventually(within: .seconds(20), "both transactions are here") { arrived.value == 2 }
    }

    @Test func `transactions that lock in opposite order both get through`() async throws {
        try await withTable { pool in
            _ = try await pool.query("insert into t values (1), (2)")
            let arrived = Guarded(0)
            let runs = Guarded(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for order in [[1, 2], [2, 1]] {
                    group.addTask {
                        let run = Guarded(0)
                        try await pool.withTransaction { transaction in
                            run.change { $0 += 1 }
                            runs.change { $0 += 1 }
                            _ = try await transaction.query("update t set b = b + 1 where a = \(order[0])")
                            try await meet(arrived, run: run.value)
                            _ = try await transaction.query("update t set b = b + 1 where a = \(order[1])")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let counts = try await pool.query("select b from t").rows.map { try $0.decode("b", as: Int.self) }
            #expect(counts == [2, 2])
            // One of them fell once.
            #expect(runs.value == 3)
        }
    }

    @Test(arguments: [PostgresIsolation.repeatableRead, .serializable])
    func `a serialisation failure is tried again`(_ isolation: PostgresIsolation) async throws {
        try await withTable { pool in
            _ = try await pool.query("insert into t values (1)")
            let arrived = Guarded(0)
            let runs = Guarded(0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        let run = Guarded(0)
                        try await pool.withTransaction(isolation: isolation) { transaction in
                            run.change { $0 += 1 }
                            runs.change { $0 += 1 }
                            let row = try await transaction.query("select b from t where a = 1").rows[0]
                            try await meet(arrived, run: run.value)
                            let next = try row.decode("b", as: Int32.self) + 1
                            transaction.enqueue("update t set b = \(next) where a = 1")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await pool.query("select b from t").rows[0].decode("b", as: Int.self) == 2)
            #expect(runs.value == 3)
        }
    }

    @Test func `attempts have an end`() async throws {
        try await withTable { pool in
            let runs = Guarded(0)
            let error = await #expect(throws: PostgresError.self) {
                try await pool.withTransaction(attempts: 3) { transaction in
                    runs.change { $0 += 1 }
                    transaction.enqueue(
                        "do $$ begin raise exception 'no' using errcode = '40001'; end $$")
                }
            }
            #expect(error?.isSerializationFailure == true)
            #expect(runs.value == 3)
        }
    }

    @Test func `a COMMIT whose answer is lost is unknown, and is not run again`() async throws {
        let server = PrivatePostgres(network: .loopback)
        try await server.ready()
        var configuration = server.loopbackConfiguration()
        let wire = try Wire(to: configuration.port)
        configuration.port = wire.port
        let direct = try await PostgresConnection.connect(server.configuration())
        try await direct.script(Self.commitThatWaits)
        try await direct.script("begin; lock table gate in access exclusive mode")
        let connection = try await PostgresConnection.connect(configuration)
        let runs = Guarded(0)
        async let outcome = #expect(throws: PostgresError.self) {
            try await connection.withTransaction { transaction in
                runs.change { $0 += 1 }
                transaction.enqueue("insert into t values (1)")
            }
        }
        let watcher = try await PostgresConnection.connect(server.configuration())
        try await eventually(within: .seconds(10), "COMMIT waits for the lock") {
            try await watcher.query("select 1 from pg_locks where not granted").rows.count == 1
        }
        wire.cut()
        let error = await outcome
        #expect(error?.code == .commitUnknown)
        #expect(runs.value == 1)
        try await direct.script("rollback")
        // It was committed after all: nobody could know.
        try await eventually(within: .seconds(10), "the server has committed") {
            try await watcher.query("select a from t").rows.count == 1
        }
        for connection in [direct, watcher, connection] { await connection.close() }
        await server.remove()
    }

    @Test func `a pool does not run a transaction again whose COMMIT was cut off`() async throws {
        let server = PrivatePostgres(network: .loopback)
        try await server.ready()
        var configuration = server.loopbackConfiguration()
        // Unlike a wire, it takes the next connection: a second run would get through.
        let forwarder = try TCPForwarder()
        defer { forwarder.stop() }
        forwarder.forward(to: UInt16(configuration.port))
        configuration.port = Int(forwarder.port)
        let direct = try await PostgresConnection.connect(server.configuration())
        try await direct.script(Self.commitThatWaits)
        try await direct.script("begin; lock table gate in access exclusive mode")
        let pool = TestDatabase(server: server, configuration: configuration).pool(size: 2)
        let runs = Guarded(0)
        async let outcome = #expect(throws: PostgresError.self) {
            try await pool.withTransaction { transaction in
                runs.change { $0 += 1 }
                transaction.enqueue("insert into t values (1)")
            }
        }
        let watcher = try await PostgresConnection.connect(server.configuration())
        try await eventually(within: .seconds(10), "COMMIT waits for the lock") {
            try await watcher.query("select 1 from pg_locks where not granted").rows.count == 1
        }
        forwarder.forward(to: UInt16(server.loopbackConfiguration().port))
        // Only now: a second run must not hang at the same gate.
        try await direct.script("rollback")
        let error = await outcome
        #expect(error?.code == .commitUnknown)
        #expect(runs.value == 1)
        try await eventually(within: .seconds(10), "the server has committed") {
            try await watcher.query("select a from t").rows.count >= 1
        }
        #expect(try await watcher.query("select a from t").rows.count == 1)
        await pool.shutdown(deadline: .seconds(5))
        for connection in [direct, watcher] { await connection.close() }
        await server.remove()
    }

    @Test func `a transaction can be used from an actor, with what the actor holds`() async throws {
        actor Ledger {
            var sum = 0

            func add(_ pool: PostgresPool) async throws {
                try await pool.withTransaction { transaction in
                    _ = try await transaction.query("insert into t values (\(sum + 1))")
                    sum += 1
                }
            }
        }
        try await withTable { pool in
            let ledger = Ledger()
            try await ledger.add(pool)
            try await ledger.add(pool)
            #expect(await ledger.sum == 2)
            #expect(try await count(pool) == 2)
        }
    }

    @Test func `statements that are only enqueued inside a savepoint are sent and stay`() async throws {
        try await TestDatabase.with(named: "savepoint_enqueue") { database in
            let pool = database.pool(size: 1)
            _ = try await pool.query("create table kept (id int4 primary key)")
            try await pool.withTransaction { transaction in
                for id in 1...3 as ClosedRange<Int32> {
                    try await transaction.savepoint { transaction.enqueue("insert into kept (id) values (\(id))") }
                }
            }
            let rows = try await pool.query("select count(*) as kept from kept").rows
            let kept = try rows.first?.decode("kept", as: Int64.self)
            #expect(kept == 3)
            await pool.shutdown(deadline: .seconds(1))
        }
    }
}
