import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Takes incidents of old sheets in, with a handful of statements for all rows of a request.
package struct PostgresIncidentImportStore: IncidentImportStore {
    private let outbox: Outbox

    /// Writes through an outbox.
    package init(outbox: Outbox) { self.outbox = outbox }

    package func add(
        _ rows: [Numbered<IncidentReport>], scope: ScopeFilter, at moment: Date
    ) async throws -> [Numbered<RowOutcome>] {
        // A number may be taken by an incident that the sender may not see; it must be seen here to be refused.
        try await RowScope.service { try await add(all: rows, scope: scope, at: moment) }
    }

    private func add(
        all rows: [Numbered<IncidentReport>], scope: ScopeFilter, at moment: Date
    ) async throws -> [Numbered<RowOutcome>] {
        try await outbox.transaction { transaction in
            transaction.enqueue(BulkLock.incidents.statement)
            let results = try await transaction.pipeline([
                Self.known(rows.compactMap(\.content.externalNumber)),
                GridPlaceQuery.statement(rows.map(\.content.position)),
            ])
            let known = try results[0].rows.map(Incident.init)
            let places = try results[1].rows.map(GridPlaceQuery.place)
            let intake = HistoricalIntake(
                zip(rows, places).map { Numbered(row: $0.row, PlacedReport(report: $0.content, place: $1)) },
                known: Dictionary(known.map { ($0.report.externalNumber ?? "", $0) }) { first, _ in first },
                scope: scope)
            let created = try await Self.numbered(intake.created, in: transaction)
            if !created.isEmpty { transaction.enqueue(IncidentColumns.historicalInsertion(created)) }
            if !intake.corrected.isEmpty {
                transaction.enqueue(IncidentColumns.historicalCorrection(intake.corrected))
            }
            let written = created + intake.corrected
            if !written.isEmpty { transaction.enqueue(IncidentColumns.words(of: written)) }
            let events =
                try created.map { try OutgoingEvent(IncidentReported(incident: $0.facts), occurredAt: moment) }
                + intake.corrected.map { try OutgoingEvent(IncidentStated(incident: $0.facts), occurredAt: moment) }
            return (intake.outcomes, events)
        }
    }

    private static func known(_ numbers: [String]) -> PostgresStatement {
        """
        select \(unescaped: IncidentColumns.list) from grid.incidents
        where external_number in (select unnest(\(numbers)::text[])) order by id for update
        """
    }

    /// A community and a day, which count their incidents together.
    private struct Series: Hashable {
        let community: String
        let day: String
    }

    /// Makes incidents of reports and draws their numbers, one range for each community and day.
    private static func numbered(
        _ reports: [(report: IncidentReport, grid: GridCode)], in transaction: PostgresTransaction
    ) async throws -> [Incident] {
        let dated = reports.compactMap { item in
            // A checked report is of a year that has days.
            CalendarDay(inShanghai: item.report.reportedAt).map { (report: item.report, grid: item.grid, day: $0) }
        }
        guard !dated.isEmpty else { return [] }
        func series(_ item: (report: IncidentReport, grid: GridCode, day: CalendarDay)) -> Series {
            Series(community: item.grid.communityDigits, day: item.day.description)
        }
        var next = try await drawn(Dictionary(grouping: dated, by: series).mapValues(\.count), in: transaction)
        return dated.map { item in
            let series = series(item)
            let sequence = next[series, default: 1]
            next[series] = sequence + 1
            return Incident(
                id: IncidentID(rawValue: .version7(at: item.report.reportedAt)),
                number: IncidentNumber.text(community: series.community, day: item.day, sequence: sequence),
                gridCode: item.grid, isHistorical: true, report: item.report)
        }
    }

    /// The first number of each range.
    ///
    /// The order of the series is the order of the locks.
    private static func drawn(
        _ counts: [Series: Int], in transaction: PostgresTransaction
    ) async throws -> [Series: Int] {
        let ordered = counts.sorted { ($0.key.community, $0.key.day) < ($1.key.community, $1.key.day) }
        let result = try await transaction.query(
            PostgresStatement(
                """
                insert into grid.incident_counters as c (community_code, day, last_number)
                select s.community_code, s.day::date, s.count
                from unnest($1::text[], $2::text[], $3::int4[]) as s (community_code, day, count)
                on conflict (community_code, day) do update set last_number = c.last_number + excluded.last_number
                returning community_code, day, last_number
                """,
                [
                    .textArray(ordered.map(\.key.community)), .textArray(ordered.map(\.key.day)),
                    .int4Array(ordered.map { Int32($0.value) }),
                ]))
        var firsts: [Series: Int] = [:]
        for row in result.rows {
            let series = Series(community: try row.decode("community_code"), day: try row.decode("day"))
            firsts[series] = Int(try row.decode("last_number", as: Int32.self)) - counts[series, default: 0] + 1
        }
        return firsts
    }
}
