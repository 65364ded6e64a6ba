import Models

/// Asks services about the keys of personal fields.
package struct FieldKeyClient: Sendable {
    /// Whom it asks through.
    package let client: ServiceClient

    /// What stands under which key.
    package func report(of service: ServiceName) async throws -> FieldKeyReport {
        try await client.send(.get(service, "/v1/field-keys"), as: FieldKeyReport.self)
    }

    /// Asks for the rotation to the current key.
    package func rotate(_ service: ServiceName) async throws -> FieldKeyReport {
        try await client.send(.post(service, "/v1/field-keys/rotation", isRepeatable: true), as: FieldKeyReport.self)
    }
}
