import CommunityPairingService
import Foundation
import Messaging
import Models
import Postgres
import Testing

@Suite(.timeLimit(.minutes(2))) struct PairingStoreTests {
    @Test func `enrolling the same units again changes nothing and says nothing`() async throws {
        try await PairingDatabase.with { database in
            #expect(try await database.enrol(PairingFixture.units(0..<81)).tally == ["accepted": 81])
            #expect(try await database.enrol(PairingFixture.units(0..<81)).tally == ["unchanged": 81])
            #expect(try await database.events() == Array(repeating: "UnitEnrolled", count: 81))
            let views = try await database.units.units(after: nil, limit: 100)
            #expect(views.count == 81)
            #expect(views.first?.unit.strengths == ["教育", "养老"])
            #expect(views.first?.maskedContactName == "贾*")
            #expect(views.first?.maskedContactMobile == "154****3139")
            let rest = try await database.units.units(after: views[79].unit.code.text, limit: 100)
            #expect(rest.map(\.unit.code) == [views[80].unit.code])
        }
    }

    @Test func `another contact is stored in silence, another count is told`() async throws {
        try await PairingDatabase.with { database in
            _ = try await database.enrol(PairingFixture.units(0..<1))
            let called = [Numbered(row: 2, PairingFixture.unit(0, mobile: "13812345678"))]
            #expect(try await database.enrol(called).tally == ["accepted": 1])
            #expect(try await database.enrol(called).tally == ["unchanged": 1])
            #expect(try await database.events() == ["UnitEnrolled"])
            let grown = [Numbered(row: 2, PairingFixture.unit(0, members: 31, mobile: "13812345678"))]
            #expect(try await database.enrol(grown).tally == ["accepted": 1])
            #expect(try await database.events() == ["UnitEnrolled", "UnitChanged"])
            let view = try #require(try await database.units.units(after: nil, limit: 1).first)
            #expect(view.unit.memberCount == 31 && view.maskedContactMobile == "138****5678")
        }
    }

    @Test func `contacts do not lie in the database in the clear`() async throws {
        try await PairingDatabase.with { database in
            _ = try await database.enrol(PairingFixture.units(0..<2))
            let texts = try await database.pool.query(
                """
                select u::text as text from pairing.units u
                union all select convert_from(data, 'UTF8') from messaging.outbox
                """
            ).rows.map { try $0.decode("text", as: String.self) }
            #expect(texts.count == 4)
            for value in ["贾柏", "15492203139"] {
                let hexadecimal = value.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                #expect(!texts.contains { $0.contains(value) || $0.contains(hexadecimal) })
            }
        }
    }

    @Test func `pairings need both ends, and the same again is unchanged`() async throws {
        try await PairingDatabase.with { database in
            _ = try await database.enrol(PairingFixture.units(0..<2))
            let rows = [
                Numbered(row: 2, PairingFixture.pairing(0)),
                Numbered(row: 3, PairingFixture.pairing(1, target: "532923100002")),
                Numbered(row: 4, PairingFixture.pairing(7)),
                Numbered(row: 5, PairingFixture.pairing(1, target: "532923100009")),
            ]
            let tally = ["accepted": 2, "unitCode:reference-unknown": 1, "targetCode:reference-unknown": 1]
            #expect(try await database.activate(rows).tally == tally)
            #expect(try await database.activate(Array(rows[..<2])).tally == ["unchanged": 2])
            let longer = [Numbered(row: 2, PairingFixture.pairing(0, to: "2023-04-15"))]
            #expect(try await database.activate(longer).tally == ["accepted": 1])
            #expect(
                try await database.events().suffix(3) == ["PairingActivated", "PairingActivated", "PairingChanged"])
        }
    }

    @Test func `requests at the same time pair a unit and a target once`() async throws {
        try await PairingDatabase.with { database in
            let enrol = database.enrol
            let activate = database.activate
            let units = PairingFixture.units(0..<50)
            let pairings = (0..<50).map { Numbered(row: $0, PairingFixture.pairing($0)) }
            let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        let isEven = worker.isMultiple(of: 2)
                        let enrolled = try await enrol(isEven ? units : units.reversed()).tally["accepted"] ?? 0
                        let paired = try await activate(isEven ? pairings : pairings.reversed()).tally["accepted"] ?? 0
                        return enrolled + paired
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(accepted == 100)
            #expect(try await database.events().count == 100)
        }
    }

    @Test func `pairings are listed by target and by unit`() async throws {
        try await PairingDatabase.with { database in
            _ = try await database.enrol(PairingFixture.units(0..<3))
            let targets = ["532923100001", "532923100002", "532923100003"]
            let rows = (0..<9).map { Numbered(row: $0, PairingFixture.pairing($0 / 3, target: targets[$0 % 3])) }
            _ = try await database.activate(rows)
            let unit = try UnifiedSocialCreditCode(PairingFixture.creditCode(1))
            let ofUnit = try await database.pairings.pairings(within: "", of: unit, after: nil, limit: 10)
            #expect(ofUnit.map(\.terms.targetCode.digits) == targets)
            #expect(try await database.pairings.pairings(within: targets[1], of: nil, after: nil, limit: 10).count == 3)
            let first = try await database.pairings.pairings(within: "", of: nil, after: nil, limit: 5)
            let last = try #require(first.last?.terms)
            let position = PairingPosition(targetCode: last.targetCode.digits, unitCode: last.unitCode.text)
            let second = try await database.pairings.pairings(within: "", of: nil, after: position, limit: 5)
            #expect(Set((first + second).map(\.id)).count == 9)
        }
    }

    @Test func `late readers are told of every unit and pairing once`() async throws {
        try await PairingDatabase.with { database in
            _ = try await database.enrol(PairingFixture.units(0..<25))
            _ = try await database.activate((0..<25).map { Numbered(row: $0, PairingFixture.pairing($0)) })
            let units = PageAnnouncer.units(now: { PairingDatabase.moment })
            let pairings = PageAnnouncer.pairings(now: { PairingDatabase.moment })
            for topic in [Topic.unit, .pairing] {
                var keys: [String] = []
                var cursor: String?
                repeat {
                    let present = cursor
                    let page = try await database.pool.withTransaction { transaction in
                        topic == .unit
                            ? try await units.announce(topic, after: present, limit: 10, in: transaction)
                            : try await pairings.announce(topic, after: present, limit: 10, in: transaction)
                    }
                    keys += page.events.map(\.key)
                    cursor = page.cursor
                } while cursor != nil
                #expect(keys.count == 25 && Set(keys).count == 25)
                #expect(keys == keys.sorted())
            }
        }
    }
}
