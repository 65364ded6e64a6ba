import Messaging
import Models
import Postgres

/// Writes the audit trail of a service, `audit_trail.entries`, in the transaction of what it tells of (DESIGN 6).
///
/// Changes that go through the outbox are written down without a word of the service, see its conformance to
/// `OutboxCompanion`. What the service itself records: reads of personal data, and changes that say nothing to others.
package struct AuditTrail: Sendable {
    /// The service, which is the actor where no request is.
    package let service: ServiceName

    /// Makes the trail of a service.
    package init(service: ServiceName) { self.service = service }

    /// Writes entries in a transaction: they are there with its changes or not at all.
    ///
    /// They are sent with the next statement that is awaited, or with the commit.
    package func record(_ entries: [AuditEntry], in transaction: PostgresTransaction) {
        guard !entries.isEmpty else { return }
        transaction.enqueue(insertion(entries))
    }

    /// Writes an entry by itself, for reads: call it after the read and before the answer, so that nothing is shown that
    /// is not written down.
    ///
    /// - Throws: `PostgresError`; the read must fail then.
    package func record(_ entry: AuditEntry, with executor: any PostgresExecutor) async throws {
        _ = try await executor.query(insertion([entry]))
    }

    /// Writes down that personal data was shown: one entry a request, with how much of what, never of whom.
    ///
    /// - Parameters:
    ///   - objectType: the kind of object, in kebab case.
    ///   - id: the object, where one is shown.
    ///   - division: the division, or the prefix that was asked for.
    ///   - count: how many objects were shown.
    ///   - executor: what runs the statement.
    package func recordRead(
        of objectType: String, id: String? = nil, within division: String? = nil, count: Int,
        with executor: any PostgresExecutor
    ) async throws {
        try await record(
            AuditEntry(
                .read, objectType, id: id, divisionCode: division.map(Self.level(of:)),
                details: ["shown": .count(count)]), with: executor)
    }

    /// A prefix as far as its last whole level: other lengths are no division's, and could be somebody's number.
    private static func level(of prefix: String) -> String {
        String(prefix.prefix(DivisionPrefix.lengths.filter { $0 <= prefix.utf8.count }.max() ?? 0))
    }

    /// The statement that writes entries for the actor of the present task, to be sent together with others.
    package func insertion(_ entries: [AuditEntry]) -> PostgresStatement {
        let actor = Actor.current ?? Actor(kind: .service, subject: service.rawValue, operation: "background")
        let whoAndWhere: [PostgresValue] = [
            .text(actor.kind.rawValue), .text(actor.subject), .textArray(actor.roles), .text(actor.operation),
            Self.value(actor.purpose), Self.value(Self.traceID),
        ]
        return entries.count == 1
            ? Self.insertion(entries[0], whoAndWhere) : Self.insertion(entries, whoAndWhere)
    }

    private static let columns = """
        actor_kind, actor, roles, operation, purpose, trace_id, action, object_type, object_id, division_code, details
        """

    /// Most requests write one entry, which needs no arrays.
    private static func insertion(_ entry: AuditEntry, _ whoAndWhere: [PostgresValue]) -> PostgresStatement {
        PostgresStatement(
            """
            insert into audit_trail.entries (\(columns))
            values ($1, $2, $3::text[], $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            whoAndWhere + [
                .text(entry.action.rawValue), .text(entry.objectType), value(entry.objectID), value(entry.divisionCode),
                .text(entry.details.json),
            ])
    }

    /// One statement for any number of entries; the ordinality keeps their order in the positions.
    private static func insertion(_ entries: [AuditEntry], _ whoAndWhere: [PostgresValue]) -> PostgresStatement {
        PostgresStatement(
            """
            insert into audit_trail.entries (\(columns))
            select $1, $2, $3::text[], $4, $5, $6, e.action, e.object_type, e.object_id, e.division_code, e.details
            from unnest($7::text[], $8::text[], $9::text[], $10::text[], $11::text[]) with ordinality
                 as e (action, object_type, object_id, division_code, details, place)
            order by e.place
            """,
            whoAndWhere + [
                .textArray(entries.map(\.action.rawValue)), .textArray(entries.map(\.objectType)),
                .textArray(entries.map(\.objectID)), .textArray(entries.map(\.divisionCode)),
                .textArray(entries.map(\.details.json)),
            ])
    }

    private static func value(_ text: String?) -> PostgresValue { text.map { .text($0) } ?? .null }

    private static var traceID: String? {
        TraceContext.traceparent.flatMap { Traceparent($0) }?.traceID
    }
}

extension AuditTrail: OutboxCompanion {
    /// One entry for each event of a change; one for a page of statements of the present, which change nothing.
    package func accompany(
        _ events: [OutgoingEvent], on occasion: OutboxOccasion, in transaction: PostgresTransaction
    ) {
        record(Self.entries(for: events, on: occasion), in: transaction)
    }

    /// The entries that tell of events.
    package static func entries(for events: [OutgoingEvent], on occasion: OutboxOccasion) -> [AuditEntry] {
        switch occasion {
        case .change:
            events.map { event in
                AuditEntry(
                    .changed, event.topic.aggregate, id: event.key, divisionCode: event.divisionCode,
                    details: ["event": .code(name(of: event.type))])
            }
        case .announcement:
            Dictionary(grouping: events, by: \.topic.aggregate).sorted { $0.key < $1.key }.map { aggregate, events in
                AuditEntry(.stated, aggregate, details: ["events": .count(events.count)])
            }
        }
    }

    /// One entry for each act of an operator.
    package func accompany(_ act: OperatorAct, in transaction: PostgresTransaction) {
        record([Self.entry(for: act)], in: transaction)
    }

    /// The entry that tells of an operator's act; the reason that he gave stands with the parked event.
    package static func entry(for act: OperatorAct) -> AuditEntry {
        switch act {
        case .skippedParked(let id): AuditEntry(.changed, "parked-event", id: "\(id)", details: ["act": .code("skip")])
        case .appliedParked(let id, let reader):
            AuditEntry(
                .changed, "parked-event", id: "\(id)", details: ["act": .code("retry"), "reader": .code(reader)])
        case .closedDays(let day):
            AuditEntry(.changed, "outbox-days", id: day.description, details: ["act": .code("close")])
        }
    }

    /// The event's name in its CloudEvents type, `cn.tiaokuai.<service>.<Event>.v<version>`.
    private static func name(of type: String) -> String {
        String(type.split(separator: ".").dropLast().last ?? Substring(type))
    }
}
