import CloudGatewayService
import Foundation
import Messaging
import Models
import Postgres
import ServiceKit
import Support
import Testing

/// A database with the gateway's tables, and its handler.
struct GatewayDatabase {
    let pool: PostgresPool
    let handler = CountyEventHandler(
        project: ProjectCountyChanges(), projection: { PostgresCountyProjection(transaction: $0) })

    /// Lends a fresh one to `body`.
    static func with(_ body: (GatewayDatabase) async throws -> Void) async throws {
        try await TestDatabase.with(named: "gateway") { database in
            let pool = try await database.migrated(.cloudGateway, CloudGateway.migrations).pool()
            try await RowScope.service { try await body(GatewayDatabase(pool: pool)) }
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    /// Applies events as one batch.
    func apply(_ payloads: [any EventPayload]) async throws {
        let events = try payloads.map { try Self.received($0) }
        try await pool.withTransaction { transaction in
            _ = try await handler.apply(events, in: transaction)
        }
    }

    /// The digest's counts.
    func counts(scope: ScopeFilter = .everything) async throws -> DigestCounts {
        try await PostgresDigestStore(executor: pool).counts(scope: scope)
    }

    static func received(_ payload: some EventPayload) throws -> ReceivedEvent {
        let event = try OutgoingEvent(payload, occurredAt: Date(timeIntervalSince1970: 1_627_689_600))
        return ReceivedEvent(
            envelope: EventEnvelope(
                id: event.id, source: "/tiaokuai/532923/test", type: event.type, time: event.occurredAt, key: event.key,
                divisionCode: event.divisionCode, traceparent: nil, lane: event.lane, number: 1, data: event.data),
            topic: event.topic)
    }
}

/// Facts of a made-up county.
enum CountyFixture {
    static func division(_ code: String) throws -> DivisionCode { try #require(DivisionCode(code)) }
    static func grid(_ code: String) throws -> GridCode { try #require(GridCode(code)) }
    static func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }

    static func community(_ number: Int, _ kind: CommunityKind) throws -> DivisionRegistered {
        let code = try division("532923100" + String(1000 + number).suffix(3))
        return DivisionRegistered(
            division: DivisionFacts(code: code, name: "示例社区\(number)", level: .community, kind: kind))
    }

    static func organisation(
        _ code: String, _ kind: PartyOrganisationKind, in division: String
    ) throws -> PartyOrganisationRegistered {
        PartyOrganisationRegistered(
            organisation: PartyOrganisationFacts(
                code: code, kind: kind, divisionCode: try Self.division(division)))
    }

    static func memberCount(_ code: String, day text: String = "2021-07-31", total: Int) throws -> MemberCountReported {
        MemberCountReported(
            count: MemberCountFacts(
                organisationCode: code, divisionCode: try division("532923100001"), asOf: try day(text), total: total,
                retired: 1, twoNew: 2, age35OrLess: 3, age60OrMore: 4, collegeOrAbove: 5))
    }

    static func talent(in code: String) throws -> TalentFacts {
        TalentFacts(talentID: .new(), divisionCode: try division(code))
    }

    static func staffed(_ grid: String, _ role: GridRole) throws -> GridAssignmentFacts {
        GridAssignmentFacts(
            assignmentID: .new(), gridCode: try Self.grid(grid), role: role,
            personID: role == .volunteerTeam ? nil : .new(), teamCode: role == .volunteerTeam ? "T01" : nil)
    }

    static func incident(
        _ id: IncidentID = .new(), grid code: String = "53292310000100101", _ function: GridFunction = .policyPublicity,
        state: IncidentState = .reported
    ) throws -> IncidentFacts {
        IncidentFacts(
            incidentID: id, number: "532923100001202105010001", gridCode: try grid(code), function: function,
            urgency: .ordinary, source: .resident, state: state, reportedAt: Date(timeIntervalSince1970: 1_620_000_000))
    }

    static func pairing(_ unit: UnifiedSocialCreditCode, _ target: String) throws -> PairingFacts {
        PairingFacts(
            pairingID: .new(), unitCode: unit, targetCode: try division(target), from: try day("2021-04-16"),
            to: try day("2022-04-15"))
    }

    static let units = ["11532923MB0000019D", "12532923MB00000275", "54532923MF000003X8"]

    static func unit(_ index: Int, members: Int) throws -> UnitFacts {
        UnitFacts(unitCode: try UnifiedSocialCreditCode(units[index]), kind: .government, memberCount: members)
    }
}
