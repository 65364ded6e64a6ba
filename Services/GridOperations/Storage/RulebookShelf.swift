import Foundation
import Models
import Postgres
import ServiceKit
import Synchronization

/// The published rulebooks, in memory: what is published never changes, so only news have to be looked for.
///
/// A version is published a minute before reports keep to it at least (`PublishRulebook`), and looked for every few
/// seconds, so every replica knows it in time.
package final class RulebookShelf: RulebooksInForce {
    /// Which version counts from when.
    private struct Entry: Sendable {
        let number: Int
        let effectiveFrom: Date
    }

    private struct State {
        /// The newest beginning first.
        var entries: [Entry] = []
        var readAt: ContinuousClock.Instant?
        var isReading = false
        var versions: [Int: RulebookInForce] = [:]
    }

    /// After this long the list is looked at again; one caller does, the others use what is known.
    private static let freshness = Duration.seconds(5)
    /// After this long nobody goes on without having looked.
    private static let patience = Duration.seconds(30)
    /// So many versions are kept in memory; older incidents load theirs again.
    private static let versionsMax = 16

    private let pool: PostgresPool
    private let state = Mutex(State())

    /// Reads from a database.
    package init(pool: PostgresPool) { self.pool = pool }

    package func current(at moment: Date) async throws -> RulebookInForce {
        if mustRead() { try await read() }
        guard let number = number(at: moment) else { throw NoRulebookInForce() }
        return try await version(number, with: pool)
    }

    package func version(of incident: Incident, at moment: Date) async throws -> RulebookInForce {
        if let number = incident.rulebook { return try await version(number, with: pool) }
        return try await current(at: moment)
    }

    /// A published version, from memory or from the database.
    ///
    /// - Parameter executor: what runs the statement, for example the transaction that needs it.
    func version(_ number: Int, with executor: some PostgresExecutor) async throws -> RulebookInForce {
        if let known = state.withLock({ $0.versions[number] }) { return known }
        let result = try await executor.query(
            "select content from grid.rulebooks where number = \(Int32(number)) and state = 'published'")
        guard let row = result.rows.first else { throw NoRulebookInForce() }
        let text: String = try row.decode("content")
        let version = RulebookInForce(
            number: number, content: try SuiteJSON.decode(Rulebook.self, from: Array(text.utf8)))
        state.withLock { state in
            if state.versions.count >= Self.versionsMax { state.versions = [:] }
            state.versions[number] = version
        }
        return version
    }

    /// The version that counts for an incident, for the transaction that changes it.
    func version(
        of incident: Incident, at moment: Date, in transaction: PostgresTransaction
    ) async throws -> RulebookInForce {
        if let number = incident.rulebook { return try await version(number, with: transaction) }
        return try await current(at: moment)
    }

    private func number(at moment: Date) -> Int? {
        state.withLock { $0.entries.first { $0.effectiveFrom <= moment }?.number }
    }

    /// Whether this caller has to look; of several at once one is enough, unless nobody has looked for long.
    private func mustRead() -> Bool {
        state.withLock { state in
            guard let readAt = state.readAt else { return true }
            let age = ContinuousClock.now - readAt
            guard age > Self.freshness, !state.isReading || age > Self.patience else { return false }
            state.isReading = true
            return true
        }
    }

    private func read() async throws {
        let start = ContinuousClock.now
        defer { state.withLock { $0.isReading = false } }
        let entries = try await pool.query(
            """
            select number, effective_from from grid.rulebooks where state = 'published'
            order by effective_from desc limit 100
            """
        ).rows.map { row in
            Entry(
                number: Int(try row.decode("number", as: Int32.self)), effectiveFrom: try row.decode("effective_from"))
        }
        state.withLock { ($0.entries, $0.readAt) = (entries, start) }
    }
}
