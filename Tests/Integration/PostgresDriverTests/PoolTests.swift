import Foundation
import Postgres
import Support
import Testing

@Suite("The pool", .timeLimit(.minutes(2)))
struct PoolTests {
    @Test func `callers are served in the order in which they came`() async throws {
        try await TestDatabase.with(named: "pools") { database in
            let pool = database.pool(size: 1)
            let order = Guarded<[Int]>([])
            let gate = AsyncStream<Void>.makeStream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await pool.withConnection { _ in for await _ in gate.stream {} } }
                try await eventually(within: .seconds(10), "the connection is taken") {
                    pool.statistics.acquiredTotal == 1
                }
                for number in 0..<50 {
                    group.addTask { try await pool.withConnection { _ in order.change { $0.append(number) } } }
                    try await eventually(within: .seconds(10), "caller \(number) waits") {
                        pool.statistics.waiting == number + 1
                    }
                }
                gate.continuation.finish()
                try await group.waitForAll()
            }
            #expect(order.value == Array(0..<50))
            #expect(pool.statistics.open == 1)
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    @Test func `waiting has an end, and the next caller is served`() async throws {
        try await TestDatabase.with(named: "pools") { database in
            let pool = database.pool(size: 1, acquireTimeout: .seconds(2))
            try await pool.withConnection { _ in
                let started = ContinuousClock.now
                let error = await #expect(throws: PostgresError.self) { try await pool.query("select 1") }
                #expect(error?.code == .poolExhausted)
                #expect(ContinuousClock.now - started >= .milliseconds(1900))
                let again = await #expect(throws: PostgresError.self) { try await pool.query("select 1") }
                #expect(again?.code == .poolExhausted)
            }
            _ = try await pool.query("select 1")
            #expect(pool.statistics.timeoutsTotal == 2)
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    @Test func `too many callers are refused at once`() async throws {
        try await TestDatabase.with(named: "pools") { database in
            let pool = database.pool(size: 1, waitersMax: 1, acquireTimeout: .seconds(60))
            try await pool.withConnection { _ in
                let waiter = Task { try await pool.query("select 1") }
                try await eventually(within: .seconds(5), "one waits") { pool.statistics.waiting == 1 }
                let error = await #expect(throws: PostgresError.self) { try await pool.query("select 1") }
                #expect(error?.code == .poolExhausted)
                waiter.cancel()
                let cancelled = await #expect(throws: PostgresError.self) { try await waiter.value }
                #expect(cancelled?.code == .cancelled)
                #expect(pool.statistics.waiting == 0)
            }
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    @Test func `a task that was cancelled before it waits does not wait`() async throws {
        try await TestDatabase.with(named: "pools") { database in
            let pool = database.pool(size: 1, acquireTimeout: .seconds(60))
            try await pool.withConnection { _ in
                let task = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return try await pool.query("select 1")
                }
                let error = await #expect(throws: PostgresError.self) { try await task.value }
                #expect(error?.code == .cancelled)
            }
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    @Test func `a connection with an open transaction is not handed on`() async throws {
        try await TestDatabase.with(named: "pools") { database in
            let pool = database.pool(size: 1)
            let first = try await pool.withConnection { connection in
                _ = try await connection.query("begin")
                return connection.backendPID
            }
            let second = try await pool.withConnection { $0.backendPID }
            #expect(first != second)
            #expect(pool.statistics.discardedTotal == 1)
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    @Test func `connections are opened when needed and no more than allowed`() async throws {
        try await TestDatabase.with(named: "pools") { database in
            let pool = database.pool(size: 3)
            #expect(pool.statistics.open == 0)
            _ = try await pool.query("select 1")
            #expect(pool.statistics.open == 1)
            try await pool.withConnection { _ in
                try await pool.withConnection { _ in
                    try await pool.withConnection { _ in
                        let waiter = Task { try await pool.query("select 1") }
                        try await eventually(within: .seconds(10), "the fourth waits") { pool.statistics.waiting == 1 }
                        #expect(pool.statistics.open == 3)
                        #expect(pool.statistics.idle == 0)
                        waiter.cancel()
                        _ = await waiter.result
                    }
                }
            }
            #expect(pool.statistics.idle == 3)
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    @Test func `an idle connection that the server ended is replaced unseen`() async throws {
        try await TestDatabase.with(named: "pools") { database in
            let pool = database.pool(size: 4)
            let killer = try await PostgresConnection.connect(database.server.configuration())
            for _ in 0..<25 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { _ = try await pool.query("select 1") } }
                    try await group.waitForAll()
                }
                _ = try await killer.query(
                    """
                    select pg_terminate_backend(pid, 5000) from pg_stat_activity
                    where datname = \(database.configuration.database)
                    """)
                // Not one error: what was not sent is sent elsewhere.
                _ = try await pool.query("select 1")
                try await pool.withTransaction { _ = try await $0.query("select 1") }
            }
            await killer.close()
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    @Test func `ping answers, and says so when there is nobody`() async throws {
        let server = PrivatePostgres()
        try await server.ready()
        let database = try await TestDatabase.create(named: "ping", on: server)
        let pool = database.pool()
        try await pool.ping(timeout: .seconds(5))
        try await server.stopImmediately()
        let error = await #expect(throws: PostgresError.self) { try await pool.ping(timeout: .milliseconds(300)) }
        #expect(error?.code == .connection)
        try await server.startAgain()
        try await pool.ping(timeout: .seconds(30))
        await pool.shutdown(deadline: .seconds(5))
        await server.remove()
    }

    @Test func `a wrong database fails callers at once and not at their deadline`() async throws {
        try await PrivatePostgres.shared.ready()
        let pool = TestDatabase(
            server: .shared, configuration: PrivatePostgres.shared.configuration(database: "absent")
        )
        .pool(acquireTimeout: .seconds(60))
        let started = ContinuousClock.now
        let error = await #expect(throws: PostgresError.self) { try await pool.query("select 1") }
        #expect(error?.sqlState == "3D000")
        #expect(ContinuousClock.now - started < .seconds(20))
        await pool.shutdown(deadline: .seconds(5))
    }

    @Test func `shutdown waits for those on loan, refuses others, and leaves no session behind`() async throws {
        try await TestDatabase.with(named: "pools") { database in
            let pool = database.pool(size: 2)
            let gate = AsyncStream<Void>.makeStream()
            let user = Task {
                try await pool.withConnection { connection in
                    for await _ in gate.stream {}
                    return try await connection.query("select 1 as a").rows.count
                }
            }
            try await eventually(within: .seconds(5), "a connection is on loan") { pool.statistics.acquiredTotal == 1 }
            let ending = Task { await pool.shutdown(deadline: .seconds(30)) }
            try await eventually(within: .seconds(5), "the pool is closing") {
                do {
                    _ = try await pool.query("select 1")
                    return false
                } catch let error as PostgresError {
                    return error.code == .poolClosed
                }
            }
            gate.continuation.finish()
            #expect(try await user.value == 1)
            await ending.value
            #expect(pool.statistics.open == 0)
        }
    }

    @Test func `shutdown does not wait longer than its deadline`() async throws {
        try await TestDatabase.with(named: "pools") { database in
            let pool = database.pool(size: 1)
            let user = Task { try await pool.query("select pg_sleep(25)::text") }
            try await eventually(within: .seconds(5), "a connection is on loan") { pool.statistics.acquiredTotal == 1 }
            let started = ContinuousClock.now
            await pool.shutdown(deadline: .milliseconds(100))
            #expect(ContinuousClock.now - started < .seconds(10))
            let error = await #expect(throws: PostgresError.self) { try await user.value }
            #expect(error?.code == .connection)
        }
    }
}
