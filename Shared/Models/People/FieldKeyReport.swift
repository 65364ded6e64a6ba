import Foundation

/// How many encrypted values of a service stand under which key.
package struct FieldKeyReport: Codable, Sendable, Equatable {
    /// The values of a column under one key.
    package struct Values: Codable, Sendable, Equatable {
        /// Schema and table.
        package let table: String
        /// The column.
        package let column: String
        /// The id of the key; nil where the bytes are no ciphertext.
        package let key: String?
        /// How many.
        package let count: Int
        /// Whether the service has that key.
        package let isReadable: Bool

        /// Counts the values of a column under one key.
        package init(table: String, column: String, key: String?, count: Int, isReadable: Bool) {
            self.table = table
            self.column = column
            self.key = key
            self.count = count
            self.isReadable = isReadable
        }
    }

    /// How far the rotation of a table has come.
    package struct Progress: Codable, Sendable, Equatable {
        /// Schema and table.
        package let table: String
        /// Rows written anew so far.
        package let rewritten: Int
        /// When it was finished; nil while it runs.
        package let finishedAt: Date?

        /// Says how far a table is.
        package init(table: String, rewritten: Int, finishedAt: Date?) {
            self.table = table
            self.rewritten = rewritten
            self.finishedAt = finishedAt
        }
    }

    /// The key that encrypts; nil when the service has no keys.
    package let current: String?
    /// The key that hashes, `lookup/` and its id; nil when the service has none, or only ciphertexts are told of.
    package let currentLookup: String?
    /// The values by table, column and key.
    package let values: [Values]
    /// The rotation to the current key; empty when nobody has asked for it.
    package let rotation: [Progress]
    /// Values that no key of the service opens.
    package let unreadable: Int
    /// Values under other keys than the current one.
    package let outstanding: Int

    /// Whether a rotation is under way.
    package var isRunning: Bool { rotation.contains { $0.finishedAt == nil } }

    /// Puts a report together.
    package init(current: String?, currentLookup: String? = nil, values: [Values], rotation: [Progress]) {
        self.current = current
        self.currentLookup = currentLookup
        self.values = values
        self.rotation = rotation
        unreadable = values.reduce(0) { $0 + ($1.isReadable ? 0 : $1.count) }
        outstanding = values.reduce(0) { sum, values in
            sum + (values.key == current || values.key != nil && values.key == currentLookup ? 0 : values.count)
        }
    }

    /// Tells of ciphertexts and of hashes in one.
    package func joined(withLookups lookups: FieldKeyReport) -> FieldKeyReport {
        FieldKeyReport(
            current: current, currentLookup: lookups.current, values: values + lookups.values,
            rotation: rotation + lookups.rotation)
    }
}
