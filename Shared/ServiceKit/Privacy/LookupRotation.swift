import Foundation
import Messaging
import Models
import Postgres

/// Makes the keyed hashes anew under the current lookup key, table by table, in batches with a stored place, as
/// `FieldRotation` does with ciphertexts.
///
/// A hash is made of the values that are kept encrypted, or of the seal beside it where the value is not kept. While it
/// runs the service finds people under all its lookup keys; whoever writes hashes comes before or after a batch, never
/// within, so that nobody is there twice under two keys (`LookupRekey`).
package struct LookupRotation: Sendable {
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
    ///   - cipher: the cipher with the new current lookup key and the old ones.
    ///   - inventory: which columns hold hashes, and from what they are made.
    ///   - batchSize: rows of a transaction.
    ///   - failpoints: where tests let it die.
    package init(
        pool: PostgresPool, audit: AuditTrail, cipher: any FieldCipher, inventory: PersonalDataInventory,
        batchSize: Int = 500, failpoints: Failpoints = .none
    ) {
        self.pool = pool
        self.audit = audit
        self.cipher = cipher
        tables = inventory.lookupTables
        self.batchSize = batchSize
        self.failpoints = failpoints
    }

    /// The current key as the ledger names it; nil without one, and for the one to which no seal leads.
    private var current: String? {
        guard let keys = cipher.lookupKeyIDs, keys.current != FieldKeys.originalLookup else { return nil }
        return Self.name(keys.current)
    }

    private static func name(_ key: String) -> String { "lookup/\(key)" }

    /// Asks for the rotation to the current lookup key; asked again while it runs, nothing changes.
    ///
    /// Nothing is done while the current key is the one that stood alone.
    package func ask(at time: Date) async throws {
        guard let current else { return }
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
        guard let current else { return false }
        let isMore = try await pool.withTransaction { transaction in
            guard let place = try await KeyRotationPlace.next(of: current, in: transaction) else { return false }
            guard let table = tables.first(where: { $0.name == place.table }) else {
                // A table that an older release knew: there is nothing of it any more.
                transaction.enqueue(place.finished(at: time))
                return true
            }
            transaction.enqueue(LookupRekey.lock)
            let batch = LookupBatch(table: table, cipher: cipher)
            let rows = try await batch.read(after: place.lastKey, limit: batchSize, in: transaction)
            try failpoints.pass(.rotationBeforeWrite)
            let rewritten = try await batch.rewrite(rows, in: transaction)
            let inPass = place.rewrittenInPass + rewritten
            if rows.count == batchSize {
                transaction.enqueue(place.moved(to: rows.last?.key, rewritten: rewritten, inPass: inPass))
            } else if inPass > 0 {
                // Rows that were in use, or were written under the old key meanwhile, are found by another pass.
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

    /// How many hashes stand under which key, and how far the rotation to the current one has come.
    package func report() async throws -> FieldKeyReport {
        guard let keys = cipher.lookupKeyIDs else { return FieldKeyReport(current: nil, values: [], rotation: []) }
        var values: [FieldKeyReport.Values] = []
        for table in tables {
            for lookup in table.lookups {
                values += try await pool.query(counting(lookup.name, of: table, keys)).rows.map { row in
                    let key = try row.decodeIfPresent("key_id", as: String.self) ?? FieldKeys.originalLookup
                    return FieldKeyReport.Values(
                        table: table.name, column: lookup.name, key: Self.name(key), count: try row.decode("count"),
                        isReadable: keys.known.contains(key))
                }
            }
        }
        let name = Self.name(keys.current)
        return FieldKeyReport(
            current: name, values: values, rotation: try await KeyRotationPlace.progress(of: name, pool))
    }

    /// Counts the hashes of a column by the mark with which they begin.
    private func counting(_ column: String, of table: PersonalTable, _ keys: FieldKeyIDs) -> PostgresStatement {
        let tags = keys.known.sorted().compactMap { key in cipher.lookupTag(of: key).map { (key: key, tag: $0) } }
        return PostgresStatement(
            """
            select k.id as key_id, count(*) as count
            from \(table.name) t left join unnest($1::bytea[], $2::text[]) as k (tag, id)
                 on substring(t.\(column) from 1 for 8) = k.tag
            where t.\(column) is not null group by 1 order by 1
            """, [.byteaArray(tags.map(\.tag)), .textArray(tags.map(\.key))])
    }
}
