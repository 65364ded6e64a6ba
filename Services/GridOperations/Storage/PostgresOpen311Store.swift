import Foundation
import Models
import Postgres
import ServiceKit

/// What came over Open311 in PostgreSQL.
///
/// Its readers are everybody, who have no scope: the statements join `grid.open311_requests` and show nothing else.
package struct PostgresOpen311Store: Open311Store {
    private let pool: PostgresPool
    private let audit: AuditTrail

    /// Reads and writes through a pool, with entries in an audit trail.
    package init(pool: PostgresPool, audit: AuditTrail) {
        self.pool = pool
        self.audit = audit
    }

    package func requests(_ query: Open311Query, limit: Int) async throws -> [Open311Request] {
        let states =
            query.isOpen.map { IncidentState.states(openByOpen311: $0) } ?? Array(IncidentState.allCases)
        let statement: PostgresStatement =
            query.numbers.isEmpty
            ? """
            select \(unescaped: Self.columns) from (
                select \(unescaped: Self.request) from grid.open311_requests
                where requested_at >= \(query.span.lowerBound) and requested_at <= \(query.span.upperBound)
                  and grid_code ^@ \(query.gridPrefix)
            ) r \(unescaped: Self.joins)
            where i.state = any(\(states.map(\.rawValue)))
              and (cardinality(\(query.categories)::text[]) = 0 or i.category = any(\(query.categories)))
            order by r.requested_at desc, r.request_id desc limit \(limit)
            """
            : """
            select \(unescaped: Self.columns) from (
                select \(unescaped: Self.request) from grid.open311_requests
                where number = any(\(query.numbers)) and grid_code ^@ \(query.gridPrefix)
            ) r \(unescaped: Self.joins)
            order by r.requested_at desc, r.request_id desc limit \(limit)
            """
        return try await RowScope.service { try await pool.query(statement).rows.map(Open311Request.init) }
    }

    private static let request = "incident_id as request_id, requested_at, key_id, media_url, address, address_id"
    private static let columns =
        "\(IncidentColumns.list), r.key_id, r.media_url, r.address, r.address_id, s.stepped_at, c.due_at"
    private static let joins = """
        join grid.incidents i on i.id = r.request_id
        left join lateral (
            select at as stepped_at from grid.incident_steps where incident_id = r.request_id order by version desc limit 1
        ) s on true
        left join lateral (
            select min(due_at) as due_at from grid.clocks
            where incident_id = r.request_id and kind in ('response', 'resolve') and state = 'running'
        ) c on true
        """

    package func number(of incident: IncidentID) async throws -> String? {
        try await RowScope.service {
            try await pool.query(
                "select number from grid.open311_requests where incident_id = \(incident.rawValue)"
            ).rows.first?.decode("number")
        }
    }

    package func updates(
        in span: ClosedRange<Date>, gridPrefix: String, key: Open311KeyID?, limit: Int
    ) async throws -> [Open311Update] {
        try await RowScope.service {
            try await pool.query(
                """
                select u.id, r.number, u.at, u.state, u.key_id, u.description, u.media_url
                from grid.open311_updates u join grid.open311_requests r using (incident_id)
                where u.at >= \(span.lowerBound) and u.at <= \(span.upperBound) and u.grid_code ^@ \(gridPrefix)
                  and (u.key_id is null or u.key_id = \(key?.rawValue))
                order by u.at, u.id limit \(limit)
                """
            ).rows.map(Open311Update.init)
        }
    }

    package func add(
        _ update: Open311UpdateDraft.Update, of key: Open311KeyID, scope: ScopeFilter
    ) async throws -> Int64? {
        try await pool.withTransaction { transaction in
            // What was sent before keeps what it said.
            let rows = try await transaction.query(
                """
                insert into grid.open311_updates as u (
                    incident_id, grid_code, at, state, key_id, client_update_id, description, media_url)
                select i.id, i.grid_code, \(update.at), i.state, \(key.rawValue), \(update.clientUpdateID),
                       \(update.description), \(update.mediaURL)
                from grid.open311_requests r join grid.incidents i on i.id = r.incident_id
                where r.number = \(update.number) and \(scope: scope, on: "r.grid_code")
                on conflict (key_id, client_update_id) do update set client_update_id = u.client_update_id
                returning id, (xmax = 0) as is_new
                """
            ).rows
            guard let row = rows.first else { return nil }
            let id: Int64 = try row.decode("id")
            let action: AuditAction = try row.decode("is_new", as: Bool.self) ? .changed : .repeated
            audit.record([AuditEntry(action, "open311-update", id: "\(id)")], in: transaction)
            return id
        }
    }

    package func particulars(
        of incident: IncidentID, scope: ScopeFilter, limit: Int
    ) async throws -> (origin: Open311Origin, number: String, updates: [Open311Update])? {
        let request = try await pool.query(
            """
            select key_id, media_url, address, address_id, number from grid.open311_requests
            where incident_id = \(incident.rawValue) and \(scope: scope, on: "grid_code")
            """
        ).rows.first
        guard let request else { return nil }
        let number: String = try request.decode("number")
        let updates = try await pool.query(
            """
            select id, \(number) as number, at, state, key_id, description, media_url from grid.open311_updates
            where incident_id = \(incident.rawValue) and \(scope: scope, on: "grid_code")
            order by id limit \(limit)
            """
        ).rows.map(Open311Update.init)
        return (try Open311Origin(request), number, updates)
    }

    /// Grids are the public map.
    package func middle(of grid: String) async throws -> Position? {
        let rows = try await pool.query(
            """
            select st_x(p.middle) as longitude, st_y(p.middle) as latitude
            from (select st_pointonsurface(boundary) as middle from grid.grids where code = \(grid)) p
            where p.middle is not null
            """
        ).rows
        return try rows.first.flatMap {
            Position(longitude: try $0.decode("longitude"), latitude: try $0.decode("latitude"))
        }
    }

    package func hasDivision(_ code: String) async throws -> Bool {
        try await pool.query("select 1 as one from grid.divisions where code = \(code)").rows.isEmpty == false
    }
}

extension Open311Request {
    fileprivate init(_ row: PostgresRow) throws {
        let incident = try Incident(row)
        let steppedAt = try row.decodeIfPresent("stepped_at", as: Date.self)?.wholeMilliseconds
        self.init(
            incident: incident, origin: try Open311Origin(row),
            updatedAt: incident.closedAt ?? steppedAt ?? incident.report.reportedAt,
            dueAt: try row.decodeIfPresent("due_at", as: Date.self)?.wholeMilliseconds)
    }
}
