import Models

/// Sends the rows of a sheet to the service that owns them.
package protocol BulkSender: Sendable {
    /// Sends at most `BulkBody.rowsMax` rows and says what became of them. Sending the same rows again does no harm.
    func send(_ rows: [MappedRow], to description: SheetDescription) async throws -> BulkAnswer
}

/// Sends rows by HTTP.
package struct HTTPBulkSender: BulkSender {
    private let client: ServiceClient

    /// Makes a sender.
    package init(client: ServiceClient) { self.client = client }

    package func send(_ rows: [MappedRow], to description: SheetDescription) async throws -> BulkAnswer {
        let body = try ServiceJSON.encode(BulkBody(rows: rows))
        return try await client.send(
            .post(description.service, description.path, body: body, isRepeatable: true), as: BulkAnswer.self)
    }
}
