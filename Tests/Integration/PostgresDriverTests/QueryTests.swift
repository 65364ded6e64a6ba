import Foundation
import Logging
import Postgres
import Support
import Testing

@Suite("Statements on a connection", .timeLimit(.minutes(2)))
struct QueryTests {
    private func connected<R>(_ body: (PostgresConnection) async throws -> R) async throws -> R {
        try await PrivatePostgres.shared.ready()
        let connection = try await PostgresConnection.connect(PrivatePostgres.shared.configuration())
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    @Test func `a value of every type goes to the server and back`() async throws {
        try await connected { connection in
            let id = UUID()
            let now = Date(timeIntervalSince1970: 1_790_000_000.123457)
            let bytes: [UInt8] = [0, 1, 255]
            let result = try await connection.query(
                """
                select \(true) as flag, \(Int32(-5)) as small, \(Int64.min) as large, \(2.5) as real, \(id) as id,
                    \(bytes) as bytes, \(now) as time, \("条块")::text as words, \(json: #"{"a": 1}"#) as document,
                    \([Int64(1), nil]) as numbers, \(["a", nil]) as texts, \([id]) as ids, \([bytes]) as blobs,
                    \([now]) as times, \([1.5]) as reals, \([true, nil]) as flags, null::bigint as nothing,
                    '2026-02-28'::date as day, \(PostgresValue.date("2024-02-29")) as leap, 7::smallint as tiny,
                    'abc'::varchar as words2, 'n'::name as name, '{"b":2}'::json as plain, 1.5::real as float
                """)
            let row = try #require(result.rows.first)
            #expect(try row.decode("flag", as: Bool.self))
            #expect(try row.decode("small", as: Int32.self) == -5)
            #expect(try row.decode("large", as: Int64.self) == .min)
            #expect(try row.decode("real", as: Double.self) == 2.5)
            #expect(try row.decode("id", as: UUID.self) == id)
            #expect(try row.decode("bytes", as: [UInt8].self) == bytes)
            #expect(abs(try row.decode("time", as: Date.self).timeIntervalSince(now)) < 0.000_001)
            #expect(try row.decode("words", as: String.self) == "条块")
            #expect(try row.decode("document", as: String.self) == #"{"a": 1}"#)
            #expect(try row.decode("numbers", as: [Int64?].self) == [1, nil])
            #expect(try row.decode("texts", as: [String?].self) == ["a", nil])
            #expect(try row.decode("ids", as: [UUID].self) == [id])
            #expect(try row.decode("blobs", as: [[UInt8]].self) == [bytes])
            #expect(try row.decode("times", as: [Date].self).count == 1)
            #expect(try row.decode("reals", as: [Double].self) == [1.5])
            #expect(try row.decode("flags", as: [Bool?].self) == [true, nil])
            #expect(try row.decodeIfPresent("nothing", as: Int.self) == nil)
            let nothing: Int? = try row.decode("nothing")
            #expect(nothing == nil)
            #expect(try row.decode("day", as: String.self) == "2026-02-28")
            #expect(try row.decode("leap", as: String.self) == "2024-02-29")
            #expect(try row.decode("tiny", as: Int.self) == 7)
            #expect(try row.decode("words2", as: String.self) == "abc")
            #expect(try row.decode("name", as: String.self) == "n")
            #expect(try row.decode("plain", as: String.self) == #"{"b":2}"#)
            #expect(try row.decode("float", as: Double.self) == 1.5)
        }
    }

    @Test func `the server's own text of a value agrees with what was sent`() async throws {
        try await connected { connection in
            let date = Date(timeIntervalSince1970: 1_700_000_000.5)
            let result = try await connection.query(
                """
                select \(date)::timestamptz::text as time, \([1, 2])::bigint[]::text as numbers,
                    \(["a b", nil])::text[]::text as texts, \("1.10")::numeric::text as decimal,
                    \(Date(timeIntervalSinceReferenceDate: .infinity))::timestamptz::text as never
                """)
            let row = try #require(result.rows.first)
            #expect(try row.decode("time", as: String.self) == "2023-11-14 22:13:20.5+00")
            #expect(try row.decode("numbers", as: String.self) == "{1,2}")
            #expect(try row.decode("texts", as: String.self) == #"{"a b",NULL}"#)
            #expect(try row.decode("decimal", as: String.self) == "1.10")
            #expect(try row.decode("never", as: String.self) == "infinity")
        }
    }

    @Test func `errors name the column and never the value`() async throws {
        try await connected { connection in
            let result = try await connection.query("select 'geheim'::text as secret, 1.5::numeric as amount")
            let row = try #require(result.rows.first)
            for (column, wanted) in [
                ("secret", "integer"), ("amount", "cast it to text"), ("absent", "not in the result"),
            ] {
                let error = #expect(throws: PostgresError.self) { try row.decode(column, as: Int.self) }
                #expect(error?.code == .decoding(column: column))
                #expect(error?.description.contains(wanted) == true)
                #expect(error.map { String(reflecting: $0) }?.contains("geheim") == false)
            }
        }
    }

    @Test func `results say what was done`() async throws {
        try await connected { connection in
            try await connection.script("create temporary table t (a int)")
            let inserted = try await connection.query("insert into t select * from generate_series(1, 5)")
            #expect(inserted.affectedRows == 5)
            #expect(inserted.commandTag == "INSERT 0 5")
            #expect(inserted.rows.isEmpty)
            let selected = try await connection.query("select a from t order by a")
            #expect(selected.rows.count == 5)
            #expect(try selected.rows.map { try $0.decode("a", as: Int.self) } == [1, 2, 3, 4, 5])
            #expect(try selected.rows[4].decode(at: 0, as: Int32.self) == 5)
        }
    }

    @Test func `a violated constraint is told by SQLSTATE and name, without values`() async throws {
        try await connected { connection in
            try await connection.script("create temporary table people (phone text constraint phone_key unique)")
            let insert: PostgresStatement = "insert into people values (\("13800000000"))"
            _ = try await connection.query(insert)
            let error = await #expect(throws: PostgresError.self) { try await connection.query(insert) }
            #expect(error?.code == .server(sqlState: "23505"))
            #expect(error?.isUniqueViolation == true)
            #expect(error?.constraint == "phone_key")
            #expect(error?.table == "people")
            #expect(error?.description.contains("138") == false)
            #expect(error?.description.contains("insert") == false)
        }
    }

    @Test func `an error in a pipeline undoes it, names the first cause and leaves the connection usable`() async throws
    {
        try await connected { connection in
            try await connection.script("create temporary table t (a int primary key)")
            for _ in 0..<3 {
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.pipeline([
                        "insert into t values (1)", "select 1 / \(Int32(0)) as a", "insert into t values (1)",
                        "select nonsense",
                    ])
                }
                #expect(error?.sqlState == "22012")
                let count = try await connection.query("select count(*) as n from t").rows.first?.decode(
                    "n", as: Int.self)
                #expect(count == 0)
            }
            let results = try await connection.pipeline(["insert into t values (2)", "select a from t"])
            #expect(results.count == 2)
            #expect(try results[1].rows.first?.decode("a", as: Int.self) == 2)
        }
    }

