import Foundation
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import TalentRegistryService
import Testing

/// A new current key goes through all stored values, whatever happens on the way.
struct RotationTests {
    private static let moment = Date(timeIntervalSince1970: 1_627_800_000)

    /// The cipher with some keys of 32 equal bytes.
    private static func cipher(_ current: String, having ids: [String]) throws -> AESFieldCipher {
        let bytes = ["a": UInt8(1), "b": 3, "c": 4]
        let keys = ids.map { id in
            "\"\(id)\": \"\(Data(repeating: bytes[id] ?? 9, count: 32).base64EncodedString())\""
        }
        return AESFieldCipher(
            keys: try FieldKeys(
                json: """
                    {"current": "\(current)", "keys": {\(keys.joined(separator: ", "))},
                     "lookup": "\(Data(repeating: 2, count: 32).base64EncodedString())"}
                    """))
    }

    private static func rotation(
        _ registry: RegistryDatabase, _ cipher: AESFieldCipher, failpoints: Failpoints = .none
    ) -> FieldRotation {
        FieldRotation(
            pool: registry.pool, audit: AuditTrail(service: .talentRegistry), cipher: cipher,
            inventory: PersonalDataInventory.talent.joined(with: .kit), batchSize: 7, failpoints: failpoints)
    }

    /// Values by key, over all columns.
    private func values(_ report: FieldKeyReport) -> [String: Int] {
        report.values.reduce(into: [:]) { $0[$1.key ?? "none", default: 0] += $1.count }
    }

    private func withPeople(_ body: (RegistryDatabase) async throws -> Void) async throws {
        try await RegistryDatabase.with { registry in
            let listed = try await registry.list(RegistryFixture.talents(0..<40))
            #expect(listed.tally == ["accepted": 40])
            try await body(registry)
        }
    }

    private func finish(_ rotation: FieldRotation) async throws {
        while try await rotation.step(at: Self.moment) {}
    }

    /// All names can be read, by whom one asks.
    private func names(_ registry: RegistryDatabase, _ cipher: AESFieldCipher) async throws -> Set<String> {
        Set(
            try await registry.pool.query("select name_encrypted from talent.persons").rows.map {
                try cipher.decrypt(try $0.decode("name_encrypted"), field: "person.name")
            })
    }

    @Test func `all values move to the new key, twice changes nothing, and the old key is not needed any more`()
        async throws
    {
        try await withPeople { registry in
            let cipher = try Self.cipher("b", having: ["a", "b"])
            let rotation = Self.rotation(registry, cipher)
            let before = try await rotation.report()
            #expect(values(before) == ["a": 80] && before.outstanding == 80 && before.unreadable == 0)
            #expect(try await !rotation.step(at: Self.moment), "nobody has asked yet")
            try await rotation.ask(at: Self.moment)
            try await rotation.ask(at: Self.moment)
            try await finish(rotation)
            let after = try await rotation.report()
            #expect(values(after) == ["b": 80] && after.outstanding == 0)
            #expect(after.rotation.allSatisfy { $0.finishedAt != nil })
            #expect(after.rotation.map(\.rewritten).reduce(0, +) == 40)

            try await rotation.ask(at: Self.moment)
            try await finish(rotation)
            #expect(try await rotation.report().rotation.map(\.rewritten).reduce(0, +) == 40)
            let without = try Self.cipher("b", having: ["b"])
            #expect(try await names(registry, without) == ["欧阳春梅"])
            #expect(try await Self.rotation(registry, without).report().unreadable == 0)
        }
    }

    @Test(arguments: [
        Failpoints.Place.rotationBeforeWrite, .rotationBeforeCommit, .rotationAfterCommit,
    ])
    func `ended at any step it goes on, and no value is lost`(_ place: Failpoints.Place) async throws {
        try await withPeople { registry in
            let cipher = try Self.cipher("b", having: ["a", "b"])
            try await Self.rotation(registry, cipher).ask(at: Self.moment)
            for _ in 0..<4 {
                // Each is a new process that ends at its second batch.
                let dying = Self.rotation(registry, cipher, failpoints: Failpoints([place: (.throw, 2)]))
                await #expect(throws: Failpoints.Hit.self) {
                    while try await dying.step(at: Self.moment) {}
                }
                #expect(try await names(registry, cipher) == ["欧阳春梅"])
            }
            try await finish(Self.rotation(registry, cipher))
            let report = try await Self.rotation(registry, cipher).report()
            #expect(values(report) == ["b": 80])
            #expect(report.rotation.map(\.rewritten).reduce(0, +) == 40, "done once each")
        }
    }

    @Test func `it runs while rows are written with the old key, and a row in use is passed over and found later`()
        async throws
    {
        try await withPeople { registry in
            let cipher = try Self.cipher("b", having: ["a", "b"])
            let rotation = Self.rotation(registry, cipher)
            try await rotation.ask(at: Self.moment)
            try await registry.pool.withTransaction { transaction in
                _ = try await transaction.query(
                    "select id from talent.persons order by id limit 3 for no key update")
                for _ in 0..<4 { _ = try await rotation.step(at: Self.moment) }
            }
            // A replica that still has the old settings.
            _ = try await registry.list(RegistryFixture.talents(40..<50))
            try await finish(rotation)
            #expect(values(try await rotation.report()) == ["b": 100])
        }
    }

    @Test func `values of a key that is gone are counted, stay as they are, and do not hold up the others`()
        async throws
    {
        try await withPeople { registry in
            let rotation = Self.rotation(registry, try Self.cipher("c", having: ["c", "b"]))
            let report = try await rotation.report()
            #expect(report.unreadable == 80 && report.outstanding == 80)
            try await rotation.ask(at: Self.moment)
            try await finish(rotation)
            #expect(values(try await rotation.report()) == ["a": 80])
            // With the key put back it is as if nothing had been.
            let whole = Self.rotation(registry, try Self.cipher("c", having: ["a", "b", "c"]))
            try await whole.ask(at: Self.moment)
            try await finish(whole)
            #expect(values(try await whole.report()) == ["c": 80])
        }
    }

    @Test func `several replicas together write each value once`() async throws {
        try await withPeople { registry in
            let cipher = try Self.cipher("b", having: ["a", "b"])
            try await Self.rotation(registry, cipher).ask(at: Self.moment)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await RowScope.service { try await finish(Self.rotation(registry, cipher)) }
                    }
                }
                try await group.waitForAll()
            }
            try await finish(Self.rotation(registry, cipher))
            let report = try await Self.rotation(registry, cipher).report()
            #expect(values(report) == ["b": 80] && report.rotation.map(\.rewritten).reduce(0, +) == 40)
        }
    }
}
