import Foundation
import Messaging
import Models
import Postgres

/// Writes ciphertexts anew with the current key, table by table, in batches with a stored place.
///
/// It may run while the service works: rows that are in use are passed over and found by the next pass. Each batch is a
/// transaction that moves the place with it, so whatever kills the process, the next one goes on, and nothing is done
/// twice or left out. Replicas share the work: each takes a table.
package struct FieldRotation: Sendable {
    private let pool: PostgresPool
    private let audit: AuditTrail
    private let cipher: any FieldCipher
    private let tables: [PersonalTable]
    private let batchSize: Int
    private let failpoints: Failpoints

    /// Makes a rotation.
    ///
    /// - Parameters:
    ///   - pool: the service's database.
    ///   - audit: its audit trail.
    ///   - cipher: the cipher with the new current key and the old ones.
    ///   - inventory: which columns are encrypted.
    ///   - batchSize: rows of a transaction.
    ///   - failpoints: where tests let it die.
    package init(
        pool: PostgresPool, audit: AuditTrail, cipher: any FieldCipher, inventory: PersonalDataInventory,
        batchSize: Int = 500, failpoints: Failpoints = .none
    ) {
        self.pool = pool
        self.audit = audit
        self.cipher = cipher
        tables = inventory.encryptedTables
        self.batchSize = batchSize
        self.failpoints = failpoints
    }

    /// Asks for the rotation to the current key; asked again while it runs, nothing changes.
    ///
    /// - Throws: a 409 problem when the service has no keys.
    package func ask(at time: Date) async throws {
        guard let current = cipher.keyIDs?.current else { throw Problem.noKeys }
        try await pool.withTransaction { transaction in
            transaction.enqueue(
                """
                insert into service_kit.key_rotations as r (key_id, table_name, asked_at)
                select \(current), t, \(time)::timestamptz from unnest(\(tables.map(\.name))::text[]) as t order by t
                on conflict (key_id, table_name) do update
                set last_key = null, rewritten_in_pass = 0, asked_at = excluded.asked_at, finished_at = null
                where r.finished_at is not null
                """)
            audit.record([AuditEntry(.changed, "key-rotation", id: current)], in: transaction)
        }
    }

    /// Makes one batch of a rotation that was asked for.
    ///
    /// - Returns: false when there is nothing to do, or other replicas do it.
    package func step(at time: Date) async throws -> Bool {
        guard let current = cipher.keyIDs?.current else { return false }
        let isMore = try await pool.withTransaction { transaction in
            guard let place = try await KeyRotationPlace.next(of: current, in: transaction) else { return false }
            guard let table = tables.first(where: { $0.name == place.table }) else {
                // A table that an older release knew: there is nothing of it any more.
                transaction.enqueue(place.finished(at: time))
                return true
            }
            let batch = try await read(table, after: place.lastKey, in: transaction)
            try failpoints.pass(.rotationBeforeWrite)
            let rewritten = try await rewrite(batch, of: table, in: transaction)
            let inPass = place.rewrittenInPass + rewritten
            if batch.count == batchSize {
                transaction.enqueue(place.moved(to: batch.last?.key, rewritten: rewritten, inPass: inPass))
            } else if inPass > 0 {
                // Rows that were in use, or were written with the old key meanwhile, are found by another pass.
                transaction.enqueue(place.moved(to: nil, rewritten: rewritten, inPass: 0))
            } else {
                transaction.enqueue(place.finished(at: time))
                audit.record(
                    [
                        AuditEntry(
                            .changed, "key-rotation", id: current,
                            details: ["table": .code(table.name), "isFinished": .code("yes")])
                    ], in: transaction)
            }
            try failpoints.pass(.rotationBeforeCommit)
            return true
        }
        if isMore { try failpoints.pass(.rotationAfterCommit) }
        return isMore
    }

    /// How many values stand under which key, and how far the rotation to the current one has come.
    package func report() async throws -> FieldKeyReport {
        guard let keys = cipher.keyIDs else { return FieldKeyReport(current: nil, values: [], rotation: []) }
        var values: [FieldKeyReport.Values] = []
        for table in tables {
            for column in table.encryptedColumns {
                values += try await pool.query(Self.counting(column.name, of: table)).rows.map { row in
                    let key: String? = try row.decodeIfPresent("key_id")
                    return FieldKeyReport.Values(
                        table: table.name, column: column.name, key: key, count: try row.decode("count"),
                        isReadable: key.map(keys.known.contains) ?? false)
                }
            }
        }
        return FieldKeyReport(
            current: keys.current, values: values,
            rotation: try await KeyRotationPlace.progress(of: keys.current, pool))
    }
}

