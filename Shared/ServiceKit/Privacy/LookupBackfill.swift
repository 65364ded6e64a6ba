import Foundation
import Messaging
import Models
import Postgres

/// Writes the keyed hashes that rows of an earlier release lack, so that they too are found by the whole value.
///
/// What has a hash is not due any more: so whatever kills the process, the next one goes on, and nothing is done twice.
/// Rows that are in use are passed over and found by the next run. Any number of replicas may work at once.
package struct LookupBackfill: Sendable {
    private let pool: PostgresPool
    private let audit: AuditTrail
    private let cipher: any FieldCipher
    private let lookups: [Lookup]
    private let batchSize: Int
    private let failpoints: Failpoints

    /// A lookup of a table.
    private struct Lookup: Sendable {
        let table: PersonalTable
        let column: LookupColumn
        let source: String
        let field: String
    }

    /// Makes a backfill.
    ///
    /// - Parameters:
    ///   - pool: the service's database.
    ///   - audit: its audit trail.
    ///   - cipher: the cipher that reads the values and hashes them.
    ///   - inventory: which columns hold hashes of which others.
    ///   - batchSize: rows of a transaction.
    ///   - failpoints: where tests let it die.
    package init(
        pool: PostgresPool, audit: AuditTrail, cipher: any FieldCipher, inventory: PersonalDataInventory,
        batchSize: Int = 500, failpoints: Failpoints = .none
    ) {
        self.pool = pool
        self.audit = audit
        self.cipher = cipher
        lookups = inventory.tables.flatMap { table in
            table.lookups.compactMap { lookup in
                table.encryptedColumns.first { $0.name == lookup.source }
                    .map { Lookup(table: table, column: lookup, source: $0.name, field: $0.field) }
            }
        }
        self.batchSize = batchSize
        self.failpoints = failpoints
    }

    /// Goes once through all rows without a hash.
    ///
    /// - Returns: how many hashes this call has written.
    package func run() async throws -> Int {
        guard cipher.keyIDs != nil else { return 0 }
        var written = 0
        for lookup in lookups {
            var last: String?
            repeat {
                let batch = try await batch(of: lookup, after: last)
                written += batch.written
                // Values that cannot be read are left without a hash; the place keeps them from being read again.
                last = batch.last
            } while last != nil
        }
        return written
    }

    /// Makes one batch.
    ///
    /// - Returns: how many it wrote, and the last key it looked at; nil when there is nothing behind it.
    private func batch(of lookup: Lookup, after last: String?) async throws -> (written: Int, last: String?) {
        try await pool.withTransaction { transaction in
            let rows = try await transaction.query(selection(lookup, after: last)).rows
            var hashed: [(key: String, hash: [UInt8])] = []
            for row in rows {
                guard let hash = try hash(of: row.decode("value"), field: lookup.field) else { continue }
                hashed.append((try row.decode("row_key"), hash))
            }
            if !hashed.isEmpty {
                transaction.enqueue(update(lookup, hashed))
                audit.record(
                    [
                        AuditEntry(
                            .changed, "lookup-backfill", id: lookup.table.name,
                            details: ["column": .code(lookup.column.name), "hashed": .count(hashed.count)])
                    ], in: transaction)
            }
            try failpoints.pass(.backfillBeforeCommit)
            return (hashed.count, rows.count < batchSize ? nil : try rows.last?.decode("row_key"))
        }
    }

    /// The hash of a stored value; nil when the value cannot be read, which the report on keys counts.
    private func hash(of ciphertext: [UInt8], field: String) throws -> [UInt8]? {
        do {
            return try cipher.lookupHash(try cipher.decrypt(ciphertext, field: field), field: field)
        } catch let error as FieldCipherError where error.code != .noKeys {
            // One value that cannot be read must not keep the others from being found.
            return nil
        }
    }

    private func selection(_ lookup: Lookup, after last: String?) -> PostgresStatement {
        let table = lookup.table
        let condition = last == nil ? "" : "and \(table.key) > $2::text::\(table.keyType)"
        return PostgresStatement(
            """
            select \(table.key)::text as row_key, \(lookup.source) as value from \(table.name)
            where \(lookup.column.name) is null and \(lookup.source) is not null \(condition)
            order by \(table.key) limit $1::bigint for no key update skip locked
            """,
            [.int8(Int64(batchSize))] + (last.map { [.text($0)] } ?? []))
    }

    private func update(_ lookup: Lookup, _ hashed: [(key: String, hash: [UInt8])]) -> PostgresStatement {
        PostgresStatement(
            """
            update \(lookup.table.name) t set \(lookup.column.name) = n.hash
            from unnest($1::text[], $2::bytea[]) as n (row_key, hash)
            where t.\(lookup.table.key) = n.row_key::\(lookup.table.keyType)
            """, [.textArray(hashed.map(\.key)), .byteaArray(hashed.map(\.hash))])
    }
}
