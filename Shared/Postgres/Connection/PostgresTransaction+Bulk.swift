/// What leaves pipeline mode.
extension PostgresTransaction {
    /// Sends rows by COPY within the transaction, see ``PostgresConnection/copyIn(_:rows:)``.
    nonisolated(nonsending) package func copyIn(
        _ sql: String, rows: nonisolated(nonsending) () async throws -> [UInt8]?
    ) async throws -> Int {
        try await outsidePipeline { try await connection.copyIn(sql, rows: rows) }
    }

    /// Receives rows by COPY within the transaction, see ``PostgresConnection/copyOut(_:_:)``.
    nonisolated(nonsending) package func copyOut(
        _ sql: String, _ receive: nonisolated(nonsending) ([UInt8]) async throws -> Void
    ) async throws -> Int {
        try await outsidePipeline { try await connection.copyOut(sql, receive) }
    }

    /// Runs a script within the transaction, see ``PostgresConnection/script(_:timeout:)``.
    package func script(_ sql: String, timeout: Duration? = nil) async throws {
        try await outsidePipeline { try await connection.script(sql, timeout: timeout) }
    }

    private nonisolated(nonsending) func outsidePipeline<R>(
        _ body: nonisolated(nonsending) () async throws -> R
    ) async throws -> R {
        // BEGIN and what was enqueued cannot travel with it.
        try await begin()
        do {
            return try await body()
        } catch {
            // Whatever went wrong, the server may have refused a command, and then COMMIT will be answered by ROLLBACK.
            if let error = error as? PostgresError { note(error) }
            throw error
        }
    }
}
