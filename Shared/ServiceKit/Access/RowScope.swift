import Models
import Postgres

/// The second fence: what rows the database lets the present task see (row-level security, `service_kit.in_scope`).
///
/// Where nothing is said, the database shows nothing of the tables that have a division.
package enum RowScope {
    /// The server's setting that the policies read.
    static let setting = "tiaokuai.scope"

    /// Runs work of the service itself (readers, clocks, relay, operations), which sees every row.
    nonisolated(nonsending) package static func service<Value>(
        _ work: nonisolated(nonsending) () async throws -> Value
    ) async rethrows -> Value {
        try await with(.everything, work)
    }

    /// Lets a transaction that others have begun see every row from here on; sent with its next statement.
    static func openService(_ transaction: PostgresTransaction) {
        transaction.enqueue(PostgresTaskSetting(setting, ScopeFilter.everything.rowScope).statement)
    }

    /// Runs work that sees the rows of a filter.
    nonisolated(nonsending) package static func with<Value>(
        _ filter: ScopeFilter, _ work: nonisolated(nonsending) () async throws -> Value
    ) async rethrows -> Value {
        let settings = [PostgresTaskSetting(setting, filter.rowScope)]
        return try await PostgresTaskSetting.$current.withValue(settings, operation: work)
    }
}

extension ScopeFilter {
    /// The filter as the policies read it: `*`, or prefixes, `unit:<code>` and `self:<subject>` separated by commas.
    package var rowScope: String {
        if isEverything { return "*" }
        // A subject with a comma cannot be written; it then opens nothing.
        let subject = own.flatMap { $0.contains(",") ? nil : "self:\($0)" }
        return (prefixes + units.map { "unit:\($0)" } + [subject].compactMap(\.self)).joined(separator: ",")
    }
}
