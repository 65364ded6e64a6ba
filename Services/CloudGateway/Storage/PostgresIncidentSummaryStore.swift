import Foundation
import Models
import Postgres
import ServiceKit

/// Counts the report of incidents in one statement, so that all figures are seen at one moment.
package struct PostgresIncidentSummaryStore: IncidentSummaryStore {
    private let executor: any PostgresExecutor

    /// Reads with a pool, a connection or a transaction.
    package init(executor: any PostgresExecutor) { self.executor = executor }

    package func figures(scope: ScopeFilter, reported window: Range<Date>) async throws -> IncidentFigures {
        var figures = IncidentFigures()
        for row in try await executor.query(Self.statement(scope, window)).rows {
            let counts = try IncidentCounts(row)
            let key = try row.decodeIfPresent("key", as: String.self)
            switch try row.decode("part", as: String.self) {
            case "function": key.flatMap { GridFunction(rawValue: $0) }.map { figures.byFunction[$0] = counts }
            case "state": key.flatMap { IncidentState(rawValue: $0) }.map { figures.byState[$0] = counts }
            case "category": figures.byCategory[key] = counts
            default: figures.total = counts
            }
        }
        return figures
    }

    /// Definitions of version 1 of the formulas.
    ///
    /// What came from old sheets is an incident without any handling. A report was answered when the desk took it in or
    /// refused it; one that was withdrawn before needed no answer. An incident is on time when it is closed and none of its
    /// limits was missed, of those that are closed or missed one. Taken in is all but reported, refused and withdrawn.
    /// Where the gateway came later than the event, a time is not known and counts in no median.
    private static func statement(_ scope: ScopeFilter, _ window: Range<Date>) -> PostgresStatement {
        """
        with known as (
            select i.function, i.category, i.state, not i.is_historical as is_live, p.responded_at, p.closed_at,
                coalesce(p.has_missed, false) as has_missed, p.satisfaction,
                i.state not in ('reported', 'rejected', 'withdrawn', 'joined') as is_filed,
                i.state in ('closed', 'archived') as is_closed,
                p.responded_at is not null or i.state not in ('reported', 'withdrawn', 'joined') as has_response,
                extract(epoch from p.closed_at - i.reported_at)::float8 as seconds
            from gateway.incidents i left join gateway.incident_progress p on p.incident_id = i.incident_id
            where i.reported_at >= \(window.lowerBound) and i.reported_at < \(window.upperBound)
              and \(scope: scope, on: "i.grid_code")
        )
        select case when grouping(function) = 0 then 'function' when grouping(category) = 0 then 'category'
                    when grouping(state) = 0 then 'state' else 'total' end as part,
            case when grouping(function) = 0 then function when grouping(category) = 0 then category
                 when grouping(state) = 0 then state end as key,
            count(*) as total,
            count(*) filter (where is_live and (has_response or state not in ('withdrawn', 'joined'))) as to_answer,
            count(*) filter (where is_live and has_response) as responded,
            count(*) filter (where is_live and (is_closed or has_missed)) as timed,
            count(*) filter (where is_live and is_closed and not has_missed) as on_time,
            count(*) filter (where is_live and is_filed) as filed,
            count(*) filter (where is_live and is_closed) as closed,
            count(*) filter (where is_live and satisfaction in ('satisfied', 'ordinary', 'dissatisfied')) as answered,
            count(*) filter (where is_live and satisfaction = 'satisfied') as satisfied,
            count(*) filter (where is_live and is_closed and seconds >= 0) as measured,
            floor(percentile_cont(0.5) within group (order by seconds)
                filter (where is_live and is_closed and seconds >= 0))::int8 as median_seconds
        from known
        group by grouping sets ((), (function), (category), (state))
        """
    }
}

extension IncidentCounts {
    fileprivate init(_ row: PostgresRow) throws {
        self.init()
        total = try row.decode("total")
        toAnswer = try row.decode("to_answer")
        responded = try row.decode("responded")
        timed = try row.decode("timed")
        onTime = try row.decode("on_time")
        filed = try row.decode("filed")
        closed = try row.decode("closed")
        answered = try row.decode("answered")
        satisfied = try row.decode("satisfied")
        measured = try row.decode("measured")
        medianSeconds = try row.decodeIfPresent("median_seconds")
    }
}
