import Postgres
import Testing

@Suite("The cache of prepared statements")
struct StatementCacheTests {
    private let one: PostgresStatement = "select \(1)"

    @Test func `a statement is prepared once and then executed`() {
        var cache = StatementCache(capacity: 4)
        #expect(cache.plan(for: one, batch: 1) == .prepare(name: "s1"))
        cache.prepared("s1")
        #expect(cache.plan(for: one, batch: 2) == .execute(name: "s1"))
    }

    @Test func `the same group may use what it prepares, another group may not rely on it`() {
        var cache = StatementCache(capacity: 4)
        #expect(cache.plan(for: one, batch: 1) == .prepare(name: "s1"))
        #expect(cache.plan(for: one, batch: 1) == .execute(name: "s1"))
        #expect(cache.plan(for: one, batch: 2) == .unnamed)
    }

    @Test func `a failed preparation is forgotten`() {
        var cache = StatementCache(capacity: 4)
        _ = cache.plan(for: one, batch: 1)
        cache.failed("s1")
        #expect(cache.plan(for: one, batch: 2) == .prepare(name: "s2"))
        #expect(cache.count == 1)
    }

    @Test func `parameter types belong to the key, values do not`() {
        var cache = StatementCache(capacity: 4)
        _ = cache.plan(for: PostgresStatement("select $1", [.int8(1)]), batch: 1)
        cache.prepared("s1")
        #expect(cache.plan(for: PostgresStatement("select $1", [.int8(2)]), batch: 2) == .execute(name: "s1"))
        #expect(cache.plan(for: PostgresStatement("select $1", [.null]), batch: 2) == .prepare(name: "s2"))
        #expect(cache.plan(for: PostgresStatement("select $1", [.text("2")]), batch: 2) == .execute(name: "s2"))
    }

    @Test func `the least recently used go first`() {
        var cache = StatementCache(capacity: 8)
        for number in 1...8 {
            _ = cache.plan(for: PostgresStatement("select \(unescaped: "\(number)")"), batch: 1)
            cache.prepared("s\(number)")
        }
        _ = cache.plan(for: PostgresStatement("select 1"), batch: 2)
        #expect(!cache.hasSurplus)
        _ = cache.plan(for: PostgresStatement("select 9"), batch: 3)
        cache.prepared("s9")
        #expect(cache.hasSurplus)
        #expect(cache.takeSurplus() == ["s2", "s3"])
        #expect(cache.count == 7)
        #expect(!cache.hasSurplus)
        #expect(cache.plan(for: PostgresStatement("select 1"), batch: 4) == .execute(name: "s1"))
    }

    @Test func `a forgotten text is dropped on the server and prepared anew`() {
        var cache = StatementCache(capacity: 8)
        _ = cache.plan(for: one, batch: 1)
        cache.prepared("s1")
        cache.forget(sql: one.sql)
        #expect(cache.hasSurplus)
        #expect(cache.takeSurplus() == ["s1"])
        #expect(cache.plan(for: one, batch: 2) == .prepare(name: "s2"))
    }
}