    @Test func `requests of many tasks on one connection get their own answers`() async throws {
        try await connected { connection in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        if number % 7 == 0 {
                            let error = await #expect(throws: PostgresError.self) {
                                try await connection.query("select \(number) / 0 as n")
                            }
                            #expect(error?.sqlState == "22012")
                        } else {
                            let result = try await connection.query("select \(number) as n")
                            #expect(try result.rows.first?.decode("n", as: Int.self) == number)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `statements are prepared once and dropped when there are too many`() async throws {
        var configuration = PrivatePostgres.shared.configuration()
        configuration.preparedStatementsMax = 16
        try await PrivatePostgres.shared.ready()
        let connection = try await PostgresConnection.connect(configuration)
        for number in 0..<100 { _ = try await connection.query("select \(unescaped: "\(number % 50)")") }
        // This one is prepared as well when it looks.
        let result = try await connection.query("select count(*) as n from pg_prepared_statements")
        let count = try #require(try result.rows.first?.decode("n", as: Int.self))
        #expect((10...18).contains(count))
        await connection.close()
    }

    @Test func `a table that changes its shape does not break prepared statements of a pool`() async throws {
        try await TestDatabase.with(named: "reshape") { database in
            let pool = database.pool(size: 1)
            _ = try await pool.query("create table t (a int)")
            _ = try await pool.query("insert into t values (1)")
            _ = try await pool.query("select * from t")
            _ = try await pool.query("alter table t add column b text default 'x'")
            let row = try #require(try await pool.query("select * from t").rows.first)
            #expect(try row.decode("b", as: String.self) == "x")
            _ = try await pool.query("alter table t drop column b")
            let count = try await pool.withTransaction { try await $0.query("select * from t").rows.count }
            #expect(count == 1)
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    @Test func `a statement that takes too long is ended by the server and the connection goes on`() async throws {
        try await PrivatePostgres.shared.ready()
        var configuration = PrivatePostgres.shared.configuration()
        configuration.statementTimeout = .milliseconds(50)
        let connection = try await PostgresConnection.connect(configuration)
        let error = await #expect(throws: PostgresError.self) { try await connection.query("select pg_sleep(30)") }
        #expect(error?.isStatementTimeout == true)
        #expect(try await connection.query("select 1 as a").rows.count == 1)
        await connection.close()
    }

    @Test func `a server that says nothing is given up at the deadline`() async throws {
        try await PrivatePostgres.shared.ready()
        let connection = try await PostgresConnection.connect(PrivatePostgres.shared.configuration())
        // The server's limit is 30 s: only the client's can end this.
        let outcome = await #expect(throws: PostgresError.self) {
            try await connection.script("select pg_sleep(20)", timeout: .milliseconds(100))
        }
        #expect(outcome?.code == .timeout)
        try await eventually(within: .seconds(5), "the connection is given up") { !connection.isOpen }
        let later = await #expect(throws: PostgresError.self) { try await connection.query("select 1") }
        #expect(later?.code == .connection)
    }

    @Test func `a cancelled task still gets the answer of what it has sent`() async throws {
        try await connected { connection in
            let task = Task { try await connection.query("select 41 + 1 as a, pg_sleep(0.1)::text") }
            task.cancel()
            try await #expect(task.value.rows.first?.decode("a", as: Int.self) == 42)
            try await #expect(connection.query("select 1 as a").rows.count == 1)
        }
    }

    @Test func `COPY by query is refused without harm to others`() async throws {
        try await PrivatePostgres.shared.ready()
        let connection = try await PostgresConnection.connect(PrivatePostgres.shared.configuration())
        let error = await #expect(throws: PostgresError.self) { try await connection.query("copy pg_class to stdout") }
        #expect(error?.code == .protocolViolation || error?.code == .connection || error?.sqlState != nil)
        await connection.close()
    }

    @Test func `a refused connection says why, by SQLSTATE`() async throws {
        try await PrivatePostgres.shared.ready()
        let error = await #expect(throws: PostgresError.self) {
            try await PostgresConnection.connect(PrivatePostgres.shared.configuration(database: "absent"))
        }
        #expect(error?.code == .connection)
        #expect(error?.sqlState == "3D000")
        #expect(error?.isTransientConnectFailure == false)
    }

    @Test func `a connection that is not answered ends at its deadline`() async throws {
        // A socket that listens and never says a word.
        let silent = try SilentListener()
        var configuration = PostgresConfiguration(
            host: "127.0.0.1", port: silent.port, user: "u", database: "d", tls: .disable)
        configuration.connectTimeout = .milliseconds(200)
        let started = ContinuousClock.now
        let error = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(configuration) }
        #expect(error?.code == .timeout)
        #expect(ContinuousClock.now - started < .seconds(5))
        silent.close()
    }

    @Test func `TLS is demanded where the settings say so`() async throws {
        let server = PrivatePostgres(network: .loopback)
        try await server.ready()
        var configuration = server.loopbackConfiguration()
        configuration.tls = .require
        let error = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(configuration) }
        #expect(error?.code == .connection)
        configuration.tls = .prefer
        let connection = try await PostgresConnection.connect(configuration)
        await connection.close()
        await server.remove()
    }
}
