import CLibpq
import Glibc

/// Owns a `PGresult` and frees it with its last reader.
///
/// `@unchecked Sendable`: a `PGresult` is not changed after it was made, and libpq allows any number of threads to read
/// it (libpq documentation, 34.20); only `deinit` frees it.
final class ResultStorage: @unchecked Sendable {
    let pointer: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    /// Takes ownership of `pointer`.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        rowCount = Int(PQntuples(pointer))
        columnCount = Int(PQnfields(pointer))
    }

    deinit {
        PQclear(pointer)
    }

    /// The place of a column, the first one of that name.
    ///
    /// Linear: results are narrow, and a dictionary for each would cost more than it saves.
    func index(of column: String) -> Int? {
        var column = column
        return column.withUTF8 { wanted in
            (0..<columnCount).first { index in
                guard let name = PQfname(pointer, Int32(index)) else { return false }
                return Self.text(name, is: wanted)
            }
        }
    }

    /// Compares a C string without making a string of it.
    static func text(_ text: UnsafePointer<CChar>, is wanted: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = wanted.baseAddress, !wanted.isEmpty else { return text[0] == 0 }
        return strncmp(text, start, wanted.count) == 0 && text[wanted.count] == 0
    }

    func cell(row: Int, column: Int) -> PostgresCell {
        let row = Int32(row)
        let column = Int32(column)
        let type = PostgresType(oid: PQftype(pointer, column))
        guard PQgetisnull(pointer, row, column) == 0, let start = PQgetvalue(pointer, row, column) else {
            return PostgresCell(bytes: nil, type: type, owner: self)
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(pointer, row, column)))
        return PostgresCell(bytes: bytes, type: type, owner: self)
    }
}

/// What a statement answered: rows, or how many rows it touched.
///
/// Rows are decoded on demand from the memory that libpq received them in. Safe to pass between threads.
package struct PostgresResult: Sendable {
    let storage: ResultStorage

    /// The rows, in the order of the server.
    package var rows: PostgresRows { PostgresRows(storage: storage) }

    /// Rows inserted, updated, deleted, selected or copied; 0 for other statements.
    package var affectedRows: Int {
        guard let text = PQcmdTuples(storage.pointer) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    /// The server's word for what it did, such as `INSERT 0 1` or `COMMIT`.
    package var commandTag: String {
        guard let text = PQcmdStatus(storage.pointer) else { return "" }
        return String(cString: text)
    }

    /// Whether the tag is `tag`, without making a string of it.
    func hasCommandTag(_ tag: StaticString) -> Bool {
        guard let text = PQcmdStatus(storage.pointer) else { return false }
        return tag.withUTF8Buffer { ResultStorage.text(text, is: $0) }
    }
}

/// The rows of a result.
package struct PostgresRows: Sendable, RandomAccessCollection {
    let storage: ResultStorage

    /// 0.
    package var startIndex: Int { 0 }
    /// The number of rows.
    package var endIndex: Int { storage.rowCount }

    /// The row at `position`.
    package subscript(position: Int) -> PostgresRow {
        precondition(position >= 0 && position < storage.rowCount, "row index out of range")
        return PostgresRow(storage: storage, row: position)
    }
}

/// One row of a result.
package struct PostgresRow: Sendable {
    let storage: ResultStorage
    let row: Int

    /// Returns the value of a column by name.
    ///
    /// With an optional type, null is `nil`.
    ///
    /// - Throws: ``PostgresError`` with code `decoding`, naming the column and never the value, when there is no such
    ///   column, the value is null or of another data type.
    package func decode<T: PostgresDecodable>(_ column: String, as type: T.Type = T.self) throws -> T {
        guard let index = storage.index(of: column) else {
            throw PostgresError.decoding(column: column, reason: "is not in the result")
        }
        return try decode(at: index, named: column, as: type)
    }

    /// Returns the value of a column by name, `nil` for null.
    ///
    /// - Throws: As ``decode(_:as:)``.
    package func decodeIfPresent<T: PostgresDecodable>(_ column: String, as type: T.Type = T.self) throws -> T? {
        try decode(column, as: T?.self)
    }

    /// Returns the value of the column at a place, counted from 0; for results of one column and for tight loops.
    ///
    /// - Throws: As ``decode(_:as:)``; the column is named by its place.
    package func decode<T: PostgresDecodable>(at index: Int, as type: T.Type = T.self) throws -> T {
        guard index >= 0, index < storage.columnCount else {
            throw PostgresError.decoding(column: "#\(index)", reason: "is not in the result")
        }
        return try decode(at: index, named: nil, as: type)
    }

    private func decode<T: PostgresDecodable>(at index: Int, named column: String?, as type: T.Type) throws -> T {
        do {
            return try T(postgres: storage.cell(row: row, column: index))
        } catch let failure as PostgresDecodingFailure {
            throw PostgresError.decoding(column: column ?? "#\(index)", reason: failure.reason)
        }
    }
}
