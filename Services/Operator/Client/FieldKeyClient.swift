import Foundation
import Models

/// Asks services about the keys of personal fields.
package struct FieldKeyClient: Sendable {
    /// Whom it asks through.
    package let client: ServiceClient

    /// A service's answer: how many values stand under which key.
    package struct Report: Codable, Sendable, Equatable {
        /// Values of a column under a key.
        package struct Values: Codable, Sendable, Equatable {
            /// Schema and table.
            package let table: String
            /// The column.
            package let column: String
            /// The key's id; nil where the bytes are no ciphertext.
            package let key: String?
            /// How many.
            package let count: Int
            /// Whether the service has the key.
            package let isReadable: Bool
        }

        /// How far a table is.
        package struct Progress: Codable, Sendable, Equatable {
            /// Schema and table.
            package let table: String
            /// Rows written anew.
            package let rewritten: Int
            /// When it was finished; nil while it runs.
            package let finishedAt: Date?
        }

        /// The key that encrypts; nil when the service has none.
        package let current: String?
        /// By table, column and key.
        package let values: [Values]
        /// The rotation to the current key.
        package let rotation: [Progress]
        /// Values that no key of the service opens.
        package let unreadable: Int
        /// Values under other keys than the current one.
        package let outstanding: Int

        /// Whether a rotation is under way.
        package var isRunning: Bool { rotation.contains { $0.finishedAt == nil } }
    }

    /// What stands under which key.
    package func report(of service: ServiceName) async throws -> Report {
        try await client.send(.get(service, "/v1/field-keys"), as: Report.self)
    }

    /// Asks for the rotation to the current key.
    package func rotate(_ service: ServiceName) async throws -> Report {
        try await client.send(.post(service, "/v1/field-keys/rotation", isRepeatable: true), as: Report.self)
    }
}
