import Foundation
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// What an auditor does to a trail as a whole: old months are cut off, and a restored trail is taken up.
///
/// The chain is verified all the same, and whoever does either by force is found.
struct AuditKeepingTests {
    private static let march = CalendarDay("2019-03-01")

    private func keeping(_ stage: AuditStage) -> AuditTrailKeeping {
        AuditTrailKeeping(trail: stage.trail, configuration: stage.database.configuration, hash: .sha256)
    }

    /// Writes entries as if it were a month long ago.
    private func writeOld(_ stage: AuditStage, _ count: Int, month: String) async throws {
        _ = try await stage.pool.query(
            """
            insert into audit_trail.entries (month, actor_kind, actor, roles, operation, action, object_type, object_id, details)
            select \(PostgresValue.date(month)), 'service', 'old', '{}', 'test', 'changed', 'thing', 'o' || n, '{}'
            from generate_series(1, \(count)) n
            """)
    }

    /// Seals what is there, until nothing is left that no seal covers.
    private func seal(_ stage: AuditStage, entriesMax: Int = 10) async throws {
        try await stage.sealing([stage.sealer(entriesMax: entriesMax)]) {
            try await eventually(within: .seconds(20), "all is sealed") {
                let verifier = AuditVerifier(service: AuditStage.service, executor: stage.pool)
                return try await verifier.verify(after: .max - 1).unsealed.entries == 0
            }
        }
    }

    // MARK: - Cutting

    /// A trail with two months of 2019, the second of which shares its last batch with the present.
    private func withOldMonths(
        _ name: String, owner: String? = nil, _ body: (AuditStage) async throws -> Void
    ) async throws {
        try await AuditStage.with("keep_" + name, owner: owner) { stage in
            _ = try await stage.pool.query(
                """
                create table audit_trail.entries_201901 partition of audit_trail.entries
                for values from ('2019-01-01') to ('2019-02-01')
                """)
            try await writeOld(stage, 25, month: "2019-01-01")
            try await seal(stage)
            try await writeOld(stage, 6, month: "2019-02-01")
            try await seal(stage)
            // No seal lies between these two.
            try await writeOld(stage, 3, month: "2019-02-01")
            try await stage.write(4)
            try await seal(stage)
            try await stage.write(5)
            try await seal(stage)
            #expect(try await stage.verify().findings == [])
            try await body(stage)
        }
    }

