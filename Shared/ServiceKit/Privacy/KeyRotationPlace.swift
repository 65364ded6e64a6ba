import Foundation
import Models
import Postgres

/// How far a rotation has come in a table: a row of `service_kit.key_rotations`.
struct KeyRotationPlace: Sendable {
    /// The key as the ledger names it.
    let key: String
    let table: String
    /// The last row that was looked at; nil before the first of a pass.
    let lastKey: String?
    let rewrittenInPass: Int

    /// The place of a table that nobody else works on, locked.
    static func next(of key: String, in transaction: PostgresTransaction) async throws -> KeyRotationPlace? {
        try await transaction.query(
            """
            select table_name, last_key, rewritten_in_pass from service_kit.key_rotations
            where key_id = \(key) and finished_at is null order by table_name limit 1 for update skip locked
            """
        ).rows.first.map { row in
            KeyRotationPlace(
                key: key, table: try row.decode("table_name"), lastKey: try row.decodeIfPresent("last_key"),
                rewrittenInPass: try row.decode("rewritten_in_pass"))
        }
    }

    /// The statement that moves the place, with what a batch has written.
    func moved(to lastKey: String?, rewritten: Int, inPass: Int) -> PostgresStatement {
        """
        update service_kit.key_rotations
        set last_key = \(lastKey)::text, rewritten = rewritten + \(Int64(rewritten)), rewritten_in_pass = \(Int64(inPass))
        where key_id = \(key) and table_name = \(table)
        """
    }

    /// The statement that ends the rotation of the table.
    func finished(at time: Date) -> PostgresStatement {
        """
        update service_kit.key_rotations set finished_at = \(time), last_key = null
        where key_id = \(key) and table_name = \(table)
        """
    }

    /// How far each table has come; empty when nobody has asked.
    static func progress(of key: String, _ pool: PostgresPool) async throws -> [FieldKeyReport.Progress] {
        try await pool.query(
            """
            select table_name, rewritten, finished_at from service_kit.key_rotations where key_id = \(key)
            order by table_name
            """
        ).rows.map { row in
            FieldKeyReport.Progress(
                table: try row.decode("table_name"), rewritten: try row.decode("rewritten"),
                finishedAt: try row.decodeIfPresent("finished_at"))
        }
    }
}
