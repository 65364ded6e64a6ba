import Foundation
import Models
import Postgres
import ServiceKit

/// Lists of incidents in PostgreSQL, each along its index.
package struct PostgresIncidentLists: IncidentListing {
    private let pool: PostgresPool
    private let audit: AuditTrail

    /// Reads from a pool, with an entry in the audit trail where reporters are shown.
    package init(pool: PostgresPool, audit: AuditTrail) {
        self.pool = pool
        self.audit = audit
    }

    package func list(
        _ query: IncidentQuery, scope: ScopeFilter, after place: ListPlace?, at moment: Date, limit: Int
    ) async throws -> [ListedIncident] {
        var listed: [ListedIncident] = []
        for statement in Self.statements(query, scope: scope, after: place, at: moment, limit: limit) {
            listed += try await pool.query(statement).rows.map(query.item)
            if listed.count >= limit { break }
        }
        if case .search(let terms, let prefix) = query, let own = scope.own.flatMap({ PersonID($0) }) {
            let reports = try await pool.query(Self.search(terms, prefix, ofReporter: own, place?.report, limit)).rows
            listed = Self.united(listed, try reports.map(query.item), limit: limit)
        }
        try await audit.recordReporters(of: listed.map(\.incident), id: nil, within: query.gridPrefix, with: pool)
        return listed
    }

    /// What a list asks the database, each statement only if those before it have not filled the page.
    package static func statements(
        _ query: IncidentQuery, scope: ScopeFilter, after place: ListPlace?, at moment: Date, limit: Int
    ) -> [PostgresStatement] {
        switch query {
        case .filed(let filter): [PostgresIncidentStore.list(filter, scope: scope, before: place?.report, limit: limit)]
        case .handled(let person): [handled(by: person, scope, place?.report, limit)]
        case .reported(let person): [reported(by: person, scope, place?.report, limit)]
        case .lying(let organisation): [lying(with: organisation, scope, place?.report, limit)]
        case .due(let due, let prefix): [Self.due(due.window(at: moment), prefix, scope, after: place, limit)]
        case .search(let terms, let prefix):
            IncidentSearchQuery(
                terms, gridPrefix: prefix, scope: scope, before: place?.report, at: moment, limit: limit
            ).statements
        }
    }

    // MARK: - Persons and organisations

    private static func handled(
        by person: PersonID, _ scope: ScopeFilter, _ before: IncidentID?, _ limit: Int
    ) -> PostgresStatement {
        """
        select \(unescaped: IncidentColumns.list) from grid.incidents
        where handled_by = \(person.rawValue) and id < \(before?.rawValue ?? .afterAll) and \(incidentsOf: scope)
        order by id desc limit \(limit)
        """
    }

    private static func reported(
        by person: PersonID, _ scope: ScopeFilter, _ before: IncidentID?, _ limit: Int
    ) -> PostgresStatement {
        """
        select \(unescaped: IncidentColumns.list) from grid.incidents
        where reporter_id = \(person.rawValue) and id < \(before?.rawValue ?? .afterAll) and \(incidentsOf: scope)
        order by id desc limit \(limit)
        """
    }

    private static func lying(
        with organisation: String, _ scope: ScopeFilter, _ before: IncidentID?, _ limit: Int
    ) -> PostgresStatement {
        """
        select \(unescaped: IncidentColumns.list) from grid.incidents
        where organisation = \(organisation) and state in ('dispatched', 'inProgress')
          and id < \(before?.rawValue ?? .afterAll) and \(incidentsOf: scope)
        order by id desc limit \(limit)
        """
    }

    // MARK: - Deadlines

    /// The longest due of each grid under a prefix, then the longest due of these.
    private static func due(
        _ window: Range<Date>, _ prefix: String, _ scope: ScopeFilter, after place: ListPlace?, _ limit: Int
    ) -> PostgresStatement {
        let range = CodeRange(prefix: prefix)
        var (first, id, kind) = (window.lowerBound, UUID.beforeAll, "")
        if case .deadline(let moment, let incident, let clock)? = place {
            (first, id, kind) = (max(moment, first), incident.rawValue, clock.rawValue)
        }
        return """
            select \(unescaped: columns)
            from (
                select d.* from grid.grids g
                cross join lateral (
                    select incident_id, due_at, kind from grid.clocks
                    where grid_code = g.code and state = 'running' and due_at < \(window.upperBound)
                      and (due_at, incident_id, kind) > (\(first), \(id), \(kind))
                    order by due_at, incident_id, kind limit \(limit)
                ) d
                where g.code >= \(range.lowerBound) and g.code < \(range.upperBound) and \(scope: scope, on: "g.code")
                order by d.due_at, d.incident_id, d.kind limit \(limit)
            ) d
            cross join lateral (
                select * from grid.clocks where incident_id = d.incident_id and kind = d.kind and state = 'running'
                  and due_at = d.due_at order by round desc limit 1
            ) c
            join grid.incidents i on i.id = d.incident_id
            order by d.due_at, d.incident_id, d.kind
            """
    }

    private static let columns =
        names(IncidentColumns.list).map { "i.\($0)" }.joined(separator: ", ") + ", "
        + names(ClockColumns.list).map { "c.\($0) as clock_\($0)" }.joined(separator: ", ")

    private static func names(_ list: String) -> [Substring] {
        list.split { $0 == "," || $0.isWhitespace }
    }

    // MARK: - Search

    /// What was found in two ways, the newest report first.
    private static func united(_ some: [ListedIncident], _ others: [ListedIncident], limit: Int) -> [ListedIncident] {
        let known = Set(some.map(\.incident.id))
        let all = some + others.filter { !known.contains($0.incident.id) }
        return Array(all.sorted { $0.incident.id.description > $1.incident.id.description }.prefix(limit))
    }

    /// A person's own reports are few enough to be looked through.
    private static func search(
        _ terms: SearchTerms, _ prefix: String, ofReporter person: PersonID, _ before: IncidentID?, _ limit: Int
    ) -> PostgresStatement {
        let range = CodeRange(prefix: prefix)
        return """
            select \(unescaped: IncidentColumns.list) from grid.incidents
            where reporter_id = \(person.rawValue) and id < \(before?.rawValue ?? .afterAll)
              and grid_code >= \(range.lowerBound) and grid_code < \(range.upperBound) and \(terms: terms)
            order by id desc limit \(limit)
            """
    }
}

extension ListPlace {
    /// The report that a list of reports goes on behind.
    fileprivate var report: IncidentID? {
        guard case .report(let id) = self else { return nil }
        return id
    }
}

extension IncidentQuery {
    /// An item of the list from a row.
    fileprivate func item(_ row: PostgresRow) throws -> ListedIncident {
        guard case .due = self else { return ListedIncident(try Incident(row)) }
        return ListedIncident(try Incident(row), clock: try IncidentClock(row, prefix: "clock_"))
    }

    /// What the list is limited to; empty for the whole scope.
    fileprivate var gridPrefix: String {
        switch self {
        case .filed(let filter): filter.gridPrefix
        case .due(_, let prefix), .search(_, let prefix): prefix
        case .handled, .reported, .lying: ""
        }
    }
}

extension AuditTrail {
    /// Writes down that reporters were shown, if any were.
    func recordReporters(
        of incidents: [Incident], id: String?, within prefix: String, with pool: PostgresPool
    ) async throws {
        let count = incidents.count { $0.report.reporterID != nil }
        guard count > 0 else { return }
        try await recordRead(of: "incident-reporter", id: id, within: prefix, count: count, with: pool)
    }
}
