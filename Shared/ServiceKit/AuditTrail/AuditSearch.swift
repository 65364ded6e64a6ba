import Foundation
import Models
import Postgres

/// What is looked for in the audit trail; all of it must fit.
package struct AuditQuery: Sendable, Equatable {
    /// The subject of the token, or a service's name.
    package var actor: String?
    /// The id or code of an object.
    package var object: String?
    /// The earliest time.
    package var from: Date?
    /// The time before which it was.
    package var to: Date?

    /// Looks for everything, until fields are set.
    package init(actor: String? = nil, object: String? = nil, from: Date? = nil, to: Date? = nil) {
        self.actor = actor
        self.object = object
        self.from = from
        self.to = to
    }

    /// What the search itself leaves in the trail, beside how much it found.
    func entry(found count: Int) -> AuditEntry {
        var details: AuditDetails = ["entries": .count(count)]
        details.add("actor", actor)
        details.add("from", from.map { RFC3339.format($0) })
        details.add("to", to.map { RFC3339.format($0) })
        return AuditEntry(.read, "audit-trail", id: object, details: details)
    }
}

/// An entry as a search shows it.
package struct FoundAuditEntry: Sendable, Encodable {
    /// Its place in the trail.
    package let position: Int64
    /// When it was written.
    package let at: Date
    /// Person, service or anonymous.
    package let actorKind: String
    /// The subject of the token, or a service's name.
    package let actor: String
    /// The roles by which it was allowed.
    package let roles: [String]
    /// Method and path of the route, or the name of a job.
    package let operation: String
    /// The purpose that the caller gave.
    package let purpose: String?
    /// What was done, see `AuditAction`.
    package let action: String
    /// The kind of object.
    package let objectType: String
    /// The object's id or code.
    package let object: String?
    /// The division that it belongs to.
    package let divisionCode: String?
    /// The trace of the request.
    package let traceID: String?
    /// Counts and codes, a JSON object as text.
    package let details: String
}

/// Finds entries of the audit trail.
package struct AuditSearch: Sendable {
    private let executor: any PostgresExecutor

    /// Searches a service's own database.
    package init(executor: any PostgresExecutor) { self.executor = executor }

    /// The newest entries that fit, by position: greatest first.
    ///
    /// - Parameters:
    ///   - query: what is looked for.
    ///   - position: only entries before this one; nil to start.
    ///   - limit: how many at most.
    package func find(_ query: AuditQuery, before position: Int64?, limit: Int) async throws -> [FoundAuditEntry] {
        // Statements of their own with actor and object, so that each has a plan that walks its own index.
        var conditions = ""
        var parameters: [PostgresValue] = [
            .timestamptz(query.from ?? Self.earliest), .timestamptz(query.to ?? Self.latest), .int8(position ?? .max),
            .int8(Int64(limit)),
        ]
        for (column, text) in [("actor", query.actor), ("object_id", query.object)] {
            guard let text else { continue }
            parameters.append(.text(text))
            conditions += " and \(column) = $\(parameters.count)"
        }
        // The months are for the partitions: an entry's month is read from the clock right before its time.
        return try await executor.query(
            PostgresStatement(
                """
                select position, at, actor_kind, actor, roles, operation, purpose, action, object_type, object_id,
                       division_code, trace_id, details
                from audit_trail.entries
                where at >= $1 and at < $2 and position < $3\(conditions)
                  and month >= date_trunc('month', ($1 - interval '1 day') at time zone 'UTC')::date
                  and month <= ($2 at time zone 'UTC')::date
                order by position desc limit $4
                """, parameters)
        ).rows.map(Self.entry)
    }

    /// Before the suite, and long after it.
    private static let earliest = Date(timeIntervalSince1970: 0)
    private static let latest = Date(timeIntervalSince1970: 7_258_118_400)

    private static func entry(_ row: PostgresRow) throws -> FoundAuditEntry {
        FoundAuditEntry(
            position: try row.decode("position"), at: try row.decode("at"),
            actorKind: try row.decode("actor_kind"), actor: try row.decode("actor"), roles: try row.decode("roles"),
            operation: try row.decode("operation"), purpose: try row.decodeIfPresent("purpose"),
            action: try row.decode("action"), objectType: try row.decode("object_type"),
            object: try row.decodeIfPresent("object_id"), divisionCode: try row.decodeIfPresent("division_code"),
            traceID: try row.decodeIfPresent("trace_id"), details: try row.decode("details"))
    }
}
