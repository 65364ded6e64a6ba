import Models

/// Takes in what the topic of divisions says.
package struct LearnDivisions: Sendable {
    private let directory: any DivisionDirectory

    /// Makes the use case over a directory.
    package init(directory: any DivisionDirectory) { self.directory = directory }

    /// Learns facts in the order in which they came: the last one about a division stands.
    package func callAsFunction(_ facts: [DivisionFacts]) async throws {
        var latest: [DivisionCode: KnownDivision] = [:]
        for fact in facts { latest[fact.code] = KnownDivision(code: fact.code, kind: fact.kind) }
        guard !latest.isEmpty else { return }
        // In the order of the codes, so that two readers never wait for each other.
        try await directory.put(latest.values.sorted { $0.code < $1.code })
    }
}
