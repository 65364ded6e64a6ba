import Foundation
import Messaging
import Models
import NotificationsService
import Postgres
import ServiceKit
import Support
import Testing

/// A database with the tables of notifications, its handler and a clock that stands still.
struct NotificationsDatabase {
    static let moment = Date(timeIntervalSince1970: 1_700_000_000)

    let pool: PostgresPool
    let store: PostgresInboxStore

    /// Who is told of what.
    var routes: PostgresRouteStore { PostgresRouteStore(pool: pool, audit: AuditTrail(service: .notifications)) }
    /// The words.
    var templates: PostgresTemplateStore {
        PostgresTemplateStore(pool: pool, audit: AuditTrail(service: .notifications))
    }

    /// Lends a fresh one to `body`.
    static func with(_ body: (NotificationsDatabase) async throws -> Void) async throws {
        try await TestDatabase.with(named: "notifications") { database in
            let pool = try await database.migrated(.notifications, Notifications.migrations).pool()
            try await RowScope.service {
                try await body(
                    NotificationsDatabase(
                        pool: pool, store: PostgresInboxStore(pool: pool, audit: AuditTrail(service: .notifications))))
            }
            await pool.shutdown(deadline: .seconds(5))
        }
    }

    /// Applies events as one batch, at a time.
    func apply(_ payloads: [any EventPayload], at moment: Date = Self.moment) async throws {
        try await apply(try payloads.map { try Self.received($0) }, at: moment)
    }

    /// Applies events as one batch, at a time.
    func apply(_ events: [ReceivedEvent], at moment: Date = Self.moment) async throws {
        let handler = handler(at: moment)
        try await pool.withTransaction { transaction in
            _ = try await handler.apply(events, in: transaction)
        }
    }

    /// The service's handler, with a clock that shows `moment`.
    func handler(at moment: Date = Self.moment) -> GridNewsHandler {
        GridNewsHandler(
            keepStaffing: KeepGridStaffing(now: { moment }),
            tell: TellNews(waitMax: .seconds(86_400), now: { moment }),
            forget: ForgetReporters(now: { moment }), watcher: InboxWatcher(store: store),
            ledger: { PostgresDeliveryLedger(transaction: $0) })
    }

    /// Settles what waits.
    func settle(at moment: Date = Self.moment) async throws -> Bool {
        try await PostgresWaitingDeliveries(pool: pool).settle(at: moment)
    }

    /// A person's messages as `template number`, oldest first.
    func messages(of person: PersonID) async throws -> [String] {
        try await store.following(0, of: person, limit: 10_000).map {
            "\($0.template) \($0.slots[.number] ?? $0.subject.rawValue)"
        }
    }

    /// How many rows are in a state, for a reason if one is given.
    func outcomes(_ state: String, reason: String = "") async throws -> Int {
        try await pool.query(
            """
            select count(*) as outcomes from notify.deliveries
            where state = \(state) and coalesce(reason, '') = \(reason)
            """
        ).rows.first?.decode("outcomes") ?? 0
    }

    /// How many events were counted that nobody was told of.
    func unaddressed(_ reason: String) async throws -> Int {
        try await pool.query(
            "select coalesce(sum(events), 0)::int8 as events from notify.unaddressed where reason = \(reason)"
        ).rows.first?.decode("events") ?? 0
    }

    static func received(_ payload: some EventPayload) throws -> ReceivedEvent {
        let event = try OutgoingEvent(payload, occurredAt: moment)
        return ReceivedEvent(
            envelope: EventEnvelope(
                id: event.id, source: "/tiaokuai/532923/test", type: event.type, time: event.occurredAt, key: event.key,
                divisionCode: event.divisionCode, traceparent: nil, lane: event.lane, number: 1, data: event.data),
            topic: event.topic)
    }
}

/// Facts of a made-up grid.
enum GridNewsFixture {
    static func worker(_ person: PersonID, in area: String = "532923100001001") throws -> GridAssignmentFacts {
        GridAssignmentFacts(
            assignmentID: .new(), gridCode: try #require(GridCode(area)), role: .gridWorker, personID: person)
    }

    static func incident(
        _ number: String = "1", grid code: String = "53292310000100101", reporter: PersonID? = nil,
        isHistorical: Bool = false
    ) throws -> IncidentFacts {
        IncidentFacts(
            incidentID: .new(), number: number, gridCode: try #require(GridCode(code)), function: .disputeMediation,
            urgency: .ordinary, source: .resident, state: .reported, reportedAt: NotificationsDatabase.moment,
            reporterID: reporter, isHistorical: isHistorical)
    }
}
