import Messaging
import Models
import Postgres
import ServiceKit
import Support
import Synchronization
import Testing

struct IdempotencyTests {
    private struct Answer: Codable, Equatable, Sendable {
        let number: Int
    }

    @Test func `the same body is answered again, another is a mismatch, a new key goes on`() {
        let stored = IdempotencyDecision.Stored(bodyHash: [1], answer: [7])
        #expect(IdempotencyDecision(stored: nil, bodyHash: [1]) == .proceed)
        #expect(IdempotencyDecision(stored: stored, bodyHash: [1]) == .replay(answer: [7]))
        #expect(IdempotencyDecision(stored: stored, bodyHash: [2]) == .mismatch)
    }

    @Test(arguments: ["", "a b", "é", "a\n", String(repeating: "x", count: 256)])
    func `a key that is not visible ASCII is refused`(_ key: String) {
        let problem = #expect(throws: Problem.self) { try IdempotencyKey(key, operation: "POST /v1/x", body: []) }
        #expect(problem?.status == 400)
    }

    /// A database with the kit's migrations and a table that counts effects.
    private func withStore(_ body: (PostgresPool) async throws -> Void) async throws {
        try await TestDatabase.with(named: "idempotency") { database in
            let pool = database.pool()
            let sets = [MigrationSet(name: "service-kit", directory: ServiceMigrations.directory)]
            try await Migrator(sets: sets).migrate(pool)
            _ = try await pool.query("create table effects (number bigint generated always as identity)")
            try await body(pool)
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    private static func post(_ pool: PostgresPool, _ key: IdempotencyKey?) async throws -> Answer {
        try await pool.withTransaction { transaction in
            try await Idempotency.once(key, in: transaction) {
                let result = try await transaction.query("insert into effects default values returning number")
                let number = try result.rows.first?.decode("number", as: Int.self) ?? 0
                return (Answer(number: number), [])
            }.0
        }
    }

    private func effects(_ pool: PostgresPool) async throws -> Int? {
        try await pool.query("select count(*)::bigint as count from effects").rows.first?.decode("count", as: Int.self)
    }

    @Test func `the same key and body have one effect and one answer`() async throws {
        try await withStore { pool in
            let key = try IdempotencyKey("k1", operation: "POST /v1/x", body: [1])
            let first = try await Self.post(pool, key)
            #expect(try await Self.post(pool, key) == first)
            #expect(try await effects(pool) == 1)
        }
    }

    @Test func `another body is refused, another operation or key is new, no key is always new`() async throws {
        try await withStore { pool in
            _ = try await Self.post(pool, try IdempotencyKey("k1", operation: "POST /v1/x", body: [1]))
            let mismatch = await #expect(throws: Problem.self) {
                try await Self.post(pool, try IdempotencyKey("k1", operation: "POST /v1/x", body: [2]))
            }
            #expect(mismatch == .idempotencyMismatch)
            _ = try await Self.post(pool, try IdempotencyKey("k1", operation: "POST /v1/y", body: [2]))
            _ = try await Self.post(pool, try IdempotencyKey("k2", operation: "POST /v1/x", body: [1]))
            _ = try await Self.post(pool, nil)
            _ = try await Self.post(pool, nil)
            #expect(try await effects(pool) == 5)
        }
    }

    @Test func `two hundred parallel posts with one key have one effect and one answer`() async throws {
        try await withStore { pool in
            let key = try IdempotencyKey("k1", operation: "POST /v1/x", body: [1])
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<200 { group.addTask { try await Self.post(pool, key) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 200)
            #expect(Set(answers.map(\.number)).count == 1)
            #expect(try await effects(pool) == 1)
        }
    }

    @Test func `an effect that fails leaves the key free`() async throws {
        struct Refused: Error {}
        try await withStore { pool in
            let key = try IdempotencyKey("k1", operation: "POST /v1/x", body: [1])
            await #expect(throws: Refused.self) {
                try await pool.withTransaction { transaction in
                    try await Idempotency.once(key, in: transaction) { () -> (Answer, [OutgoingEvent]) in
                        throw Refused()
                    }
                }
            }
            #expect(try await Self.post(pool, key).number > 0)
            #expect(try await effects(pool) == 1)
        }
    }

    @Test func `answers are kept for seven days`() async throws {
        try await withStore { pool in
            for name in ["old", "young"] {
                _ = try await Self.post(pool, try IdempotencyKey(name, operation: "POST /v1/x", body: [1]))
            }
            _ = try await pool.query(
                """
                update service_kit.idempotency_keys set created_at = now() - interval '7 days 1 second'
                where key = sha256(convert_to(E'POST /v1/x\nold', 'UTF8'))
                """)
            #expect(try await Idempotency.purge(pool) == 1)
            #expect(try await Idempotency.purge(pool) == 0)
            let young = try IdempotencyKey("young", operation: "POST /v1/x", body: [2])
            await #expect(throws: Problem.self) { try await Self.post(pool, young) }
        }
    }
}
