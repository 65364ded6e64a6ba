import CLibpq

/// What does not run in pipeline mode: scripts and COPY.
extension ConnectionWorker {
    /// Bytes of a COPY that are handed to the caller at once.
    private static let copyChunkBytes = 128 * 1024

    /// Leaves pipeline mode and sends a command by the simple protocol.
    func startScript(_ exchange: Exchange) -> PostgresError? {
        let sql: String
        switch exchange.kind {
        case .script(let text), .copyIn(let text), .copyOut(let text): sql = text
        case .statements, .copyData, .copyEnd, .copyNext: return nil
        }
        mailbox.condition = .busy
        script = exchange
        guard PQexitPipelineMode(connection) == 1, PQsendQuery(connection, sql) == 1 else { return lost() }
        machine.sentScript(until: .now() + exchange.patience)
        return nil
    }

    /// Deals with one result of a script or COPY, which it owns.
    func scriptAnswer(_ result: OpaquePointer?) -> PostgresError? {
        guard let result else { return finishScript() }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
            // A script may have thousands of statements, and nobody reads their results but those of a COPY.
            if case .script = script?.kind { PQclear(result) } else { keep(result) }
            return nil
        case PGRES_COPY_IN:
            PQclear(result)
            return startedCopy(in: true)
        case PGRES_COPY_OUT:
            PQclear(result)
            return startedCopy(in: false)
        default:
            let error = PostgresError(result: result)
            PQclear(result)
            if script?.failure == nil { script?.failure = error }
            return error.code == .connection ? error : nil
        }
    }

    private func keep(_ result: OpaquePointer) {
        script?.results.append(PostgresResult(storage: ResultStorage(result)))
    }

    /// All results are in: back to pipeline mode, then the caller.
    private func finishScript() -> PostgresError? {
        guard PQenterPipelineMode(connection) == 1 else { return lost() }
        machine.resumedPipeline()
        publishCondition()
        let exchange = script
        script = nil
        switch exchange?.kind {
        case .copyIn, .copyOut:
            // It should have started a COPY and has done something else.
            exchange?.fail(
                PostgresError(.protocolViolation, reason: "the statement is not the COPY that was asked for"))
        default: exchange?.complete()
        }
        return nil
    }

    private func startedCopy(in isIncoming: Bool) -> PostgresError? {
        switch (script?.kind, isIncoming) {
        case (.copyIn, true): machine.startedCopyIn()
        case (.copyOut, false):
            isCopyOutOver = false
            machine.startedCopyOut()
        default: return PostgresError(.protocolViolation, reason: "a COPY that was not asked for")
        }
        script?.complete()
        script = nil
        return nil
    }

    /// Takes the caller's next step in a COPY.
    func continueCopy(_ exchange: Exchange) {
        let deadline = MonotonicTime.now() + exchange.patience
        switch (exchange.kind, machine.phase) {
        case (.copyData(let bytes), .copyingIn):
            guard putCopyData(bytes) else { return exchange.fail(lost()) }
            copyRequest = exchange
            machine.sentCopyData(until: deadline)
        case (.copyEnd(let reason), .copyingIn):
            guard PQputCopyEnd(connection, reason) == 1 else { return exchange.fail(lost()) }
            script = exchange
            machine.sentScript(until: deadline)
        case (.copyNext, .copyingOut):
            copyRequest = exchange
            machine.wantsCopyData(true, until: deadline)
            // Rows may be in the buffer already, and then the socket will not wake anybody.
            if let failure = readCopyData() { copyFailed(failure) }
        default:
            exchange.fail(PostgresError(.protocolViolation, reason: "no COPY is open"))
        }
    }

    private func putCopyData(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { raw in
            let start = raw.baseAddress?.assumingMemoryBound(to: CChar.self)
            return bytes.isEmpty || PQputCopyData(connection, start, Int32(raw.count)) == 1
        }
    }

    private func copyFailed(_ failure: PostgresError) {
        copyRequest?.fail(failure)
        copyRequest = nil
        mailbox.requestClose()
    }

    /// A piece of a COPY has left: the caller may bring the next.
    func copyDataLeft() {
        guard machine.phase == .copyingIn, let exchange = copyRequest else { return }
        copyRequest = nil
        machine.copyDataFlushed()
        exchange.complete()
    }

    /// Gathers rows of a COPY for the caller who waits for them.
    func readCopyData() -> PostgresError? {
        guard let exchange = copyRequest else { return nil }
        var chunk: [UInt8] = []
        while chunk.count < Self.copyChunkBytes, !isCopyOutOver {
            var row: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(connection, &row, 1)
            if length == 0 { break }
            if length == -2 { return lost() }
            if length == -1 {
                isCopyOutOver = true
                break
            }
            chunk.append(contentsOf: UnsafeRawBufferPointer(start: row, count: Int(length)))
            PQfreemem(row)
        }
        if !chunk.isEmpty {
            exchange.chunk = chunk
            copyRequest = nil
            machine.wantsCopyData(false, until: nil)
            exchange.complete()
        } else if isCopyOutOver {
            copyRequest = nil
            script = exchange
            machine.endedCopy(until: .now() + exchange.patience)
            return drain()
        }
        return nil
    }
}
