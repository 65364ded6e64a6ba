import Postgres

/// Brings the hashes of people whom a sheet names under the current lookup key before the sheet is compared with what is
/// kept, while a lookup key is being changed.
///
/// So whoever is there is found by one hash, and cannot be written a second time under another. Replicas that write under
/// different keys, and the rotation itself, come one after the other by a lock; with one key there is no lock and no
/// statement.
package struct LookupRekey: Sendable {
    private let table: String
    private let hash: String
    private let sealed: String
    private let objectType: String?

    /// Describes a column of hashes and the column of their seals; all trusted text.
    package init(_ table: String, hash: String, sealed: String, objectType: String? = nil) {
        self.table = table
        self.hash = hash
        self.sealed = sealed
        self.objectType = objectType
    }

    /// The list of those who had themselves erased.
    ///
    /// - Parameter objectType: trusted text.
    package static func erasures(of objectType: String) -> LookupRekey {
        LookupRekey("service_kit.erasures", hash: "hash", sealed: "sealed", objectType: objectType)
    }

    /// The statements, which go first in a transaction in `read committed`; none when there is one key.
    ///
    /// - Parameters:
    ///   - values: what is hashed.
    ///   - field: what the hashes are bound to.
    ///   - columns: where the hashes stand.
    ///   - cipher: what hashes and seals.
    /// - Throws: `FieldCipherError`.
    package static func statements(
        _ values: [String], field: String, in columns: [LookupRekey], cipher: any FieldCipher
    ) throws -> [PostgresStatement] {
        guard cipher.changesLookupKey, !values.isEmpty else { return [] }
        var rows: [(old: [UInt8], new: [UInt8], sealed: [UInt8])] = []
        for value in Set(values).sorted() {
            let hashes = try cipher.lookupHashes(value, field: field)
            let sealed = try cipher.sealLookup(value, field: field)
            rows += hashes.earlier.map { ($0, hashes.current, sealed) }
        }
        return [lock]
            + columns.map { column in
                PostgresStatement(
                    column.update,
                    [.byteaArray(rows.map(\.old)), .byteaArray(rows.map(\.new)), .byteaArray(rows.map(\.sealed))])
            }
    }

    /// Waits for whoever writes hashes while there are several keys: "LOOK" in ASCII.
    ///
    /// A statement of its own: in `read committed` only a statement that begins after the wait sees what the holder has committed.
    static let lock: PostgresStatement = "select pg_advisory_xact_lock(\(Int32(0x4c4f_4f4b)), \(Int32(0)))"

    private var update: String {
        func ofType(_ row: String) -> String { objectType.map { "and \(row).object_type = '\($0)'" } ?? "" }
        return """
            update \(table) t set \(hash) = n.new, \(sealed) = n.sealed
            from unnest($1::bytea[], $2::bytea[], $3::bytea[]) as n (old, new, sealed)
            where t.\(hash) = n.old \(ofType("t"))
              and not exists (select from \(table) o where o.\(hash) = n.new \(ofType("o")))
            """
    }
}