// MARK: - Statements

extension FieldRotation {
    private struct SealedRow: Sendable {
        let key: String
        /// In the order of the table's encrypted columns; nil where there is no value.
        let values: [[UInt8]?]
    }

    private func read(
        _ table: PersonalTable, after lastKey: String?, in transaction: PostgresTransaction
    ) async throws -> [SealedRow] {
        let columns = table.encryptedColumns.map(\.name)
        let condition = lastKey == nil ? "" : "where \(table.key) > $2::text::\(table.keyType)"
        let statement = PostgresStatement(
            """
            select \(table.key)::text as rotated_key, \(columns.joined(separator: ", ")) from \(table.name) \(condition)
            order by \(table.key) limit $1::bigint for no key update skip locked
            """,
            [.int8(Int64(batchSize))] + (lastKey.map { [.text($0)] } ?? []))
        return try await transaction.query(statement).rows.map { row in
            SealedRow(
                key: try row.decode("rotated_key"),
                values: try columns.map { try row.decodeIfPresent($0, as: [UInt8].self) })
        }
    }

    /// Writes the rows that need it; values of a key that is not there are left, and the report counts them.
    ///
    /// - Returns: how many rows it has written.
    private func rewrite(
        _ rows: [SealedRow], of table: PersonalTable, in transaction: PostgresTransaction
    ) async throws -> Int {
        let columns = table.encryptedColumns
        var changed: [SealedRow] = []
        for row in rows {
            let values = try zip(columns, row.values).map { column, value in
                try value.map { try renewed($0, field: column.field) }
            }
            if values != row.values { changed.append(SealedRow(key: row.key, values: values)) }
        }
        guard !changed.isEmpty else { return 0 }
        let places = columns.indices.map { "$\($0 + 2)::bytea[]" }.joined(separator: ", ")
        let names = columns.indices.map { "c\($0)" }.joined(separator: ", ")
        let assignments = columns.enumerated().map { "\($1.name) = n.c\($0)" }.joined(separator: ", ")
        _ = try await transaction.query(
            PostgresStatement(
                """
                update \(table.name) t set \(assignments)
                from unnest($1::text[], \(places)) as n (rotated_key, \(names))
                where t.\(table.key) = n.rotated_key::\(table.keyType)
                """,
                [.textArray(changed.map(\.key))]
                    + columns.indices.map { index in .byteaArray(changed.map { $0.values[index] }) }))
        return changed.count
    }

    /// The same value under the current key.
    private func renewed(_ ciphertext: [UInt8], field: String) throws -> [UInt8] {
        guard cipher.needsRotation(ciphertext) else { return ciphertext }
        do {
            return try cipher.encrypt(try cipher.decrypt(ciphertext, field: field), field: field)
        } catch let error as FieldCipherError where error.code != .noKeys {
            // One value that cannot be read must not keep the others under an old key.
            return ciphertext
        }
    }

    /// Counts the values of a column by key; the bytes before the nonce say which (`AESFieldCipher`).
    private static func counting(_ column: String, of table: PersonalTable) -> PostgresStatement {
        """
        select case when octet_length(\(unescaped: column)) > 2 and get_byte(\(unescaped: column), 0) = 1
                    then encode(substring(\(unescaped: column) from 3 for get_byte(\(unescaped: column), 1)), 'escape')
               end as key_id, count(*) as count
        from \(unescaped: table.name) where \(unescaped: column) is not null group by 1 order by 1
        """
    }
}

extension Problem {
    /// 409: the service keeps nothing encrypted.
    static let noKeys = Problem.conflict(
        .noKeys, "本服务没有设置加密密钥（crypto.keys）", "the service has no keys for personal fields (crypto.keys)")
}
