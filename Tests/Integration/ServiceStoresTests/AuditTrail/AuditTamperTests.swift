import Foundation
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// Whoever has every right in the database and changes the trail by force is found.
struct AuditTamperTests {
    /// Lends a stage with forty sealed entries in four seals; the number of one entry, 15, was rolled back.
    private func withTrail(_ name: String, _ body: (AuditStage) async throws -> Void) async throws {
        try await AuditStage.with("tamper_" + name) { stage in
            try await Actor.$current.withValue(AuditStage.clerk) {
                try await stage.write(14)
                _ = try await stage.pool.query("select nextval('audit_trail.entry_position')")
                try await stage.write(26)
            }
            try await stage.sealAll(entriesMax: 10)
            #expect(try await stage.verify().findings == [])
            try await body(stage)
        }
    }

    @Test(arguments: [
        "actor = 'someone-else'", "actor_kind = 'service'", "roles = '{}'", "operation = 'GET /v1/things'",
        "purpose = 'P5'", "action = 'read'", "object_type = 'talent'", "object_id = null", "division_code = '532923'",
        "trace_id = 'x'", "details = '{}'", "at = at + interval '1 microsecond'", "at = 'infinity'",
        "month = '1999-01-01'",
    ])
    func `a changed entry is named`(_ change: String) async throws {
        try await withTrail("changed") { stage in
            try await stage.tamper("update audit_trail.entries set \(change) where position = 23")
            #expect(
                try await stage.verify().findings == [AuditFinding(.entryChanged, seal: 3, position: 23)])
        }
    }

    @Test func `an entry that is given another transaction is missed where it was`() async throws {
        try await withTrail("transaction") { stage in
            try await stage.tamper(
                "update audit_trail.entries set xid = pg_current_xact_id() where position = 23")
            #expect(
                try await stage.verify().findings == [AuditFinding(.entryRemoved, seal: 3, position: 23)])
        }
    }

    @Test(arguments: [1, 10, 11, 27, 41]) func `a removed entry is named`(_ position: Int) async throws {
        try await withTrail("removed") { stage in
            try await stage.tamper("delete from audit_trail.entries where position = \(position)")
            let findings = try await stage.verify().findings
            #expect(findings.map(\.kind) == [.entryRemoved])
            #expect(findings.map(\.position) == [Int64(position)])
        }
    }

    @Test(arguments: ["15", "0", "-7", "23", "1000"])
    func `an entry that is put in afterwards is named`(_ position: String) async throws {
        try await withTrail("inserted") { stage in
            try await stage.tamper(
                """
                insert into audit_trail.entries
                select month, xid, \(position), at, actor_kind, 'forged', roles, operation, purpose, action, object_type,
                       object_id, division_code, trace_id, details
                from audit_trail.entries where position = 23
                """)
            let findings = try await stage.verify().findings
            #expect(findings.contains { $0.kind == .entryInserted && $0.position == Int64(position) }, "\(findings)")
        }
    }

    @Test(arguments: [
        (xid: "0", position: 15), (xid: "0", position: 2000), (xid: "1", position: 15), (xid: "2", position: 2000),
        (xid: "9000000000000000000", position: 15),
    ])
    func `an entry with an id that no transaction has is named`(
        _ forged: (xid: String, position: Int)
    ) async throws {
        try await withTrail("impossible") { stage in
            try await stage.tamper(
                """
                insert into audit_trail.entries
                select month, '\(forged.xid)'::xid8, \(forged.position), at, actor_kind, actor, roles, operation, purpose,
                       action, object_type, object_id, division_code, trace_id, details
                from audit_trail.entries where position = 23
                """)
            let findings = try await stage.verify().findings
            #expect(
                findings.contains { $0.kind == .entryInserted && $0.position == Int64(forged.position) }, "\(findings)")
        }
    }

    @Test func `entries cut off the end are named while their seals are there`() async throws {
        try await withTrail("cut") { stage in
            try await stage.tamper("delete from audit_trail.entries where position > 38")
            #expect(
                try await stage.verify().findings == [
                    AuditFinding(.entryRemoved, seal: 4, position: 39),
                    AuditFinding(.entryRemoved, seal: 4, position: 40),
                    AuditFinding(.entryRemoved, seal: 4, position: 41),
                ])
        }
    }

    @Test func `an end cut off with its seals is found by the head that is kept elsewhere`() async throws {
        try await withTrail("cut_whole") { stage in
            let verifier = AuditVerifier(service: AuditStage.service, executor: stage.pool)
            let kept = try #require(try await verifier.verify(after: 0).head)
            #expect(kept.number == 4)
            #expect(kept.lastPosition == 41)
            try await stage.tamper(
                """
                delete from audit_trail.entries
                where position > (select last_position from audit_trail.seals where number = 3)
                """, "delete from audit_trail.seals where number > 3")
            // Inside the database nothing tells any more.
            #expect(try await verifier.head(kept.number) == nil)
            try await stage.write(10)
            try await stage.sealAll(entriesMax: 10)
            #expect(try await verifier.head(kept.number)?.hash != kept.hash)
        }
    }

    @Test func `a chain that is written anew as a whole differs from the head that is kept elsewhere`() async throws {
        try await withTrail("rewritten") { stage in
            let verifier = AuditVerifier(service: AuditStage.service, executor: stage.pool)
            let kept = try #require(try await verifier.verify(after: 0).head)
            try await stage.tamper(
                "update audit_trail.entries set actor = 'someone-else' where position = 3",
                "delete from audit_trail.seals")
            try await stage.sealAll(entriesMax: 10)
            #expect(try await stage.verify().findings == [])
            #expect(try await verifier.head(kept.number)?.hash != kept.hash)
        }
    }

    @Test(arguments: [
        "previous = '1:2:'", "snapshot = '1:1:'", "after = 1", "is_last = not is_last",
        "first_position = first_position - 1", "last_position = last_position + 1", "entries = entries + 1",
        "algorithm = 'sm3'", "previous_hash = '\\x00'", "hash = sha256('x')", "marks = ''",
        "sealed_at = sealed_at + interval '1 microsecond'", "sealed_at = 'infinity'", "algorithm = 'md5'",
    ])
    func `a changed seal is named`(_ change: String) async throws {
        try await withTrail("seal") { stage in
            try await stage.tamper("update audit_trail.seals set \(change) where number = 3")
            let findings = try await stage.verify().findings
            #expect(findings.contains { $0.seal == 3 }, "\(findings)")
        }
    }

    @Test(arguments: [1, 2, 3]) func `a removed seal is named`(_ number: Int) async throws {
        try await withTrail("seal_removed") { stage in
            try await stage.tamper("delete from audit_trail.seals where number = \(number)")
            #expect(try await stage.verify().findings == [AuditFinding(.sealRemoved, seal: Int64(number))])
        }
    }

    @Test func `a seal made anew after a change does not fit the next`() async throws {
        try await withTrail("forged") { stage in
            // A forger with the program's own code: he changes an entry and writes the last two seals as they should be,
            // then puts the true last one back.
            try await stage.tamper(
                "create table kept as select * from audit_trail.seals where number = 4",
                "update audit_trail.entries set actor = 'someone-else' where position = 23",
                "delete from audit_trail.seals where number >= 3")
            try await stage.sealAll(entriesMax: 10)
            try await stage.tamper(
                "delete from audit_trail.seals where number >= 4", "insert into audit_trail.seals select * from kept")
            #expect(try await stage.verify().findings.contains(AuditFinding(.chainBroken, seal: 4)))
        }
    }
}
