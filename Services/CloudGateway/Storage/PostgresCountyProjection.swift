import Models
import Postgres

/// The picture of the county in PostgreSQL: one statement for all upserts of a table, one for all removals.
///
/// Nothing is awaited: the statements travel with what the reader sends last, so a batch costs no round trip of its own.
/// Rows are written in the order of their keys, so that batches of several partitions take locks in the same order.
package struct PostgresCountyProjection: CountyProjection {
    private let transaction: PostgresTransaction

    /// Writes in a transaction that the caller ends.
    package init(transaction: PostgresTransaction) { self.transaction = transaction }

    package func write(_ changes: CountyChanges) async throws {
        let statements: [PostgresStatement?] = [
            Self.divisions(changes.divisions.present), Self.partyOrganisations(changes.partyOrganisations.present),
            Self.memberCounts(changes.memberCounts.present), Self.talents(changes.talents.present),
            Self.units(changes.units.present), Self.pairings(changes.pairings.present),
            Self.grids(changes.grids.present), Self.gridAssignments(changes.gridAssignments.present),
            Self.incidents(changes.incidents.present), Self.progress(changes.progress),
            Self.stations(changes.stations.present),
            Self.facilities(changes.facilities.present), Self.rooms(changes.rooms.present),
            Self.bookings(changes.bookings.present),
            Self.removal(ofGrids: changes.grids.gone),
            Self.removal("delete from gateway.talents where talent_id = any($1)", changes.talents.gone),
            Self.removal("delete from gateway.pairings where pairing_id = any($1)", changes.pairings.gone),
            Self.removal(
                "delete from gateway.grid_assignments where assignment_id = any($1)", changes.gridAssignments.gone),
        ]
        for case let statement? in statements { transaction.enqueue(statement) }
    }

    private static func removal(_ sql: String, _ gone: [some UUIDIdentifier]) -> PostgresStatement? {
        gone.isEmpty ? nil : PostgresStatement(sql, [.uuidArray(gone.map(\.rawValue))])
    }

    private static func removal(ofGrids gone: [GridCode]) -> PostgresStatement? {
        gone.isEmpty
            ? nil
            : PostgresStatement(
                "delete from gateway.grids where code = any($1)", [.textArray(gone.map(\.digits).sorted())])
    }

    /// A count that does not fit into the column is refused by its type, which parks the event.
    static func integers(_ values: [Int?]) -> PostgresValue { .int8Array(values.map { $0.map(Int64.init) }) }
}
