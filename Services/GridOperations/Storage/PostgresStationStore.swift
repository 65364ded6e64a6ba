import Foundation
import Messaging
import Models
import Postgres
import ServiceKit

/// Stations in PostgreSQL.
package struct PostgresStationStore: StationStore {
    private let pool: PostgresPool
    private let outbox: Outbox

    /// Writes through an outbox and reads from its pool.
    package init(pool: PostgresPool, outbox: Outbox) {
        self.pool = pool
        self.outbox = outbox
    }

    package func register(
        _ rows: [Numbered<OpenedStation>], scope: ScopeFilter, at moment: Date
    ) async throws -> [Numbered<RowOutcome>] {
        try await outbox.transaction { transaction in
            transaction.enqueue(BulkLock.stations.statement)
            let codes = rows.map(\.content.stated.code)
            let divisions = Set(rows.map(\.content.stated.divisionCode.digits)).sorted()
            // Only what lies in the scope can be locked; a neighbour's station must be seen all the same, to be refused.
            let results = try await transaction.pipeline([
                """
                select \(unescaped: Self.columns) from grid.stations
                where code in (select unnest(\(codes)::text[])) and \(scope: scope, on: "division_code")
                order by code for update
                """,
                "select \(unescaped: Self.columns) from grid.stations where code in (select unnest(\(codes)::text[]))",
                "select code from grid.divisions where code in (select unnest(\(divisions)::text[]))",
            ])
            let known = try results[1].rows.map(Station.init)
            let intake = StationIntake(
                rows, known: Dictionary(known.map { ($0.stated.code, $0) }) { first, _ in first },
                divisions: Set(try results[2].rows.map { try $0.divisionCode("code") }), scope: scope)
            for change in intake.changes { transaction.enqueue(Self.upsert(change.station)) }
            return (intake.outcomes, try intake.changes.map { try OutgoingEvent($0.event, occurredAt: moment) })
        }
    }

    package func plan(_ station: Station, key: IdempotencyKey, at moment: Date) async throws -> StationID {
        do {
            return try await outbox.transaction { transaction in
                try await Idempotency.once(key, in: transaction) {
                    transaction.enqueue(Self.upsert(station))
                    // Sent here, so that a code that is taken is told before the answer is stored.
                    _ = try await transaction.query("select 1")
                    return (
                        station.id, [try OutgoingEvent(StationPlanned(station: station.facts), occurredAt: moment)]
                    )
                }
            }
        } catch let error as PostgresError where error.isUniqueViolation && error.constraint == "stations_code_key" {
            let fault = RowFault(
                field: "code", code: .codeTaken, "该编号已被其他阵地使用，请更换", "another station has this number; choose another")
            throw RowFaults([fault])
        } catch let error as PostgresError where error.isForeignKeyViolation {
            throw RowFaults([.divisionUnknown("divisionCode")])
        }
    }

    package func change(
        _ id: StationID, scope: ScopeFilter, at moment: Date,
        _ decide: @escaping @Sendable (Station) throws -> StationChange
    ) async throws -> Station {
        try await outbox.transaction { transaction in
            let result = try await transaction.query(
                """
                select \(unescaped: Self.columns) from grid.stations
                where id = \(id.rawValue) and \(scope: scope, on: "division_code") for update
                """)
            guard let row = result.rows.first else { throw VenueNotFound(.station) }
            let change = try decide(Station(row))
            transaction.enqueue(Self.upsert(change.station))
            return (change.station, [try OutgoingEvent(change.event, occurredAt: moment)])
        }
    }

    package func find(_ id: StationID, scope: ScopeFilter) async throws -> Station? {
        try await pool.query(
            """
            select \(unescaped: Self.columns) from grid.stations
            where id = \(id.rawValue) and \(scope: scope, on: "division_code")
            """
        ).rows.first.map(Station.init)
    }

    package func list(
        _ filter: StationFilter, scope: ScopeFilter, after: String?, limit: Int
    ) async throws -> [Station] {
        let range = CodeRange(prefix: filter.divisionPrefix)
        return try await pool.query(
            """
            select \(unescaped: Self.columns) from grid.stations
            where division_code >= \(range.lowerBound) and division_code < \(range.upperBound)
              and code > \(after ?? "") and (\(filter.kind?.rawValue)::text is null or kind = \(filter.kind?.rawValue))
              and (\(filter.state?.rawValue)::text is null or state = \(filter.state?.rawValue))
              and \(scope: scope, on: "division_code")
            order by code limit \(limit)
            """
        ).rows.map(Station.init)
    }

    /// The columns of a station for a select list.
    static let columns = """
        id, code, name, kind, division_code, state, opened_year, opened_on, functions, merged_from, version
        """

    private static func upsert(_ station: Station) -> PostgresStatement {
        let stated = station.stated
        return """
            insert into grid.stations (
                id, code, name, kind, division_code, state, opened_year, opened_on, functions, merged_from, version)
            values (
                \(station.id.rawValue), \(stated.code), \(stated.name), \(stated.kind.rawValue),
                \(stated.divisionCode.digits), \(station.state.rawValue), \(station.openedYear.map(Int32.init)),
                \(station.openedOn.map { PostgresValue.date($0.description) } ?? .null),
                \(stated.functions.map { PostgresValue.textArray($0.map(\.rawValue)) } ?? .null),
                \(stated.mergedFrom.map { PostgresValue.textArray($0.map(\.rawValue)) } ?? .null),
                \(Int32(station.version)))
            on conflict (id) do update set name = excluded.name, kind = excluded.kind,
                division_code = excluded.division_code, state = excluded.state, opened_year = excluded.opened_year,
                opened_on = excluded.opened_on, functions = excluded.functions, merged_from = excluded.merged_from,
                version = excluded.version, updated_at = now()
            """
    }
}

extension Station {
    /// Reads a row of `grid.stations`.
    init(_ row: PostgresRow) throws {
        self.init(
            id: try row.identifier("id"),
            stated: StatedStation(
                code: try row.decode("code"), name: try row.decode("name"), kind: try row.word("kind"),
                divisionCode: try row.divisionCode("division_code"), functions: try row.wordsIfPresent("functions"),
                mergedFrom: try row.wordsIfPresent("merged_from")),
            state: try row.word("state"), openedYear: try row.decodeIfPresent("opened_year"),
            openedOn: try row.decodeIfPresent("opened_on", as: String.self).flatMap { CalendarDay($0) },
            version: try row.decode("version"))
    }
}

extension PostgresRow {
    /// Words of an enumeration, nil for null.
    func wordsIfPresent<Word: RawRepresentable>(_ column: String, as type: Word.Type = Word.self) throws -> [Word]?
    where Word.RawValue == String {
        try decodeIfPresent(column, as: [String].self)?.map { text in
            guard let word = Word(rawValue: text) else { throw UnknownStoredValue(column: column) }
            return word
        }
    }
}
