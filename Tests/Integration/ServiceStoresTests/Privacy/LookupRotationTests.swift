import Foundation
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import TalentRegistryService
import Testing

/// A new lookup key goes through all hashes; meanwhile everybody is found, and nobody is there twice.
struct LookupRotationTests {
    private static let moment = Date(timeIntervalSince1970: 1_627_800_000)

    private static func text(_ byte: UInt8) -> String { Data(repeating: byte, count: 32).base64EncodedString() }

    /// A cipher with some lookup keys; `original` is the one of the registry's fixture.
    private static func cipher(_ current: String, having ids: [String]) throws -> AESFieldCipher {
        let bytes = ["original": UInt8(2), "n": 5, "m": 6]
        let keys = ids.map { "\"\($0)\": \"\(text(bytes[$0] ?? 9))\"" }.joined(separator: ", ")
        return AESFieldCipher(
            keys: try FieldKeys(
                json: """
                    {"current": "a", "keys": {"a": "\(text(1))"},
                     "lookup": {"current": "\(current)", "keys": {\(keys)}}}
                    """))
    }

    private static func rotation(
        _ registry: RegistryDatabase, _ cipher: AESFieldCipher, failpoints: Failpoints = .none
    ) -> LookupRotation {
        LookupRotation(
            pool: registry.pool, audit: AuditTrail(service: .talentRegistry), cipher: cipher,
            inventory: PersonalDataInventory.talent.joined(with: .kit), batchSize: 7, failpoints: failpoints)
    }

    /// A replica of the service with other keys.
    private static func listing(_ registry: RegistryDatabase, _ cipher: AESFieldCipher) -> ListTalents {
        ListTalents(
            store: PostgresTalentStore(
                pool: registry.pool, outbox: registry.outbox, audit: AuditTrail(service: .talentRegistry),
                cipher: cipher), now: { moment })
    }

    private func withPeople(_ body: (RegistryDatabase) async throws -> Void) async throws {
        try await RegistryDatabase.with { registry in
            let listed = try await registry.list(RegistryFixture.talents(0..<40))
            #expect(listed.tally == ["accepted": 40])
            try await body(registry)
        }
    }

    private func finish(_ rotation: LookupRotation) async throws {
        while try await rotation.step(at: Self.moment) {}
    }

    private func values(_ report: FieldKeyReport) -> [String: Int] {
        report.values.reduce(into: [:]) { $0[$1.key ?? "none", default: 0] += $1.count }
    }

    private func place(of person: Int, _ registry: RegistryDatabase, _ cipher: AESFieldCipher) async throws
        -> SubjectPlace?
    {
        try await registry.pool.withTransaction { transaction in
            try await TalentSubjects(cipher: cipher).find(
                .identityNumber(Personal(RegistryFixture.identityNumber(person))), scope: .everything, in: transaction
            ).first
        }
    }

    /// How many of the first forty a cipher finds by the identity number.
    private func found(_ registry: RegistryDatabase, _ cipher: AESFieldCipher) async throws -> Int {
        var found = 0
        for person in 0..<40 where try await place(of: person, registry, cipher) != nil { found += 1 }
        return found
    }

    @Test func `all hashes move to the new key, everybody is found on the way, and the old key can go`() async throws {
        try await withPeople { registry in
            let cipher = try Self.cipher("n", having: ["original", "n"])
            let rotation = Self.rotation(registry, cipher)
            #expect(try await values(rotation.report()) == ["lookup/original": 120])
            #expect(try await !rotation.step(at: Self.moment), "nobody has asked yet")
            try await rotation.ask(at: Self.moment)
            for _ in 0..<4 { _ = try await rotation.step(at: Self.moment) }
            let between = try await rotation.report()
            #expect(between.outstanding > 0 && between.outstanding < 120)
            #expect(try await found(registry, cipher) == 40)
            // A replica that knows the key and does not yet hash with it.
            let before = try Self.cipher("original", having: ["original", "n"])
            #expect(try await found(registry, before) == 40)
            try await finish(rotation)
            let after = try await rotation.report()
            #expect(values(after) == ["lookup/n": 120] && after.outstanding == 0)
            let without = try Self.cipher("n", having: ["n"])
            #expect(try await found(registry, without) == 40)
            #expect(try await Self.rotation(registry, without).report().unreadable == 0)
            let again = try await Self.listing(registry, without)(RegistryFixture.talents(0..<40))
            #expect(again.tally == ["unchanged": 40])
        }
    }

