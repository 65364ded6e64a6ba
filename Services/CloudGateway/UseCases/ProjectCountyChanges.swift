import Models

/// Where the gateway's picture of the county is kept.
package protocol CountyProjection: Sendable {
    /// Writes what changed, all of it in the transaction of the batch that it came from.
    ///
    /// Facts replace what was known of an aggregate; what is gone is taken out, and taking out what is not there is
    /// no error. Member counts replace those of the same or an earlier day only.
    func write(_ changes: CountyChanges) async throws
}

/// Brings what a batch of events changed into the picture of the county.
package struct ProjectCountyChanges: Sendable {
    package init() {}

    /// Writes the changes.
    package func callAsFunction(_ changes: CountyChanges, to projection: any CountyProjection) async throws {
        try await projection.write(changes)
    }
}
