import Foundation

/// A folder of migrations that are numbered on their own, such as those of one service or of one shared module.
package struct MigrationSet: Sendable, Hashable {
    /// Name under which the database remembers what was applied; never changed later.
    package let name: String
    /// Folder with files `NNNN_verb_object.sql`.
    package let directory: URL

    /// Names a folder.
    package init(name: String, directory: URL) {
        self.name = name
        self.directory = directory
    }

    /// Reads the files, in order of their numbers.
    ///
    /// - Throws: ``MigrationError`` for a wrong name, a gap, a twin or an unreadable file.
    package func migrations() throws -> [Migration] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        } catch {
            throw MigrationError(.unreadable, set: name, file: directory.lastPathComponent)
        }
        let ordered = try Self.ordered(names.filter { $0.hasSuffix(".sql") }, set: name)
        return try ordered.map { number, file in
            // Not text by way of a string: the checksum is that of the bytes.
            guard let data = FileManager.default.contents(atPath: directory.appendingPathComponent(file).path),
                let sql = String(validating: data, as: UTF8.self)
            else { throw MigrationError(.unreadable, set: name, file: file) }
            return Migration(set: name, number: number, file: file, sql: sql)
        }
    }

    /// Checks names and numbers: 0001, 0002, … without gap or twin.
    package static func ordered(_ files: [String], set: String) throws -> [(number: Int, file: String)] {
        var ordered: [(number: Int, file: String)] = []
        for file in files.sorted() {
            guard let match = file.wholeMatch(of: /([0-9]{4})_[a-z0-9]+(_[a-z0-9]+)*\.sql/), let number = Int(match.1)
            else { throw MigrationError(.badName, set: set, file: file) }
            if number == ordered.last?.number { throw MigrationError(.twin, set: set, file: file) }
            guard number == ordered.count + 1 else { throw MigrationError(.gap, set: set, file: file) }
            ordered.append((number, file))
        }
        return ordered
    }
}

/// One numbered file.
package struct Migration: Sendable, Hashable {
    /// Name of its set.
    package let set: String
    /// Number in its set, from 1.
    package let number: Int
    /// File name, `NNNN_verb_object.sql`.
    package let file: String
    /// The script.
    package let sql: String

    /// Makes a migration of its parts.
    package init(set: String, number: Int, file: String, sql: String) {
        self.set = set
        self.number = number
        self.file = file
        self.sql = sql
    }

    /// Whether the script runs outside a transaction, as `CREATE INDEX CONCURRENTLY` must: its first line is `--
    /// transaction: none`.
    ///
    /// Such a file holds one statement that can be repeated (`IF NOT EXISTS`).
    package var isOutsideTransaction: Bool {
        sql.split(separator: "\n", maxSplits: 1).first?.trimmingCharacters(in: .whitespaces) == "-- transaction: none"
    }
}

/// A migration that a database has seen.
package struct AppliedMigration: Sendable, Hashable {
    /// Name of its set.
    package let set: String
    /// Number in its set.
    package let number: Int
    /// File name at the time.
    package let file: String
    /// SHA-256 of the file at the time, in hexadecimal.
    package let checksum: String

    /// Makes an entry of its parts.
    package init(set: String, number: Int, file: String, checksum: String) {
        self.set = set
        self.number = number
        self.file = file
        self.checksum = checksum
    }
}

/// Why migrations could not be applied.
package struct MigrationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kind of trouble.
    package enum Code: Sendable, Hashable {
        /// The folder or a file cannot be read as UTF-8.
        case unreadable
        /// A file is not called `NNNN_verb_object.sql`.
        case badName
        /// A number is missing before this file.
        case gap
        /// Two files have the same number.
        case twin
        /// The file was changed after it had been applied.
        case changed
        /// Another runner held the lock for too long.
        case locked
        /// The database refused the script; nothing of it was kept.
        case refused
    }

    /// The kind of trouble.
    package let code: Code
    /// Name of the set.
    package let set: String
    /// File or folder name.
    package let file: String
    /// What the database said.
    package let cause: PostgresError?

    init(_ code: Code, set: String, file: String, cause: PostgresError? = nil) {
        self.code = code
        self.set = set
        self.file = file
        self.cause = cause
    }

    /// One sentence for a log.
    package var description: String {
        let place = "migration \(set)/\(file)"
        return switch code {
        case .unreadable: "\(place) cannot be read"
        case .badName: "\(place) is not named NNNN_verb_object.sql"
        case .gap: "\(place) leaves a gap in the numbers"
        case .twin: "\(place) has a number that is taken"
        case .changed: "\(place) was changed after it had been applied; add a new file instead"
        case .locked: "migrations are being applied by another runner"
        // Migrations hold no values of users, so the server's own words may be shown.
        case .refused: "\(place) was refused: \(cause.map { "\($0.debugDescription)" } ?? "unknown")"
        }
    }

    /// Equal when they say the same.
    package static func == (left: MigrationError, right: MigrationError) -> Bool {
        left.code == right.code && left.set == right.set && left.file == right.file
    }

    /// Hashes what equality compares.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(set)
        hasher.combine(file)
    }
}
