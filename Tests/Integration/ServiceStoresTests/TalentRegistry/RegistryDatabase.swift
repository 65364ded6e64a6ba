import Foundation
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import TalentRegistryService
import Testing

/// A database with the talent registry's tables, its stores and a clock that stands still.
struct RegistryDatabase {
    static let moment = Date(timeIntervalSince1970: 1_627_800_000)
    /// Keys that protect nothing: of 32 equal bytes each.
    private static let keys = """
        {"current": "a", "keys": {"a": "\(Data(repeating: 1, count: 32).base64EncodedString())"},
         "lookup": "\(Data(repeating: 2, count: 32).base64EncodedString())"}
        """

    let pool: PostgresPool
    let outbox: Outbox
    let organisations: PostgresPartyOrganisationStore
    let talents: PostgresTalentStore

    var register: RegisterPartyOrganisations {
        RegisterPartyOrganisations(store: organisations, now: { Self.moment })
    }
    var report: ReportMemberCounts { ReportMemberCounts(store: organisations, now: { Self.moment }) }
    var list: ListTalents { ListTalents(store: talents, now: { Self.moment }) }

    /// Lends a fresh one to `body`, with the urban communities …001 and …002 and the village …003 known.
    static func with(_ body: (RegistryDatabase) async throws -> Void) async throws {
        let cipher = AESFieldCipher(keys: try FieldKeys(json: keys))
        try await TestDatabase.with(named: "registry") { database in
            let pool = try await database.migrated(.talentRegistry, TalentRegistry.migrations).pool()
            let audit = AuditTrail(service: .talentRegistry)
            let outbox = Outbox(pool: pool, companion: audit)
            let registry = RegistryDatabase(
                pool: pool, outbox: outbox,
                organisations: PostgresPartyOrganisationStore(pool: pool, outbox: outbox, audit: audit),
                talents: PostgresTalentStore(pool: pool, outbox: outbox, audit: audit, cipher: cipher))
            try await RowScope.service {
                try await registry.learn([
                    ("532923100", nil), ("532923100001", .urbanCommunity), ("532923100002", .convertedFromVillage),
                    ("532923100003", .administrativeVillage),
                ])
                try await body(registry)
            }
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    /// Learns divisions by way of the reader of the topic.
    func learn(_ divisions: [(code: String, kind: CommunityKind?)]) async throws {
        let reader = DivisionReader(divisions: .talent)
        let events = try divisions.map { division in
            let code = try #require(DivisionCode(division.code))
            let facts = DivisionFacts(code: code, name: "某地", level: code.level, kind: division.kind)
            return try Self.received(DivisionRegistered(division: facts))
        }
        try await pool.withTransaction { transaction in
            _ = try await reader.apply(events, in: transaction)
        }
    }

    /// The outbox as pairs of event name and key, in the order of positions.
    func events() async throws -> [String] {
        try await pool.query("select type, key from messaging.outbox order by position").rows.map { row in
            let type = try row.decode("type", as: String.self).split(separator: ".")
            return "\(type[type.count - 2]) \(try row.decode("key", as: String.self))"
        }
    }

    /// The rows of a table.
    func count(_ table: String) async throws -> Int {
        try #require(
            try await pool.query("select count(*) as n from \(unescaped: table)").rows.first
        ).decode("n")
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
enum RegistryFixture {
    /// An identity number that belongs to nobody, with its check character.
    static func identityNumber(_ index: Int) -> String {
        let body = "990000" + String(1960 + index / 1000) + "0609" + String(1000 + index % 1000).suffix(3)
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
        return body + String(Array("10X98765432")[sum % 11])
    }

    static func mobile(_ index: Int) -> String { "154" + String(100_000_000 + index).suffix(8) }

    static func talent(_ index: Int, in division: String = "532923100001", skill: String = "环卫") -> TalentDraft {
        var draft = TalentDraft()
        draft.identityNumber = identityNumber(index)
        draft.name = "欧阳春梅"
        draft.gender = "女"
        draft.mobile = mobile(index)
        draft.divisionCode = division
        draft.category = "专业技术人员"
        draft.education = "本科"
        draft.residence = "县内"
        draft.skill = skill
        draft.willingness = "愿意"
        return draft
    }

    static func talents(_ range: Range<Int>, in division: String = "532923100001") -> [Numbered<TalentDraft>] {
        range.map { Numbered(row: $0 + 2, talent($0, in: division)) }
    }

    static func organisation(
        _ code: String, _ kind: String, under parent: String? = nil, in division: String = "532923100001"
    ) -> PartyOrganisationDraft {
        PartyOrganisationDraft(
            code: code, name: "党组织" + code, kind: kind, parentCode: parent, divisionCode: division)
    }

    static func count(_ code: String, total: Int, asOf: String = "2021-07-31") -> MemberCountDraft {
        MemberCountDraft(
            organisationCode: code, asOf: asOf, total: total, retired: 1, twoNew: 2, age35OrLess: 3, age60OrMore: 4,
            collegeOrAbove: 5)
    }
}
