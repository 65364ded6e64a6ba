/// Growing pauses between attempts, drawn at random so that those who failed together do not meet again.
package struct Backoff: Sendable {
    let first: Duration
    let longest: Duration

    /// Between attempts of a transaction that lost against another.
    package static let transaction = Backoff(first: .milliseconds(5), longest: .milliseconds(500))
    /// Between attempts to connect to a server that is away.
    static let connecting = Backoff(first: .milliseconds(20), longest: .milliseconds(500))

    /// The longest pause before attempt `attempt + 1`; the first attempt is 1.
    package func limit(attempt: Int) -> Duration {
        min(longest, first * (1 << min(max(0, attempt - 1), 20)))
    }

    /// Pauses between half the limit and the limit.
    ///
    /// - Throws: ``PostgresError`` with code `cancelled`.
    nonisolated(nonsending) func pause(attempt: Int) async throws {
        do {
            try await Task.sleep(for: limit(attempt: attempt) * Double.random(in: 0.5...1))
        } catch {
            throw PostgresError(.cancelled)
        }
    }
}
