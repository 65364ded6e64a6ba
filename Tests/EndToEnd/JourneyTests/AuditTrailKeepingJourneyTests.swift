import Foundation
import Postgres
import Support
import Testing

extension JourneyTests {
    private struct Verified: Decodable {
        struct Trail: Decodable {
            struct Tail: Decodable { let entries: Int }
            let service: String
            let unsealed: Tail
        }
        let trails: [Trail]
    }

    private static let kept = "talent-registry"

    @Test func `an auditor cuts months off that are over, and takes a trail up that was restored elsewhere`()
        async throws
    {
        let pack = try PackSheets.named("clean")
        try await LocalSuite.with(prepare: beginSevenYearsAgo) { suite in
            let database = try await PostgresConnection.connect(suite.database(of: Self.kept))
            try await expectSealed(suite)
            _ = try await database.query(
                """
                alter table audit_trail.entries
                alter month set default date_trunc('month', clock_timestamp() at time zone 'UTC')::date
                """)
            let imported = try await suite.tiaokuai("import", pack.directory.path, "--json")
            #expect(imported.status == 0, "\(imported.errors)")
            try await expectCut(suite, database)
            try await expectRebase(suite, database)
            await database.close()
        }
    }

    /// A trail that begins in 2019, with what the service writes at its start: as in life, positions follow the months.
    private func beginSevenYearsAgo(_ suite: LocalSuite) async throws {
        let database = try await PostgresConnection.connect(suite.database(of: Self.kept))
        _ = try await database.query("alter table audit_trail.entries alter month set default '2019-01-01'")
        _ = try await database.query(
            """
            insert into audit_trail.entries (actor_kind, actor, roles, operation, action, object_type, object_id, details)
            select 'service', 'old', '{}', 'test', 'changed', 'thing', 'o' || n, '{}'
            from generate_series(1, 25) n
            """)
        await database.close()
    }

    private func expectCut(_ suite: LocalSuite, _ database: PostgresConnection) async throws {
        try await expectSealed(suite)
        let none = try await suite.tiaokuai("audit-trail", "cut", "--before", "2018-01", "--at", Self.kept)
        #expect(none.status == 0 && none.output.contains("nothing to cut"), "\(none.output)\(none.errors)")
        let young = try await suite.tiaokuai("audit-trail", "cut", "--before", "2999-01", "--at", Self.kept)
        #expect(young.status != 0 && (young.output + young.errors).contains("三年"), "\(young.output)\(young.errors)")
        let cut = try await suite.tiaokuai("audit-trail", "cut", "--before", "2019-03", "--at", Self.kept)
        #expect(cut.status == 0 && cut.output.contains("cut before 2019-03"), "\(cut.output)\(cut.errors)")
        let old = try await database.query("select count(*) as left from audit_trail.entries where actor = 'old'")
        #expect(try old.rows.first?.decode("left") == 0)
        try await expectSealed(suite)
    }

    private func expectRebase(_ suite: LocalSuite, _ database: PostgresConnection) async throws {
        let atHome = try await suite.tiaokuai("audit-trail", "rebase", Self.kept)
        #expect(atHome.status != 0 && (atHome.output + atHome.errors).contains("无须"), "\(atHome.errors)")
        // As after a restore: the trail was sealed in another cluster.
        let service = try #require(suite.processes[Self.kept])
        service.killNow()
        _ = try await database.query("update audit_trail.cluster set system_identifier = '1'")
        try service.start()
        try await eventually(within: .seconds(30), "an entry that nobody seals") {
            let found = try await suite.tiaokuai("audit-trail", "search", "--at", Self.kept, "--limit", "1", "--json")
            let left = try await unsealed(suite)
            return found.status == 0 && left > 0
        }
        let rebased = try await suite.tiaokuai("audit-trail", "rebase", Self.kept)
        #expect(rebased.status == 0, "\(rebased.output)\(rebased.errors)")
        try await expectSealed(suite)
        // One entry touched, nothing is cut any more.
        _ = try await database.query("set session_replication_role = replica")
        _ = try await database.query("update audit_trail.entries set actor = 'nobody' where position = 40")
        let refused = try await suite.tiaokuai("audit-trail", "cut", "--before", "2020-01", "--at", Self.kept)
        #expect(refused.status == 1 && refused.output.contains("40"), "\(refused.output)\(refused.errors)")
    }

    /// How many entries of the trail no seal covers.
    private func unsealed(_ suite: LocalSuite) async throws -> Int {
        let run = try await suite.tiaokuai("audit-trail", "verify", "--json")
        return try run.decode(Verified.self).trails.first { $0.service == Self.kept }?.unsealed.entries ?? 0
    }

    /// Everything is sealed soon, and nothing is found.
    private func expectSealed(_ suite: LocalSuite) async throws {
        try await eventually(within: .seconds(30), "all is sealed and whole") {
            let run = try await suite.tiaokuai("audit-trail", "verify", "--json")
            return try run.status == 0 && run.decode(Verified.self).trails.allSatisfy { $0.unsealed.entries == 0 }
        }
    }
}