    @Test(arguments: [Failpoints.Place.rotationBeforeWrite, .rotationBeforeCommit, .rotationAfterCommit])
    func `ended at any step it goes on, and each row is written once`(_ place: Failpoints.Place) async throws {
        try await withPeople { registry in
            let cipher = try Self.cipher("n", having: ["original", "n"])
            try await Self.rotation(registry, cipher).ask(at: Self.moment)
            for _ in 0..<4 {
                // Each is a new process that ends at its second batch.
                let dying = Self.rotation(registry, cipher, failpoints: Failpoints([place: (.throw, 2)]))
                await #expect(throws: Failpoints.Hit.self) { while try await dying.step(at: Self.moment) {} }
            }
            #expect(try await found(registry, cipher) == 40)
            try await finish(Self.rotation(registry, cipher))
            let report = try await Self.rotation(registry, cipher).report()
            #expect(values(report) == ["lookup/n": 120])
            #expect(report.rotation.map(\.rewritten).reduce(0, +) == 40, "done once each")
        }
    }

    /// Half the replicas write under the new key and half under the old one, while the rotation runs on two of them.
    @Test func `replicas that write under different keys make nobody twice`() async throws {
        try await withPeople { registry in
            let old = try Self.cipher("original", having: ["original", "n"])
            let new = try Self.cipher("n", having: ["original", "n"])
            try await Self.rotation(registry, new).ask(at: Self.moment)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for cipher in [old, new, old, new] {
                    group.addTask {
                        for start in stride(from: 0, to: 80, by: 4) {
                            _ = try await RowScope.service {
                                try await Self.listing(registry, cipher)(RegistryFixture.talents(start..<start + 4))
                            }
                        }
                    }
                }
                for _ in 0..<2 {
                    group.addTask { try await RowScope.service { try await finish(Self.rotation(registry, new)) } }
                }
                try await group.waitForAll()
            }
            #expect(try await registry.count("talent.persons") == 80)
            #expect(try await registry.count("talent.talents") == 80)
            try await Self.rotation(registry, new).ask(at: Self.moment)
            try await finish(Self.rotation(registry, new))
            #expect(values(try await Self.rotation(registry, new).report()) == ["lookup/n": 240])
        }
    }

    @Test func `who had himself erased stays so under every later key`() async throws {
        try await withPeople { registry in
            let old = try Self.cipher("original", having: ["original"])
            let erased = try #require(try await place(of: 0, registry, old))
            try await registry.pool.withTransaction { transaction in
                _ = try await TalentSubjects(cipher: old).erase(erased.id, at: Self.moment, in: transaction)
            }
            // Once by the sheet that names him, once by the rotation alone.
            let new = try Self.cipher("n", having: ["original", "n"])
            let refused = try await Self.listing(registry, new)(RegistryFixture.talents(0..<1))
            #expect(refused.tally["accepted"] == nil)
            let next = try Self.cipher("m", having: ["n", "original", "m"])
            try await Self.rotation(registry, next).ask(at: Self.moment)
            try await finish(Self.rotation(registry, next))
            let alone = try Self.cipher("m", having: ["m"])
            #expect(try await Self.rotation(registry, alone).report().unreadable == 0)
            let later = try await Self.listing(registry, alone)(RegistryFixture.talents(0..<1))
            #expect(later.tally["accepted"] == nil)
            #expect(try await registry.count("talent.persons") == 40)
        }
    }

    @Test func `a hash of an earlier release moves when its number is seen again`() async throws {
        try await withPeople { registry in
            _ = try await registry.pool.query("update talent.persons set identity_sealed = null")
            let cipher = try Self.cipher("n", having: ["original", "n"])
            let rotation = Self.rotation(registry, cipher)
            try await rotation.ask(at: Self.moment)
            try await finish(rotation)
            let report = try await rotation.report()
            #expect(report.outstanding == 40 && report.unreadable == 0, "they are counted, so the old key stays")
            let again = try await Self.listing(registry, cipher)(RegistryFixture.talents(0..<40))
            #expect(again.tally == ["unchanged": 40])
            #expect(try await rotation.report().outstanding == 0)
        }
    }
}
