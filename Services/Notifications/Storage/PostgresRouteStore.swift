import Foundation
import Models
import Postgres
import ServiceKit

/// Sets of routes in PostgreSQL.
package struct PostgresRouteStore: RouteStore {
    private let pool: PostgresPool
    private let audit: AuditTrail

    /// Reads and writes through a pool, with entries in an audit trail.
    package init(pool: PostgresPool, audit: AuditTrail) {
        self.pool = pool
        self.audit = audit
    }

    private static let columns = """
        s.division, s.version, s.in_force, s.changed_at, r.event, r.state, r.audience, r.person_id, r.template,
        array_to_string(r.channels, ',') as channels
        """

    private static let source = """
        notify.route_sets s left join notify.routes r on r.division = s.division and r.version = s.version
        """

    package func find(_ division: String, version: Int?) async throws -> RouteSet? {
        try Self.sets(
            try await pool.query(
                """
                select \(unescaped: Self.columns) from \(unescaped: Self.source)
                where s.division = \(division)
                  and case when \(version == nil) then s.in_force else s.version = \(Int32(clamping: version ?? 0)) end
                order by r.place
                """
            ).rows
        ).first
    }

    package func inForce() async throws -> [RouteSet] {
        try Self.sets(
            try await pool.query(
                """
                select \(unescaped: Self.columns) from \(unescaped: Self.source)
                where s.in_force order by s.division, r.place
                """
            ).rows)
    }

    package func templateSlots() async throws -> [String: Set<MessageSlot>] {
        try await Self.templateSlots(pool.query(Self.templateQuery))
    }

    private static let templateQuery: PostgresStatement = """
        select code, title_zh, title_en, body_zh, body_en from notify.templates where in_force and channel = 'inApp'
        """

    private static func templateSlots(_ result: PostgresResult) throws -> [String: Set<MessageSlot>] {
        var slots: [String: Set<MessageSlot>] = [:]
        for row in result.rows { slots[try row.decode("code")] = try row.templateWords().slots }
        return slots
    }

    package func replace(
        _ division: String, _ routes: [MessageRoute], ifVersion version: Int?, at moment: Date
    ) async throws -> RouteSet {
        let audit = self.audit
        return try await pool.withTransaction { transaction in
            // One at a time for a division; of two first versions the second finds the first here.
            let results = try await transaction.pipeline([
                "select pg_advisory_xact_lock(hashtextextended('notify.route_sets ' || \(division), 0))",
                """
                select coalesce(max(version), 0)::int4 as version from notify.route_sets where division = \(division)
                """,
            ])
            let last = Int(try results[1].rows[0].decode("version", as: Int32.self))
            if let version, version != last { throw RoutesChanged() }
            let next = last + 1
            transaction.enqueue(
                "update notify.route_sets set in_force = false where division = \(division) and in_force")
            transaction.enqueue("update notify.routes set in_force = false where division = \(division) and in_force")
            transaction.enqueue(
                """
                insert into notify.route_sets (division, version, in_force, changed_at)
                values (\(division), \(Int32(next)), true, \(moment))
                """)
            transaction.enqueue(Self.insertion(of: routes, in: division, version: next))
            audit.record(
                [
                    AuditEntry(
                        .changed, "routes", id: "\(division).\(next)", divisionCode: division,
                        details: ["routes": .count(routes.count)])
                ], in: transaction)
            return RouteSet(division: division, version: next, isInForce: true, changedAt: moment, routes: routes)
        }
    }

    private static func insertion(of routes: [MessageRoute], in division: String, version: Int) -> PostgresStatement {
        PostgresStatement(
            """
            insert into notify.routes (division, version, place, in_force, event, state, audience, person_id, template,
                channels)
            select $1, $2::int4, r.place, true, r.event, r.state, r.audience, r.person_id, r.template,
                string_to_array(r.channels, ',')
            from unnest($3::text[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[]) with ordinality
                as r (event, state, audience, person_id, template, channels, place)
            """,
            [
                .text(division), .int4(Int32(version)), .textArray(routes.map(\.event.rawValue)),
                .textArray(routes.map(\.state)), .textArray(routes.map(\.audience.kind)),
                .uuidArray(routes.map(\.audience.person?.rawValue)), .textArray(routes.map(\.template)),
                .textArray(routes.map { $0.channels.map(\.rawValue).joined(separator: ",") }),
            ])
    }

    package func unaddressed(since day: CalendarDay) async throws -> [String: Int] {
        let rows = try await pool.query(
            "select reason, sum(events)::int8 as events from notify.unaddressed where day >= \(day.description)::text::date group by reason"
        ).rows
        var counts: [String: Int] = [:]
        for row in rows { counts[try row.decode("reason")] = try row.decode("events") }
        return counts
    }

    package func tryOut(_ news: News) async throws -> [TriedRoute] {
        // The people of all divisions are looked for, as they are when the event is real.
        let rows = try await RowScope.service { try await pool.query(try DeliveryStatements.tryOut(news)).rows }
        var found: [TriedRoute] = []
        var lastNamed: UUID?
        for row in rows {
            let audience: String = try row.decode("recipient")
            let named: UUID? = try row.decodeIfPresent("named")
            let person: PersonID? = try row.identifierIfPresent("person_id")
            if let last = found.last, last.audience == audience, lastNamed == named {
                if let person { found[found.count - 1].people.append(person) }
                continue
            }
            lastNamed = named
            found.append(
                TriedRoute(
                    audience: audience, template: try row.decodeIfPresent("template"),
                    templateVersion: try row.decodeIfPresent("template_version", as: Int32.self).map(Int.init),
                    channels: try row.decode("channels"), division: try row.decode("route_division"),
                    version: Int(try row.decode("route_version", as: Int32.self)), people: person.map { [$0] } ?? []))
        }
        return found
    }

    /// Rows with the columns above, those of a set in a row.
    private static func sets(_ rows: PostgresRows) throws -> [RouteSet] {
        var sets: [RouteSet] = []
        for row in rows {
            let division: String = try row.decode("division")
            let version = Int(try row.decode("version", as: Int32.self))
            if sets.last?.division != division || sets.last?.version != version {
                sets.append(
                    RouteSet(
                        division: division, version: version, isInForce: try row.decode("in_force"),
                        changedAt: try row.decode("changed_at"), routes: []))
            }
            // A set may be empty.
            guard try row.decodeIfPresent("event", as: String.self) != nil else { continue }
            sets[sets.count - 1].routes.append(try route(row))
        }
        return sets
    }

    private static func route(_ row: PostgresRow) throws -> MessageRoute {
        let person: PersonID? = try row.identifierIfPresent("person_id")
        return MessageRoute(
            event: try row.word("event"), state: try row.decodeIfPresent("state"),
            audience: try row.code("audience") { kind in
                person.map(Audience.person) ?? Audience(kind)
            },
            template: try row.decodeIfPresent("template"),
            channels: try row.decode("channels", as: String.self).split(separator: ",").compactMap {
                ChannelCode(rawValue: String($0))
            })
    }
}

extension Audience {
    fileprivate var person: PersonID? {
        if case .person(let person) = self { person } else { nil }
    }
}
