import Foundation
import Postgres
import Testing

@Suite("Migration files")
struct MigrationFileTests {
    private func code(_ files: [String]) -> MigrationError.Code? {
        do {
            _ = try MigrationSet.ordered(files, set: "s")
            return nil
        } catch {
            return (error as? MigrationError)?.code
        }
    }

    @Test func `files are ordered by number`() throws {
        let ordered = try MigrationSet.ordered(["0002_add_b.sql", "0001_create_a.sql"], set: "s")
        #expect(ordered.map(\.number) == [1, 2])
        #expect(ordered.map(\.file) == ["0001_create_a.sql", "0002_add_b.sql"])
    }

    @Test func `gaps, twins and wrong names are refused`() {
        #expect(code([]) == nil)
        #expect(code(["0002_a.sql"]) == .gap)
        #expect(code(["0001_a.sql", "0003_c.sql"]) == .gap)
        #expect(code(["0001_a.sql", "0001_b.sql"]) == .twin)
        for name in ["1_a.sql", "0001-a.sql", "0001_A.sql", "0001_.sql", "00001_a.sql", "a.sql"] {
            #expect(code([name]) == .badName, "\(name)")
        }
    }

    private func file(_ number: Int, set: String = "s", sql: String = "select 1") -> Migration {
        Migration(set: set, number: number, file: "000\(number)_a.sql", sql: sql)
    }

    private func applied(_ number: Int, checksum: String, set: String = "s") -> AppliedMigration {
        AppliedMigration(set: set, number: number, file: "000\(number)_a.sql", checksum: checksum)
    }

    @Test func `only what was not applied is pending`() throws {
        let plan = try MigrationPlan(
            files: [(file(1), "x"), (file(2), "y"), (file(1, set: "t"), "z")], applied: [applied(1, checksum: "x")])
        #expect(plan.pending == [file(2), file(1, set: "t")])
        #expect(plan.unknown.isEmpty)
    }

    @Test func `an edited file is refused by name`() {
        let error = #expect(throws: MigrationError.self) {
            try MigrationPlan(files: [(file(1), "changed"), (file(2), "y")], applied: [applied(1, checksum: "x")])
        }
        #expect(error?.code == .changed)
        #expect(error?.file == "0001_a.sql")
    }

    @Test func `a newer database is named, other sets are nobody's business`() throws {
        let plan = try MigrationPlan(
            files: [(file(1), "x")],
            applied: [applied(1, checksum: "x"), applied(2, checksum: "y"), applied(1, checksum: "z", set: "other")])
        #expect(plan.pending.isEmpty)
        #expect(plan.unknown == ["s/0002_a.sql"])
    }

    @Test func `a file may ask to run outside a transaction by its first line`() {
        #expect(file(1, sql: "-- transaction: none\ncreate index concurrently").isOutsideTransaction)
        #expect(!file(1, sql: "-- why\n-- transaction: none\n").isOutsideTransaction)
        #expect(!file(1, sql: "").isOutsideTransaction)
    }

    @Test func `a folder that is not there is an error`() {
        let set = MigrationSet(name: "s", directory: URL(fileURLWithPath: "/nowhere/at/all"))
        #expect(throws: MigrationError.self) { try set.migrations() }
    }
}
