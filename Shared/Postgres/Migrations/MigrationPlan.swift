/// Which files are still to be applied, given what a database has seen.
package struct MigrationPlan {
    /// Files to apply, in order.
    package let pending: [Migration]
    /// Names of applied migrations whose files this program does not have: a newer version has been here.
    package let unknown: [String]

    /// Compares files with what was applied.
    ///
    /// - Parameters:
    ///   - files: All files with their checksums, set by set in order.
    ///   - applied: What the database has seen.
    /// - Throws: ``MigrationError`` with code `changed` for a file that is not what was applied.
    package init(files: [(migration: Migration, checksum: String)], applied: [AppliedMigration]) throws {
        struct Place: Hashable {
            let set: String
            let number: Int
        }
        var seen: [Place: AppliedMigration] = [:]
        for migration in applied { seen[Place(set: migration.set, number: migration.number)] = migration }
        var pending: [Migration] = []
        for (migration, checksum) in files {
            guard let known = seen.removeValue(forKey: Place(set: migration.set, number: migration.number)) else {
                pending.append(migration)
                continue
            }
            guard known.checksum == checksum else {
                throw MigrationError(.changed, set: migration.set, file: migration.file)
            }
        }
        let sets = Set(files.map(\.migration.set))
        self.pending = pending
        unknown = seen.values.filter { sets.contains($0.set) }.map { "\($0.set)/\($0.file)" }.sorted()
    }
}
