import CommunityPairingService
import Foundation
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// A database with the tables of community pairing, its stores and a clock that stands still.
struct PairingDatabase {
    static let moment = Date(timeIntervalSince1970: 1_627_800_000)
    /// Keys that protect nothing: of 32 equal bytes each.
    private static let keys = """
        {"current": "a", "keys": {"a": "\(Data(repeating: 1, count: 32).base64EncodedString())"},
         "lookup": "\(Data(repeating: 2, count: 32).base64EncodedString())"}
        """

    let pool: PostgresPool
    let units: PostgresUnitStore
    let pairings: PostgresPairingStore

    var enrol: EnrolUnits { EnrolUnits(store: units, now: { Self.moment }) }
    var activate: ActivatePairings { ActivatePairings(store: pairings, now: { Self.moment }) }

    /// Lends a fresh one to `body`, with the communities …001 to …003 known.
    static func with(_ body: (PairingDatabase) async throws -> Void) async throws {
        let cipher = AESFieldCipher(keys: try FieldKeys(json: keys))
        try await TestDatabase.with(named: "pairing") { database in
            let pool = try await database.migrated(.communityPairing, CommunityPairing.migrations).pool()
            let audit = AuditTrail(service: .communityPairing)
            let outbox = Outbox(pool: pool, companion: audit)
            let pairing = PairingDatabase(
                pool: pool, units: PostgresUnitStore(pool: pool, outbox: outbox, audit: audit, cipher: cipher),
                pairings: PostgresPairingStore(pool: pool, outbox: outbox))
            try await RowScope.service {
                try await pairing.learn((1...3).map { "53292310000\($0)" })
                try await body(pairing)
            }
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    /// Learns villages by way of the reader of the topic.
    func learn(_ codes: [String]) async throws {
        let reader = DivisionReader(divisions: .pairing)
        let events = try codes.map { digits in
            let code = try #require(DivisionCode(digits))
            let facts = DivisionFacts(code: code, name: "某村", level: code.level, kind: .administrativeVillage)
            return try Self.received(DivisionStated(division: facts))
        }
        try await pool.withTransaction { transaction in
            _ = try await reader.apply(events, in: transaction)
        }
    }

    /// The names of the events in the outbox, in the order of positions.
    func events() async throws -> [String] {
        try await pool.query("select type from messaging.outbox order by position").rows.map { row in
            let type = try row.decode("type", as: String.self).split(separator: ".")
            return String(type[type.count - 2])
        }
    }

    static func received(_ payload: some EventPayload) throws -> ReceivedEvent {
        let event = try OutgoingEvent(payload, occurredAt: moment)
        return ReceivedEvent(
            envelope: EventEnvelope(
                id: event.id, source: "/tiaokuai/532923/test", type: event.type, time: event.occurredAt,
                key: event.key, divisionCode: event.divisionCode, traceparent: nil, lane: event.lane, number: 1,
                data: event.data),
            topic: event.topic)
    }
}

/// Rows of a made-up county.
enum PairingFixture {
    /// A unified social credit code with its check character.
    static func creditCode(_ index: Int) -> String {
        let signs = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
        let body = "11990000" + String(1_000_000_000 + index).suffix(9)
        var weight = 1
        var sum = 0
        for character in body {
            sum += (signs.firstIndex(of: character) ?? 0) * weight
            weight = weight * 3 % 31
        }
        return body + String(signs[(31 - sum % 31) % 31])
    }

    static func unit(_ index: Int, members: Int = 30, mobile: String = "15492203139") -> UnitDraft {
        UnitDraft(
            code: creditCode(index), name: "祥云县银行\(index)单位", kind: "国有企业", strengths: ["教育", "养老"],
            memberCount: members, contactName: "贾柏", contactMobile: mobile)
    }

    static func units(_ range: Range<Int>) -> [Numbered<UnitDraft>] { range.map { Numbered(row: $0 + 2, unit($0)) } }

    static func pairing(_ index: Int, target: String = "532923100001", to: String = "2022-04-15") -> PairingDraft {
        PairingDraft(unitCode: creditCode(index), targetCode: target, from: "2021-04-16", to: to)
    }
}
