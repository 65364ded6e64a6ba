import Postgres

/// Rows of a table whose keyed hashes are made anew.
struct LookupBatch: Sendable {
    /// A row with the columns that are needed.
    struct Row: Sendable {
        let key: String
        var values: [String: [UInt8]]
    }

    let table: PersonalTable
    let cipher: any FieldCipher

    /// The columns that are written: hashes and seals.
    private var written: [String] {
        table.lookups.flatMap { lookup -> [String] in
            if case .seal(let column) = lookup.origin { [lookup.name, column] } else { [lookup.name] }
        }
    }

    /// The columns that hashes are made of.
    private var sources: Set<String> {
        Set(
            table.lookups.flatMap { lookup -> [String] in
                if case .values(let columns, _) = lookup.origin { columns } else { [] }
            })
    }

    /// Reads rows that nobody uses, and locks them.
    func read(after lastKey: String?, limit: Int, in transaction: PostgresTransaction) async throws -> [Row] {
        let columns = written + sources.sorted()
        let condition = lastKey == nil ? "" : "where \(table.key) > $2::text::\(table.keyType)"
        let statement = PostgresStatement(
            """
            select \(table.key)::text as rotated_key, \(columns.joined(separator: ", ")) from \(table.name) \(condition)
            order by \(table.key) limit $1::bigint for no key update skip locked
            """,
            [.int8(Int64(limit))] + (lastKey.map { [.text($0)] } ?? []))
        return try await transaction.query(statement).rows.map { row in
            var values: [String: [UInt8]] = [:]
            for column in columns { values[column] = try row.decodeIfPresent(column, as: [UInt8].self) }
            return Row(key: try row.decode("rotated_key"), values: values)
        }
    }

    /// Writes the rows that need it; hashes that nothing leads to are left, and the report counts them.
    ///
    /// - Returns: how many rows it has written.
    func rewrite(_ rows: [Row], in transaction: PostgresTransaction) async throws -> Int {
        var changed: [Row] = []
        for row in rows {
            let renewed = try renewed(row)
            if renewed.values != row.values { changed.append(renewed) }
        }
        guard !changed.isEmpty else { return 0 }
        let columns = written
        let places = columns.indices.map { "$\($0 + 2)::bytea[]" }.joined(separator: ", ")
        let names = columns.indices.map { "c\($0)" }.joined(separator: ", ")
        let assignments = columns.enumerated().map { "\($1) = n.c\($0)" }.joined(separator: ", ")
        _ = try await transaction.query(
            PostgresStatement(
                """
                update \(table.name) t set \(assignments)
                from unnest($1::text[], \(places)) as n (rotated_key, \(names))
                where t.\(table.key) = n.rotated_key::\(table.keyType)
                """,
                [.textArray(changed.map(\.key))]
                    + columns.map { column in .byteaArray(changed.map { $0.values[column] }) }))
        return changed.count
    }

    private func renewed(_ row: Row) throws -> Row {
        var row = row
        for lookup in table.lookups where row.values[lookup.name] != nil {
            do {
                switch lookup.origin {
                case .seal(let column):
                    guard let sealed = row.values[column], let renewed = try cipher.renewedLookup(sealed) else {
                        continue
                    }
                    row.values[lookup.name] = renewed.hash
                    row.values[column] = renewed.sealed
                case .values(let columns, let field):
                    if let hash = try hash(of: columns, field: field, row) { row.values[lookup.name] = hash }
                }
            } catch let error as FieldCipherError where error.code != .noKeys {
                // One value that cannot be read must not keep the others under an old key.
                continue
            }
        }
        return row
    }

    /// The hash of the values of columns; nil where one of them is not there.
    private func hash(of columns: [String], field: String?, _ row: Row) throws -> [UInt8]? {
        var text = ""
        var bound = field
        for column in columns {
            guard let ciphertext = row.values[column],
                let own = table.encryptedColumns.first(where: { $0.name == column })?.field
            else { return nil }
            text += try cipher.decrypt(ciphertext, field: own)
            bound = bound ?? own
        }
        return try bound.map { try cipher.lookupHash(text, field: $0) }
    }
}
