import Foundation
import Messaging
import Models
import Postgres

/// The migrations of a service, in the order in which they are applied.
package enum ServiceMigrations {
    /// Those of the messaging core, of this kit, and the service's own under its name.
    package static func sets(service: ServiceName, own: URL) -> [MigrationSet] {
        [
            MigrationSet(name: "messaging", directory: MessagingMigrations.directory),
            MigrationSet(name: "service-kit", directory: directory),
            MigrationSet(name: service.rawValue, directory: own),
        ]
    }

    /// Where the kit's own migrations lie.
    package static var directory: URL { Bundle.module.bundleURL.appendingPathComponent("Migrations") }
}

/// Compares what the program brings with what the database has seen.
package enum MigrationHeads {
    /// Why the database is not as it must be; nil when it is.
    ///
    /// A database that is ahead is as it must be: during an upgrade the older replicas still run, and migrations are
    /// made so that they can.
    package static func difference(newest: [String: Int], applied: [String: Int]) -> String? {
        let behind = newest.filter { $0.value > (applied[$0.key] ?? 0) }.sorted { $0.key < $1.key }
        guard !behind.isEmpty else { return nil }
        let sets = behind.map { "\($0.key) \(applied[$0.key] ?? 0) of \($0.value)" }.joined(separator: ", ")
        return "migrations are missing (\(sets)); run the migrate command"
    }

    /// All heads in one text for `/status`, `messaging/2 service-kit/1 …`.
    package static func text(_ applied: [String: Int]) -> String {
        applied.sorted { $0.key < $1.key }.map { "\($0.key)/\($0.value)" }.joined(separator: " ")
    }
}
