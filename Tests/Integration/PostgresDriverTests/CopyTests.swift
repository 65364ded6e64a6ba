import Postgres
import Support
import Testing

@Suite("COPY", .timeLimit(.minutes(2)))
struct CopyTests {
    struct Refusal: Error {}

    private func withTable<R>(_ body: (PostgresConnection) async throws -> R) async throws -> R {
        try await TestDatabase.with(named: "copies") { database in
            let connection = try await PostgresConnection.connect(database.configuration)
            try await connection.script("create table t (a bigint primary key, b text)")
            let value = try await body(connection)
            await connection.close()
            return value
        }
    }

    @Test func `a hundred thousand rows go in and come out`() async throws {
        try await withTable { connection in
            var next = 0
            let taken = try await connection.copyIn("copy t from stdin") {
                guard next < 100_000 else { return nil }
                var piece = ""
                for number in next..<(next + 1000) { piece += "\(number)\trow 条块 \(number)\n" }
                next += 1000
                return Array(piece.utf8)
            }
            #expect(taken == 100_000)
            let sum = try await connection.query("select count(*) as n, sum(a)::bigint as s from t").rows[0]
            #expect(try sum.decode("n", as: Int.self) == 100_000)
            #expect(try sum.decode("s", as: Int.self) == 4_999_950_000)

            var lines = 0
            var bytes = 0
            let sent = try await connection.copyOut("copy (select * from t order by a) to stdout") { chunk in
                // Only whole rows are handed over.
                #expect(chunk.last == UInt8(ascii: "\n"))
                lines += chunk.count { $0 == UInt8(ascii: "\n") }
                bytes += chunk.count
            }
            #expect(sent == 100_000)
            #expect(lines == 100_000)
            #expect(bytes > 2_000_000)
            #expect(try await connection.query("select 1 as a").rows.count == 1)
        }
    }

    @Test func `rows may come from a sequence, in pieces that split rows`() async throws {
        try await withTable { connection in
            let text = (0..<1000).map { "\($0)\tx\n" }.joined()
            let pieces = AsyncStream<[UInt8]> { stream in
                for byte in text.utf8 { stream.yield([byte]) }
                stream.finish()
            }
            try await #expect(connection.copyIn("copy t from stdin", rows: pieces) == 1000)
        }
    }

    @Test func `wrong rows are refused as a whole and the connection goes on`() async throws {
        try await withTable { connection in
            var pieces = [Array("1\ta\n".utf8), Array("nonsense\tb\n".utf8)]
            let error = await #expect(throws: PostgresError.self) {
                try await connection.copyIn("copy t from stdin") { pieces.isEmpty ? nil : pieces.removeFirst() }
            }
            #expect(error?.sqlState == "22P02")
            try await #expect(connection.query("select a from t").rows.isEmpty)
        }
    }

    @Test func `an error that came long before the end of the rows is found at the end`() async throws {
        try await withTable { connection in
            let watcher = try await PostgresConnection.connect(connection.configuration)
            var isSent = false
            let error = await #expect(throws: PostgresError.self) {
                try await connection.copyIn("copy t from stdin") {
                    if isSent {
                        // The server has given up and said so: nothing more will come from it.
                        try await eventually(within: .seconds(20), "the server has refused the rows") {
                            try await watcher.query(
                                "select 1 from pg_stat_activity where pid = \(connection.backendPID) and state = 'idle'"
                            ).rows.count == 1
                        }
                        return nil
                    }
                    isSent = true
                    return Array(repeating: UInt8(ascii: "x"), count: 10) + [10] + Array(repeating: 10, count: 200_000)
                }
            }
            #expect(error?.sqlState == "22P02")
            await watcher.close()
        }
    }

    @Test func `a source that fails stores nothing and its error is thrown`() async throws {
        try await withTable { connection in
            var calls = 0
            await #expect(throws: Refusal.self) {
                try await connection.copyIn("copy t from stdin") {
                    calls += 1
                    if calls == 3 { throw Refusal() }
                    return Array("\(calls)\ta\n".utf8)
                }
            }
            try await #expect(connection.query("select a from t").rows.isEmpty)
        }
    }

    @Test func `a reader that fails gets its own error back`() async throws {
        try await withTable { connection in
            _ = try await connection.query("insert into t select g, repeat('x', 100) from generate_series(1, 50000) g")
            await #expect(throws: Refusal.self) {
                try await connection.copyOut("copy t to stdout") { _ in throw Refusal() }
            }
            try await eventually(within: .seconds(5), "the connection is given up") { !connection.isOpen }
        }
    }

    @Test func `what is not a COPY is refused`() async throws {
        try await withTable { connection in
            let first = await #expect(throws: PostgresError.self) {
                try await connection.copyIn("select 1") { nil }
            }
            #expect(first?.code == .protocolViolation)
            let second = await #expect(throws: PostgresError.self) {
                try await connection.copyOut("copy absent to stdout") { _ in }
            }
            #expect(second?.sqlState == "42P01")
            try await #expect(connection.query("select 1 as a").rows.count == 1)
        }
    }

    @Test func `COPY in a transaction goes with it`() async throws {
        try await withTable { connection in
            await #expect(throws: Refusal.self) {
                try await connection.withTransaction { transaction in
                    transaction.enqueue("insert into t values (1, 'a')")
                    var pieces = [Array("2\tb\n".utf8)]
                    let taken = try await transaction.copyIn("copy t from stdin") {
                        pieces.isEmpty ? nil : pieces.removeFirst()
                    }
                    #expect(taken == 1)
                    #expect(try await transaction.query("select a from t").rows.count == 2)
                    throw Refusal()
                }
            }
            try await #expect(connection.query("select a from t").rows.isEmpty)
        }
    }

    @Test func `other requests wait until the COPY is over`() async throws {
        try await withTable { connection in
            let gate = AsyncStream<Void>.makeStream()
            async let copied = connection.copyIn("copy t from stdin", rows: pieces(after: gate.stream))
            async let counted = connection.query("select count(*) as n from t")
            gate.continuation.finish()
            #expect(try await copied == 2)
            let count = try await counted.rows[0].decode("n", as: Int.self)
            #expect(count == 2 || count == 0)
        }
    }

    private func pieces(after gate: AsyncStream<Void>) -> AsyncStream<[UInt8]> {
        AsyncStream { continuation in
            Task {
                continuation.yield(Array("1\ta\n".utf8))
                for await _ in gate {}
                continuation.yield(Array("2\tb\n".utf8))
                continuation.finish()
            }
        }
    }
}
