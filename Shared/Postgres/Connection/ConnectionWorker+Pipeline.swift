import CLibpq

extension ConnectionWorker {
    /// Sends a group of statements with its synchronisation; returns why the connection cannot go on.
    func send(_ list: [PostgresStatement], of exchange: Exchange) -> PostgresError? {
        batch += 1
        let deadline = MonotonicTime.now() + exchange.patience
        if statements.hasSurplus, machine.isIdle, PQtransactionStatus(connection) == PQTRANS_IDLE {
            if let failure = dropSurplus(until: deadline) { return failure }
        }
        mailbox.condition = .busy
        for statement in list {
            guard send(statement, until: deadline) else { return lost() }
        }
        guard PQpipelineSync(connection) == 1 else { return lost() }
        machine.sent(.synchronization, until: deadline)
        return nil
    }

    private func send(_ statement: PostgresStatement, until deadline: MonotonicTime) -> Bool {
        let name: String
        switch statements.plan(for: statement, batch: batch) {
        case .execute(let known): name = known
        case .prepare(let new):
            name = new
            guard prepare(statement, name: new, until: deadline) else { return false }
        case .unnamed:
            name = ""
            guard prepare(statement, name: "", until: deadline) else { return false }
        }
        parameters.encode(statement.parameters)
        let count = Int32(statement.parameters.count)
        let isSent = parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1) == 1
        }
        if isSent { machine.sent(.statement, until: deadline) }
        return isSent
    }

    private func prepare(_ statement: PostgresStatement, name: String, until deadline: MonotonicTime) -> Bool {
        let types = statement.parameters.map(\.type.oid)
        guard PQsendPrepare(connection, name, statement.sql, Int32(types.count), types) == 1 else { return false }
        machine.sent(.prepare(name: name), until: deadline)
        return true
    }

    /// Drops statements that are no longer wanted, in a group of its own ahead of the next one: no round trip more.
    private func dropSurplus(until deadline: MonotonicTime) -> PostgresError? {
        for name in statements.takeSurplus() {
            guard PQsendQueryParams(connection, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 0) == 1 else {
                return lost()
            }
            machine.sent(.housekeeping, until: deadline)
        }
        guard PQpipelineSync(connection) == 1 else { return lost() }
        machine.sent(.housekeepingSynchronization, until: deadline)
        return nil
    }

    /// Deals with one result in pipeline mode, which it owns.
    func pipelineAnswer(_ result: OpaquePointer?) -> PostgresError? {
        let verdict = machine.answered(Self.answer(result))
        if verdict == .result, let result {
            inFlight.first?.results.append(PostgresResult(storage: ResultStorage(result)))
            return nil
        }
        defer { PQclear(result) }
        switch verdict {
        case .nothing, .result: return nil
        case .prepared(let name): statements.prepared(name)
        case .notPrepared(let name, let isFirst):
            statements.failed(name)
            if isFirst { return record(failure: result) }
        case .failure: return record(failure: result)
        case .finished: finishGroup()
        case .violation:
            guard PQstatus(connection) != CONNECTION_BAD else { return lost() }
            return PostgresError(
                .protocolViolation, reason: "an answer that was not asked for, such as COPY by query()")
        }
        return nil
    }

    /// Notes the first failure of the group that is answered; a failure that ended the session ends the connection.
    private func record(failure result: OpaquePointer?) -> PostgresError? {
        guard let result else { return nil }
        let error = PostgresError(result: result)
        guard let exchange = inFlight.first else { return error.code == .connection ? error : nil }
        if exchange.failure == nil { exchange.failure = error }
        if error.isStaleStatement, case .statements(let list) = exchange.kind, exchange.results.count < list.count {
            statements.forget(sql: list[exchange.results.count].sql)
        }
        return error.code == .connection ? error : nil
    }

    private func finishGroup() {
        guard let exchange = inFlight.popFirst() else { return }
        publishCondition()
        exchange.complete()
    }

    private static func answer(_ result: OpaquePointer?) -> ProtocolMachine.Answer {
        guard let result else { return .end }
        return switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: .success
        case PGRES_PIPELINE_SYNC: .synchronized
        case PGRES_PIPELINE_ABORTED: .skipped
        case PGRES_COPY_IN: .copyIn
        case PGRES_COPY_OUT: .copyOut
        default: .failure
        }
    }
}
