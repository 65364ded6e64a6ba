extension PostgresConnection {
    /// Pieces of at least this size are sent to the server at once; smaller ones are gathered.
    private static let copyPieceBytes = 128 * 1024

    /// Sends rows by `COPY … FROM STDIN` and returns how many the server took.
    ///
    /// `rows` is called for the next piece of the input until it returns `nil`; pieces need not end with a row. Errors in
    /// the rows come at the end. When `rows` throws, no row is stored and its error is thrown. Other requests to the
    /// connection wait.
    ///
    /// - Throws: ``PostgresError``, or what `rows` throws.
    nonisolated(nonsending) package func copyIn(
        _ sql: String, rows: nonisolated(nonsending) () async throws -> [UInt8]?
    ) async throws -> Int {
        try PostgresStatement(sql).checkParameters()
        _ = try await perform(.copyIn(sql), patience: patience).get()
        do {
            var piece: [UInt8] = []
            while let next = try await rows() {
                piece.append(contentsOf: next)
                if piece.count >= Self.copyPieceBytes { try await send(&piece) }
            }
            try await send(&piece)
        } catch {
            // The outcome is the server's word for the refusal; the caller's own error says more.
            _ = await perform(.copyEnd(abortReason: "the client gave up"), patience: patience)
            throw error
        }
        let results = try await perform(.copyEnd(abortReason: nil), patience: patience).get()
        return results.last?.affectedRows ?? 0
    }

    /// As the other `copyIn`, with the pieces of a sequence.
    nonisolated(nonsending) package func copyIn<Rows: AsyncSequence>(
        _ sql: String, rows: Rows
    ) async throws -> Int where Rows.Element == [UInt8] {
        var iterator = rows.makeAsyncIterator()
        return try await copyIn(sql) { try await iterator.next(isolation: #isolation) }
    }

    /// Receives rows by `COPY … TO STDOUT` and returns how many there were.
    ///
    /// `receive` is called with one or more whole rows at a time; while it works the server is held back. When it throws,
    /// the connection is closed, for the rest of the rows would have to be read first. Other requests to the connection
    /// wait.
    ///
    /// - Throws: ``PostgresError``, or what `receive` throws.
    nonisolated(nonsending) package func copyOut(
        _ sql: String, _ receive: nonisolated(nonsending) ([UInt8]) async throws -> Void
    ) async throws -> Int {
        try PostgresStatement(sql).checkParameters()
        _ = try await perform(.copyOut(sql), patience: patience).get()
        while true {
            let outcome = await perform(.copyNext, patience: patience)
            if let failure = outcome.failure { throw failure }
            guard let chunk = outcome.chunk else { return outcome.results.last?.affectedRows ?? 0 }
            do {
                try await receive(chunk)
            } catch {
                mailbox.requestClose()
                throw error
            }
        }
    }

    private nonisolated(nonsending) func send(_ piece: inout [UInt8]) async throws {
        var rest = piece[...]
        while !rest.isEmpty {
            let part = [UInt8](rest.prefix(2 * Self.copyPieceBytes))
            rest = rest.dropFirst(part.count)
            _ = try await perform(.copyData(part), patience: patience).get()
        }
        piece.removeAll(keepingCapacity: true)
    }
}