    @Test(arguments: [nil, "keep_owner"])
    func `months that are over go, and the rest is verified from the seal before the cut`(_ owner: String?) async throws
    {
        try await withOldMonths("cut", owner: owner) { stage in
            let before = try await stage.number("select count(*) from audit_trail.seals")
            let march = try #require(Self.march)
            let cut = try #require(try await keeping(stage).cut(before: march, with: stage.pool))
            #expect(cut.before == "2019-03" && cut.entries == 31)
            #expect(try await stage.number("select count(*) from audit_trail.seals") == before - Int(cut.seals))
            #expect(try await stage.number("select min(number) from audit_trail.seals") == Int(cut.seal))
            // Of the batch that lies across the border the old entries stay.
            #expect(try await stage.number("select count(*) from audit_trail.entries where month < '2019-03-01'") == 3)
            #expect(try await stage.number("select count(*) from audit_trail.entries where actor = 'old'") == 3)
            let verified = try await stage.verify()
            #expect(verified.findings == [] && verified.entries == 12, "\(verified)")

            #expect(try await keeping(stage).cut(before: march, with: stage.pool) == cut, "again changes nothing")
            try await stage.write(5)
            try await seal(stage)
            let later = try await stage.verify()
            #expect(later.findings == [] && later.entries == 18, "the cut is an entry, too: \(later)")
            #expect(
                try await stage.number(
                    "select count(*) from audit_trail.entries where action = 'erased' and object_type = 'audit-months'")
                    == 1)
        }
    }

    @Test func `nothing is cut off that is younger than three years`() async throws {
        try await AuditStage.with("keep_young") { stage in
            try await stage.write(5)
            try await seal(stage)
            let month = try await stage.pool.query(
                """
                select to_char(date_trunc('month', now() at time zone 'UTC') - interval '35 months', 'YYYY-MM-DD') as month
                """
            ).rows[0].decode("month", as: String.self)
            for day in [month, "2019-03-02", "9999-01-01"] {
                let young = try #require(CalendarDay(day))
                await #expect(throws: Problem.self) { try await keeping(stage).cut(before: young, with: stage.pool) }
            }
            let old = try #require(Self.march)
            #expect(try await keeping(stage).cut(before: old, with: stage.pool) == nil, "there is nothing so old")
            #expect(try await stage.number("select count(*) from audit_trail.entries") == 5)
        }
    }

    @Test func `the role that runs a service cuts through the trail's own function and in no other way`() async throws {
        try await withOldMonths("runtime") { stage in
            let runtime = try await stage.database.asRuntime()
            let pool = runtime.pool(size: 2)
            for statement in [
                "delete from audit_trail.seals", "delete from audit_trail.entries",
                "insert into audit_trail.cuts values ('2019-03-01', 1, '', 0, 0)",
                "update audit_trail.eras set position = 0", "update audit_trail.cluster set system_identifier = ''",
            ] {
                let error = await #expect(throws: PostgresError.self) {
                    try await pool.query(PostgresStatement(statement))
                }
                #expect(error?.sqlState == "42501", "\(statement)")
            }
            let march = try #require(Self.march)
            let keeping = AuditTrailKeeping(
                trail: stage.trail, configuration: runtime.configuration, hash: .sha256)
            #expect(try await keeping.cut(before: march, with: pool)?.entries == 31)
            await pool.shutdown(deadline: .seconds(5))
            #expect(try await stage.verify().findings == [])
        }
    }

    @Test func `whoever touches what a cut stands on is found`() async throws {
        try await withOldMonths("touched") { stage in
            let march = try #require(Self.march)
            let cut = try #require(try await keeping(stage).cut(before: march, with: stage.pool))
            try await seal(stage)
            let straggler = try await stage.number("select min(position) from audit_trail.entries")
            // Each by itself: what is found is put back.
            func found(_ statement: String, undo: String...) async throws -> [AuditFinding.Kind] {
                try await stage.tamper("create table saved as select * from audit_trail.entries", statement)
                let kinds = try await stage.verify().findings.map(\.kind)
                try await stage.tamper(
                    "delete from audit_trail.entries", "insert into audit_trail.entries select * from saved",
                    "drop table saved")
                for statement in undo { try await stage.tamper(statement) }
                #expect(try await stage.verify().findings == [], "\(statement)")
                return kinds
            }
            #expect(
                try await found("delete from audit_trail.entries where position = \(straggler)") == [.entryRemoved])
            #expect(
                try await found("delete from audit_trail.entries where object_type = 'audit-months'")
                    == [.cutUnrecorded, .entryRemoved])
            // An entry of the time that is gone, in an old transaction.
            #expect(
                try await found(
                    """
                    insert into audit_trail.entries
                    select month, '4', 3, at, actor_kind, 'forged', roles, operation, purpose, action, object_type,
                           object_id, division_code, trace_id, details
                    from audit_trail.entries where position = \(straggler)
                    """) == [.entryInserted])
            #expect(
                try await found(
                    "update audit_trail.cuts set hash = '\\x00'",
                    undo: "update audit_trail.cuts set hash = '\\x\(cut.hash)'")
                    == [.sealChanged, .cutUnrecorded])
        }
    }

    @Test func `a trail that is cut by force is found, however well the cut is copied`() async throws {
        try await withOldMonths("forced") { stage in
            try await stage.tamper(
                "delete from audit_trail.entries where month < '2019-02-01'",
                "insert into audit_trail.cuts select '2019-02-01', number, hash, 25, 2 from audit_trail.seals where number = 3",
                "delete from audit_trail.seals where number < 3")
            #expect(try await stage.verify().findings == [AuditFinding(.cutUnrecorded, seal: 3)])
        }
    }

    // MARK: - Another cluster

    /// The stage's database as it was, on another server.
    private func restored(
        _ stage: AuditStage, on server: PrivatePostgres, _ body: (AuditStage) async throws -> Void
    ) async throws {
        let from = stage.database.configuration
        try await TestDatabase.with(named: "audit_restored", on: server) { created in
            let to = created.configuration
            try await ChildProcess.run([
                "sh", "-c",
                "pg_dump -h '\(from.host)' -p \(from.port) -U \(from.user) '\(from.database)' | "
                    + "psql -q -v ON_ERROR_STOP=1 -h '\(to.host)' -p \(to.port) -U \(to.user) '\(to.database)'",
            ])
            let pool = created.pool(size: 6)
            try await body(
                AuditStage(database: created, pool: pool, outbox: Outbox(pool: pool), trail: stage.trail))
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    /// A trail with sealed and unsealed entries, restored into a cluster whose own ids are lower; there more was written.
    private func withRestoredTrail(_ name: String, _ body: (AuditStage) async throws -> Void) async throws {
        let elsewhere = PrivatePostgres()
        try await elsewhere.ready()
        try await AuditStage.with("rebase_" + name) { stage in
            try await stage.write(23)
            try await seal(stage)
            // Late: it has its position before the last sealed one, and is not sealed itself.
            try await stage.pool.withTransaction { transaction in
                _ = try await transaction.query(stage.trail.insertion([AuditEntry(.changed, "thing", id: "late")]))
                try await stage.write(2)
                try await seal(stage)
            }
            try await stage.write(7)
            try await restored(stage, on: elsewhere) { restored in
                try await restored.write(4)
                try await body(restored)
            }
        }
        await elsewhere.remove()
    }

    @Test func `a restored trail is refused, taken up, sealed to its last entry, and verified as a whole`() async throws
    {
        try await withRestoredTrail("whole") { stage in
            await #expect(throws: ForeignAuditTrail.self) { try await stage.sealer().run() }
            try await keeping(stage).rebase()
            let atOnce = try await stage.verify()
            #expect(atOnce.findings == [] && atOnce.entries == 37, "what was there is sealed: \(atOnce)")
            try await stage.write(12)
            try await seal(stage)
            let later = try await stage.verify()
            // Two eras: what was written here before, and what comes after.
            #expect(later.findings == [] && later.entries == 37 + 12 + 2, "\(later)")
            await #expect(throws: Problem.self) { try await keeping(stage).rebase() }
        }
    }

    @Test func `restored again it is taken up again`() async throws {
        try await withRestoredTrail("again") { stage in
            try await keeping(stage).rebase()
            try await stage.write(3)
            try await seal(stage)
            try await stage.write(2)
            let third = PrivatePostgres()
            try await third.ready()
            try await restored(stage, on: third) { again in
                await #expect(throws: ForeignAuditTrail.self) { try await again.sealer().run() }
                try await keeping(again).rebase()
                try await again.write(5)
                try await seal(again)
                let verified = try await again.verify()
                #expect(verified.findings == [] && verified.entries == 37 + 2 + 3 + 2 + 2 + 5, "\(verified)")
            }
            await third.remove()
        }
    }

    @Test func `in every era a changed, removed or inserted entry is found, and an era that nobody told of`()
        async throws
    {
        try await withRestoredTrail("touched") { stage in
            try await keeping(stage).rebase()
            try await stage.write(12)
            try await seal(stage)
            let last = try await stage.number("select max(position) from audit_trail.entries")
            let borders = try await stage.pool.query("select position from audit_trail.eras order by number").rows.map {
                try $0.decode("position", as: Int64.self)
            }
            #expect(borders.count == 2)
            // One of each era.
            for position in [3, Int(borders[0]) + 1, last] {
                #expect(
                    try await found(stage, "update audit_trail.entries set actor = 'x' where position = \(position)")
                        == [.entryChanged])
                #expect(
                    try await found(stage, "delete from audit_trail.entries where position = \(position)") == [
                        .entryRemoved
                    ])
                for xid in ["'1'", "xid", "'9000000000'"] {
                    let kinds = try await found(
                        stage,
                        """
                        insert into audit_trail.entries
                        select month, \(xid), position, at, actor_kind, 'forged', roles, operation, purpose, action,
                               object_type, object_id, division_code, trace_id, details
                        from audit_trail.entries where position = \(position)
                        """)
                    #expect(kinds.contains(.entryInserted), "\(xid) at \(position): \(kinds)")
                }
            }
            try await stage.tamper(
                "insert into audit_trail.eras select 3, max(number), \(last) from audit_trail.seals")
            #expect(try await stage.verify().findings.map(\.kind) == [.eraUnrecorded])
        }
    }

    /// What is found after a statement, which is taken back.
    private func found(_ stage: AuditStage, _ statement: String) async throws -> Set<AuditFinding.Kind> {
        try await stage.tamper("create table saved as select * from audit_trail.entries", statement)
        let kinds = Set(try await stage.verify().findings.map(\.kind))
        try await stage.tamper(
            "delete from audit_trail.entries", "insert into audit_trail.entries select * from saved",
            "drop table saved")
        return kinds
    }
}
