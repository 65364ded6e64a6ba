import Foundation
import Messaging
import Models
import ServiceKit
import Testing

/// What an entry says, and how entries and seals are hashed.
struct AuditTrailTests {
    // MARK: - Hashes

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test func `both hashes give what their standards give for abc`() throws {
        #expect(
            hexadecimal(try AuditHash.sha256.digest(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            hexadecimal(try AuditHash.sm3.digest(Array("abc".utf8)))
                == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
        #expect(
            hexadecimal(try AuditHash.sm3.digest([]))
                == "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b")
    }

    // MARK: - Entries

    @Test func `the canonical form of an entry is as it is documented`() {
        let entry = StoredAuditEntry(
            position: 258, month: [0, 0, 1, 2], at: [0, 0, 0, 0, 0, 0, 0, 9], xid: "731", actorKind: "person",
            actor: "u1",
            roles: "{}", operation: "GET /v1/x", purpose: nil, action: "read", objectType: "talent", objectID: nil,
            divisionCode: "5329", traceID: nil, details: "{}")
        func field(_ text: String) -> [UInt8] { [0, 0, 0, UInt8(text.utf8.count)] + Array(text.utf8) }
        let null: [UInt8] = [255, 255, 255, 255]
        var expected: [UInt8] = [0, 0, 0, 4, 0, 0, 1, 2] + field("731") + [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 1, 2]
        expected += [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 9] + field("person") + field("u1") + field("{}")
        expected += field("GET /v1/x") + null + field("read") + field("talent") + null + field("5329") + null
        #expect(entry.canonicalBytes == expected + field("{}"))
    }

    /// Every way in which one field of an entry can become another.
    private static let changes: [@Sendable (inout StoredAuditEntry, String) -> Void] = [
        { entry, _ in entry.position += 1 }, { entry, _ in entry.month[3] ^= 1 }, { entry, _ in entry.at[7] ^= 1 },
        { $0.xid += $1 }, { $0.actorKind += $1 }, { $0.actor += $1 }, { $0.roles += $1 }, { $0.operation += $1 },
        { $0.purpose = ($0.purpose ?? "") + $1 }, { $0.action += $1 }, { $0.objectType += $1 },
        { $0.objectID = ($0.objectID ?? "") + $1 }, { $0.divisionCode = ($0.divisionCode ?? "") + $1 },
        { $0.traceID = ($0.traceID ?? "") + $1 }, { $0.details += $1 },
    ]

    private func text(_ generator: inout SplitMix) -> String {
        String(
            (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                "ab{}\u{0}".randomElement(using: &generator) ?? "a"
            })
    }

    private func entry(_ generator: inout SplitMix) -> StoredAuditEntry {
        func optional(_ generator: inout SplitMix) -> String? {
            Bool.random(using: &generator) ? text(&generator) : nil
        }
        return StoredAuditEntry(
            position: .random(in: 1...9, using: &generator), month: [0, 0, 1, 1], at: [0, 0, 0, 0, 0, 0, 0, 1],
            xid: "7", actorKind: text(&generator), actor: text(&generator), roles: text(&generator),
            operation: text(&generator), purpose: optional(&generator), action: text(&generator),
            objectType: text(&generator), objectID: optional(&generator), divisionCode: optional(&generator),
            traceID: optional(&generator), details: text(&generator))
    }

    @Test func `any change of any field changes the hash, and so does moving a letter to the next field`() throws {
        var generator = SplitMix(seed: 11)
        for _ in 0..<200 {
            let original = entry(&generator)
            let hash = try AuditHash.sha256.digest(original.canonicalBytes)
            for change in Self.changes {
                var changed = original
                change(&changed, "a")
                #expect(try AuditHash.sha256.digest(changed.canonicalBytes) != hash)
            }
            var moved = original
            moved.actor = String(original.actor.dropLast())
            moved.roles = String(original.actor.suffix(1)) + original.roles
            if !original.actor.isEmpty { #expect(moved.canonicalBytes != original.canonicalBytes) }
        }
    }

    @Test func `null and the empty text are two things`() {
        var generator = SplitMix(seed: 12)
        var with = entry(&generator)
        var without = with
        with.purpose = ""
        without.purpose = nil
        #expect(with.canonicalBytes != without.canonicalBytes)
    }

    @Test func `details hold codes and counts, and nothing of a name gets through`() {
        var details: AuditDetails = ["rows": .count(12), "event": .code("TalentListed"), "odd": .code("王小明 \"x\"")]
        details.add("none", nil)
        #expect(details.json == #"{"event":"TalentListed","odd":"?????x?","rows":12}"#)
        let long: AuditDetails = ["code": .code(String(repeating: "a", count: 500))]
        #expect(long.json.utf8.count < 100)
    }

    @Test func `each event of a change is an entry, and a page of statements is one`() throws {
        let facts = DivisionFacts(
            code: try #require(DivisionCode("532923100001")), name: "某地", level: .community, households: 3)
        let events = try (0..<2).map { _ in
            try OutgoingEvent(DivisionChanged(division: facts), occurredAt: Date(timeIntervalSince1970: 0))
        }
        #expect(
            AuditTrail.entries(for: events, on: .change)
                == Array(
                    repeating: AuditEntry(
                        .changed, "division", id: "532923100001", divisionCode: "532923100001",
                        details: ["event": .code("DivisionChanged")]), count: 2))
        #expect(
            AuditTrail.entries(for: events, on: .announcement)
                == [AuditEntry(.stated, "division", details: ["events": .count(2)])])
    }

    @Test func `an operator's acts are entries with the number of what he settled`() throws {
        #expect(
            AuditTrail.entry(for: .skippedParked(id: 7))
                == AuditEntry(.changed, "parked-event", id: "7", details: ["act": .code("skip")]))
        #expect(
            AuditTrail.entry(for: .appliedParked(id: 8, reader: "notifications"))
                == AuditEntry(
                    .changed, "parked-event", id: "8",
                    details: ["act": .code("retry"), "reader": .code("notifications")]))
        let day = try #require(CalendarDay("2026-11-24"))
        #expect(AuditTrail.entry(for: .closedDays(through: day)).objectID == "2026-11-24")
    }

    // MARK: - Seals

    /// A chain of seals over batches of made-up entries.
    private func chain(_ batches: [[StoredAuditEntry]], hash: AuditHash = .sha256) throws -> [AuditSeal] {
        var seals: [AuditSeal] = []
        for (index, entries) in batches.enumerated() {
            let digests = try entries.map { try hash.digest($0.canonicalBytes) }
            var seal = AuditSeal(
                number: Int64(index + 1), previous: seals.last?.snapshot ?? AuditSeal.beginning,
                snapshot: "\(index + 2):\(index + 2):", after: 0, isLast: true,
                firstPosition: entries.first?.position ?? 0, lastPosition: entries.last?.position ?? 0,
                entries: Int64(entries.count), algorithm: hash, previousHash: seals.last?.hash ?? AuditSeal.noHash,
                hash: [],
                marks: AuditMark.encode(zip(entries, digests).map { AuditMark(position: $0.position, digest: $1) }),
                sealedAtMicroseconds: 5)
            seal.hash = try seal.computedHash(over: digests, of: .talentRegistry)
            seals.append(seal)
        }
        return seals
    }

    private func batches() -> [[StoredAuditEntry]] {
        var generator = SplitMix(seed: 13)
        return (0..<3).map { batch in
            (0..<5).map { place in
                var entry = entry(&generator)
                entry.position = Int64(batch * 10 + place * 2 + 1)
                return entry
            }
        }
    }

    private func findings(
        _ seals: [AuditSeal], _ batches: [[StoredAuditEntry]], of service: ServiceName = .talentRegistry
    ) throws -> [AuditFinding] {
        var last: AuditSeal?
        return try zip(seals, batches).flatMap { seal, entries in
            defer { last = seal }
            return seal.breaks(after: last) + (try seal.findings(in: entries, strays: [], of: service))
        }
    }

    @Test(arguments: AuditHash.allCases) func `a chain that nobody touched has no findings`(_ hash: AuditHash) throws {
        let batches = batches()
        #expect(try findings(chain(batches, hash: hash), batches) == [])
    }

    @Test func `a changed, a removed and an inserted entry are named`() throws {
        let sound = batches()
        let seals = try chain(sound)
        for change in Self.changes.dropFirst() {
            var batches = sound
            change(&batches[1][2], "a")
            #expect(try findings(seals, batches) == [AuditFinding(.entryChanged, seal: 2, position: 15)])
        }
        var batches = sound
        batches[0].remove(at: 4)
        #expect(try findings(seals, batches) == [AuditFinding(.entryRemoved, seal: 1, position: 9)])
        batches = sound
        batches[2].insert(batches[2][0], at: 1)
        batches[2][1].position += 1
        #expect(try findings(seals, batches) == [AuditFinding(.entryInserted, seal: 3, position: 22)])
        batches = sound
        batches[2].insert(batches[2][0], at: 1)
        #expect(try findings(seals, batches) == [AuditFinding(.entryInserted, seal: 3, position: 21)])
    }

    @Test func `a changed field of a seal is found, whichever it is`() throws {
        let batches = batches()
        let seals = try chain(batches)
        let changes: [(inout AuditSeal) -> Void] = [
            { $0.snapshot = "9:9:" }, { $0.after = 1 }, { $0.isLast = false }, { $0.firstPosition -= 1 },
            { $0.lastPosition += 1 }, { $0.entries += 1 }, { $0.algorithm = .sm3 }, { $0.previousHash[0] ^= 1 },
            { $0.hash[31] ^= 1 }, { $0.marks[9] ^= 1 }, { $0.marks = [] }, { $0.sealedAtMicroseconds += 1 },
            { $0.previous = "1:2:" },
        ]
        for change in changes {
            var touched = seals
            change(&touched[1])
            let found = try findings(touched, batches)
            #expect(found.contains { $0.seal == 2 }, "\(found)")
        }
        #expect(try !findings(seals, batches, of: .notifications).isEmpty)
    }

    @Test func `a seal that is missing is named, however many are`() throws {
        var seals = try chain(batches())
        #expect(seals[2].breaks(after: seals[0]) == [AuditFinding(.sealRemoved, seal: 2)])
        #expect(
            seals[2].breaks(after: nil)
                == [AuditFinding(.sealRemoved, seal: 1), AuditFinding(.sealRemoved, seal: 2)])
        seals[1].previousHash = AuditSeal.noHash
        #expect(seals[1].breaks(after: seals[0]) == [AuditFinding(.chainBroken, seal: 2)])
    }

    @Test func `the marks of a seal are read as they were written`() {
        let marks = [AuditMark(position: 1, digest: Array(0..<32)), AuditMark(position: -2, digest: Array(9..<41))]
        #expect(AuditMark.decode(AuditMark.encode(marks)) == marks)
        #expect(AuditMark.decode(AuditMark.encode(marks).dropLast().map(\.self)) == [marks[0]])
        #expect(AuditMark.decode([]) == [])
    }
}

/// Numbers that are the same at each run.
private struct SplitMix: RandomNumberGenerator {
    var seed: UInt64

    mutating func next() -> UInt64 {
        seed &+= 0x9e37_79b9_7f4a_7c15
        var value = seed
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
