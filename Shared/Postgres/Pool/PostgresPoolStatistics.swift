/// What a pool does, at one moment.
package struct PostgresPoolStatistics: Sendable, Hashable {
    /// Connections that are made, idle ones included.
    package let open: Int
    /// Connections that nobody uses.
    package let idle: Int
    /// Callers who wait for a connection.
    package let waiting: Int
    /// Connections given to callers since the start.
    package let acquiredTotal: Int
    /// Callers who waited in vain since the start.
    package let timeoutsTotal: Int
    /// Connections that were lost or given up since the start.
    package let discardedTotal: Int
}
