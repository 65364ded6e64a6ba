import Foundation
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import TalentRegistryService
import Testing

/// Rows of an earlier release get the hash by which a mobile number is found, whatever happens on the way.
struct LookupBackfillTests {
    /// The cipher of the registry's fixture, or one that cannot read what it wrote.
    private static func cipher(byte: UInt8 = 1) throws -> AESFieldCipher {
        let name = byte == 1 ? "a" : "b"
        return AESFieldCipher(
            keys: try FieldKeys(
                json: """
                    {"current": "\(name)",
                     "keys": {"\(name)": "\(Data(repeating: byte, count: 32).base64EncodedString())"},
                     "lookup": "\(Data(repeating: 2, count: 32).base64EncodedString())"}
                    """))
    }

    private static func backfill(
        _ registry: RegistryDatabase, _ cipher: AESFieldCipher, failpoints: Failpoints = .none
    ) -> LookupBackfill {
        LookupBackfill(
            pool: registry.pool, audit: AuditTrail(service: .talentRegistry), cipher: cipher,
            inventory: PersonalDataInventory.talent.joined(with: .kit), batchSize: 7, failpoints: failpoints)
    }

    /// Forty people as an earlier release left them, and the hashes that this release had given them, by person.
    private func withEarlierPeople(
        _ body: (RegistryDatabase, _ hashes: [String: [UInt8]]) async throws -> Void
    ) async throws {
        try await RegistryDatabase.with { registry in
            let listed = try await registry.list(RegistryFixture.talents(0..<40))
            #expect(listed.tally == ["accepted": 40])
            let hashes = try await hashes(registry)
            #expect(hashes.count == 40)
            _ = try await registry.pool.query("update talent.persons set mobile_hash = null")
            try await body(registry, hashes)
        }
    }

    private func hashes(_ registry: RegistryDatabase) async throws -> [String: [UInt8]] {
        let rows = try await registry.pool.query(
            "select id::text as id, mobile_hash from talent.persons where mobile_hash is not null"
        ).rows
        return Dictionary(
            uniqueKeysWithValues: try rows.map { (try $0.decode("id"), try $0.decode("mobile_hash", as: [UInt8].self)) }
        )
    }

    @Test func `rows without a hash get the one that they would be written with, once`() async throws {
        try await withEarlierPeople { registry, before in
            let backfill = Self.backfill(registry, try Self.cipher())
            #expect(try await backfill.run() == 40)
            #expect(try await hashes(registry) == before)
            #expect(try await backfill.run() == 0)
        }
    }

    @Test func `ended before a commit it goes on with what is left`() async throws {
        try await withEarlierPeople { registry, before in
            for _ in 0..<3 {
                // Each is a new process that ends at its second batch.
                let dying = Self.backfill(
                    registry, try Self.cipher(), failpoints: Failpoints([.backfillBeforeCommit: (.throw, 2)]))
                await #expect(throws: Failpoints.Hit.self) { try await dying.run() }
            }
            #expect(try await hashes(registry).count == 21)
            let next = Self.backfill(registry, try Self.cipher())
            #expect(try await next.run() == 19)
            #expect(try await hashes(registry) == before)
        }
    }

    @Test func `a value that cannot be read stays without a hash and does not hold up the others`() async throws {
        try await withEarlierPeople { registry, before in
            let blind = Self.backfill(registry, try Self.cipher(byte: 3))
            #expect(try await blind.run() == 0)
            #expect(try await hashes(registry).isEmpty)
            let seeing = Self.backfill(registry, try Self.cipher())
            #expect(try await seeing.run() == 40)
            #expect(try await hashes(registry) == before)
        }
    }

    @Test func `a row in use is passed over and found by the next run`() async throws {
        try await withEarlierPeople { registry, _ in
            let backfill = Self.backfill(registry, try Self.cipher())
            try await registry.pool.withTransaction { transaction in
                _ = try await transaction.query("select id from talent.persons order by id limit 3 for no key update")
                #expect(try await backfill.run() == 37)
            }
            #expect(try await backfill.run() == 3)
        }
    }
}
