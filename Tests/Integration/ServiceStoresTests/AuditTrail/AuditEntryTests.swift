import Foundation
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// What is written down, with what, and what nobody can do to it afterwards.
struct AuditEntryTests {
    private struct Undone: Error {}

    @Test func `every event of a change is written down in its transaction, with who did it`() async throws {
        try await AuditStage.with("written") { stage in
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            try await TraceContext.$traceparent.withValue(trace) {
                try await Actor.$current.withValue(AuditStage.clerk) {
                    try await stage.outbox.transaction { _ in
                        ((), [try AuditStage.event(), try AuditStage.event("532923100002")])
                    }
                }
            }
            let row = try #require(
                try await stage.pool.query(
                    """
                    select e.*, o.xid = e.xid as together from audit_trail.entries e
                    join messaging.outbox o on o.key = e.object_id order by e.position
                    """
                ).rows.first)
            #expect(try row.decode("actor_kind") == "person")
            #expect(try row.decode("actor") == "u-17")
            #expect(try row.decode("roles") == ["grid-worker@532923100001"])
            #expect(try row.decode("operation") == "POST /v1/things")
            #expect(try row.decode("action") == "changed")
            #expect(try row.decode("object_type") == "division")
            #expect(try row.decode("object_id") == "532923100001")
            #expect(try row.decode("division_code") == "532923100001")
            #expect(try row.decode("trace_id") == "0af7651916cd43dd8448eb211c80319c")
            #expect(try row.decode("details") == #"{"event":"DivisionChanged"}"#)
            #expect(try row.decode("together"))
            #expect(try await stage.number("select count(*) from audit_trail.entries") == 2)
        }
    }

    @Test func `an entry goes with its change when that is undone`() async throws {
        try await AuditStage.with("undone") { stage in
            await #expect(throws: Undone.self) {
                try await stage.outbox.transaction { transaction -> ((), [OutgoingEvent]) in
                    stage.outbox.enqueue([try AuditStage.event()], in: transaction)
                    let inside = try await transaction.query("select count(*) from audit_trail.entries").rows.first
                    #expect(try inside?.decode(at: 0, as: Int.self) == 1)
                    throw Undone()
                }
            }
            let written = try await stage.number("select count(*) from audit_trail.entries")
            #expect(written == 0)
        }
    }

    @Test func `without a request the service itself acts, and statements of the present are one entry`() async throws {
        try await AuditStage.with("service") { stage in
            try await stage.outbox.transaction(on: .announcement) { _ in
                ((), [try AuditStage.event(), try AuditStage.event("532923100002")])
            }
            let row = try #require(try await stage.pool.query("select * from audit_trail.entries").rows.first)
            #expect(try row.decode("actor_kind") == "service")
            #expect(try row.decode("actor") == "grid-operations")
            #expect(try row.decode("action") == "stated")
            #expect(try row.decode("details") == #"{"events":2}"#)
            #expect(try await stage.number("select count(*) from audit_trail.entries") == 1)
        }
    }

    @Test(arguments: [
        "update audit_trail.entries set actor = 'x'", "delete from audit_trail.entries",
        "truncate audit_trail.entries", "truncate audit_trail.entries_default",
        "update audit_trail.seals set entries = 1", "delete from audit_trail.seals", "truncate audit_trail.seals",
    ])
    func `even a superuser must switch the triggers off first`(_ statement: String) async throws {
        try await AuditStage.with("refused") { stage in
            try await stage.write(3)
            try await stage.sealAll()
            await #expect(throws: PostgresError.self) { try await stage.pool.query(PostgresStatement(statement)) }
            #expect(try await stage.verify().findings == [])
            #expect(try await stage.number("select count(*) from audit_trail.entries") == 3)
        }
    }

    @Test func `the partition of this month holds the rows and refuses to be emptied`() async throws {
        try await AuditStage.with("month") { stage in
            try await stage.write(2)
            let name = try #require(
                try await stage.pool.query("select distinct tableoid::regclass::text as name from audit_trail.entries")
                    .rows.first
            ).decode("name", as: String.self)
            #expect(name != "audit_trail.entries_default")
            for statement in ["truncate \(name)", "delete from \(name)"] {
                await #expect(throws: PostgresError.self) { try await stage.pool.query(PostgresStatement(statement)) }
            }
        }
    }

    @Test func `a role that runs the service may insert, select and seal, and nothing else`() async throws {
        try await AuditStage.with("role") { stage in
            try await stage.write(3)
            let role = "audit_runtime"
            let database = stage.database.configuration.database
            for statement in [
                "drop role if exists \(role)", "create role \(role) login",
                "grant connect on database \(database) to \(role)", "select 1 as one from audit_trail.admit('\(role)')",
            ] { _ = try await stage.pool.query(PostgresStatement(statement)) }
            var configuration = stage.database.configuration
            configuration.user = role
            try await stage.sealing([stage.sealer(configuration: configuration)]) { try await stage.allSealed() }
            let connection = try await PostgresConnection.connect(configuration)
            try await stage.trail.record(AuditEntry(.read, "thing"), with: connection)
            for statement in [
                "update audit_trail.entries set actor = 'x'", "delete from audit_trail.entries",
                "truncate audit_trail.entries", "update audit_trail.seals set entries = 0",
                "delete from audit_trail.seals", "alter table audit_trail.entries disable trigger all",
                "set session_replication_role = replica", "drop table audit_trail.seals",
                "delete from audit_trail.cluster", "select 1 as one from audit_trail.admit('postgres')",
            ] {
                await #expect(throws: PostgresError.self, "\(statement)") {
                    try await connection.query(PostgresStatement(statement))
                }
            }
            await connection.close()
            for statement in ["drop owned by \(role)", "drop role \(role)"] {
                _ = try await stage.pool.query(PostgresStatement(statement))
            }
        }
    }

    @Test
    func `the owner of the tables, who is no superuser, writes, seals and reads each partition, and changes none`()
        async throws
    {
        try await AuditStage.with("owner", owner: "audit_owner") { stage in
            try await stage.write(3)
            try await stage.sealAll()
            #expect(try await stage.verify().findings == [])
            let partitions = try await stage.pool.query(
                "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'audit_trail.entries'::regclass"
            ).rows.map { try $0.decode("name", as: String.self) }
            #expect(partitions.count == 5)
            for table in partitions + ["audit_trail.entries", "audit_trail.seals"] {
                _ = try await stage.pool.query(PostgresStatement("select count(*) from \(unescaped: table)"))
                for statement in [
                    "update \(table) set entries = 1", "delete from \(table)", "truncate \(table)",
                    "update \(table) set actor = 'x'",
                ] {
                    let error = await #expect(throws: PostgresError.self) {
                        try await stage.pool.query(PostgresStatement(statement))
                    }
                    #expect(error?.sqlState == "42501" || error?.sqlState == "42703", "\(statement)")
                }
            }
        }
    }

    @Test func `a search finds by actor, object and time, page by page, newest first`() async throws {
        try await AuditStage.with("search") { stage in
            try await Actor.$current.withValue(AuditStage.clerk) { try await stage.write(21) }
            try await stage.write(7)
            let search = AuditSearch(executor: stage.pool)
            let all = try await search.find(AuditQuery(), before: nil, limit: 100)
            #expect(all.map(\.position) == Array((1...28).reversed()))
            var found: [Int64] = []
            var place: Int64?
            repeat {
                let page = try await search.find(AuditQuery(actor: "u-17"), before: place, limit: 5)
                found += page.map(\.position)
                place = page.last?.position
            } while place != nil
            #expect(found == Array((1...21).reversed()))
            let thing = try await search.find(AuditQuery(object: "t3"), before: nil, limit: 100)
            #expect(thing.map(\.position) == [25, 18, 11, 4])
            let later = AuditQuery(actor: "u-17", object: "t3", from: all[10].at, to: all[0].at)
            #expect(try await search.find(later, before: nil, limit: 100).map(\.position) == [18])
        }
    }
}
