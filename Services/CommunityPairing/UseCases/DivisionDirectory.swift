import Models

/// Keeps what this service knows of divisions.
package protocol DivisionDirectory: Sendable {
    /// Writes divisions over what was known of them, each code once.
    func put(_ divisions: [KnownDivision]) async throws
}
