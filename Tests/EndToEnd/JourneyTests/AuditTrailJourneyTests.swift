import Foundation
import Postgres
import Support
import Testing

extension JourneyTests {
    private struct Trails: Decodable {
        struct Trail: Decodable {
            struct Finding: Decodable, Equatable {
                let kind: String
                let seal: Int
                let position: Int?
            }
            struct Tail: Decodable { let entries: Int }
            let service: String
            let entries: Int
            let findings: [Finding]
            let unsealed: Tail
        }
        let clean: Bool
        let trails: [Trail]
    }

    private struct Line: Decodable {
        struct Entry: Decodable {
            let action: String
            let objectType: String
            let position: Int
        }
        let service: String
        let entry: Entry
    }

    @Test func `the trail of an import is whole, is searched, and tells of each hand that touches it`() async throws {
        let pack = try PackSheets.named("clean")
        try await LocalSuite.with { suite in
            let imported = try await suite.tiaokuai("import", pack.directory.path, "--json")
            #expect(imported.status == 0, "\(imported.errors)")
            let anchor = FileManager.default.temporaryDirectory.appendingPathComponent("anchor-\(UUID().uuidString)")
                .path
            // Only a small temporary file is left behind.
            defer { try? FileManager.default.removeItem(atPath: anchor) }
            try await expectWhole(suite, anchor: anchor)
            try await expectSearch(suite)

            let database = try await PostgresConnection.connect(suite.database(of: "talent-registry"))
            _ = try await database.query("set session_replication_role = replica")
            _ = try await database.query("update audit_trail.entries set actor = 'nobody' where position = 5")
            let touched = try await suite.tiaokuai("audit-trail", "verify", "--json", "--anchor", anchor)
            #expect(touched.status == 1)
            let trail = try touched.decode(Trails.self).trails.first { $0.service == "talent-registry" }
            let finding = try #require(trail?.findings.first)
            // In which seal it lies depends on when the sealer came by.
            #expect(trail?.findings == [.init(kind: "entryChanged", seal: finding.seal, position: 5)])
            let words = try await suite.tiaokuai("audit-trail", "verify", "--at", "talent-registry")
            #expect(words.output.contains("talent-registry：封条 seal \(finding.seal)，位置 position 5"), "\(words.output)")

            // All seals away: the sealer writes the chain anew, and only the kept seal tells.
            let sealer = try #require(suite.processes["talent-registry"])
            sealer.killNow()
            _ = try await database.query("delete from audit_trail.seals")
            await database.close()
            try sealer.start()
            try await eventually(within: .seconds(30), "the chain is written anew") {
                let run = try await suite.tiaokuai("audit-trail", "verify", "--json")
                return try run.status == 0 && run.decode(Trails.self).trails.allSatisfy { $0.unsealed.entries == 0 }
            }
            let rewritten = try await suite.tiaokuai("audit-trail", "verify", "--json", "--anchor", anchor)
            #expect(rewritten.status == 1)
            let kinds = try rewritten.decode(Trails.self).trails.flatMap { $0.findings.map(\.kind) }
            #expect(kinds == ["rewritten"] || kinds == ["tailCut"])
        }
    }

    /// All is sealed soon and whole, again compared with the seals that were kept.
    private func expectWhole(_ suite: LocalSuite, anchor: String) async throws {
        try await eventually(within: .seconds(30), "all is sealed") {
            let run = try await suite.tiaokuai("audit-trail", "verify", "--json", "--anchor", anchor)
            return try run.status == 0 && run.decode(Trails.self).trails.allSatisfy { $0.unsealed.entries == 0 }
        }
        let run = try await suite.tiaokuai("audit-trail", "verify", "--json", "--anchor", anchor)
        #expect(run.status == 0, "\(run.output)")
        let entries = try run.decode(Trails.self).trails.reduce(into: [:]) { $0[$1.service] = $1.entries }
        for service in ["grid-operations", "talent-registry", "community-pairing"] {
            #expect((entries[service] ?? 0) > 20, "\(service)")
        }
    }

    /// A search finds what the import did, page by page, and is found itself.
    private func expectSearch(_ suite: LocalSuite) async throws {
        func search(_ option: String, _ value: String) async throws -> [Line] {
            try await suite.tiaokuai("audit-trail", "search", "--at", "grid-operations", option, value, "--json")
                .decode([Line].self)
        }
        let found = try await search("--limit", "600")
        #expect(found.count == 600)
        #expect(Set(found.map(\.entry.position)).count == 600)
        #expect(try await search("--object", "no-such-thing").isEmpty)
        let own = try await search("--object", "no-such-thing")
        #expect(own.first?.entry.action == "read")
        #expect(own.first?.entry.objectType == "audit-trail")
    }
}
