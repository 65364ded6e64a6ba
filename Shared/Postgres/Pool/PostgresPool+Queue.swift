import Logging
import Synchronization

extension PostgresPool {
    /// Gives a connection, at once or after others that waited longer.
    nonisolated(nonsending) func acquire(within timeout: Duration) async throws -> PostgresConnection {
        if let connection = state.withLock({ $0.machine.takeIdle(where: \.isOpen) }) { return connection }
        let id = state.withLock { state in
            state.lastWaiterID += 1
            return state.lastWaiterID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { enqueue($0, id: id, until: .now() + timeout) }
        } onCancel: {
            cancel(id)
        }
    }

    /// Takes a connection back.
    func release(_ connection: PostgresConnection) {
        if connection.mailbox.condition == .clean {
            let placement = state.withLock { $0.machine.released(connection) }
            settle(connection, placement)
        } else {
            if connection.isOpen { logger.warning("a connection came back with work undone and is closed") }
            connection.mailbox.requestClose()
            let opens = state.withLock { state in
                state.members[ObjectIdentifier(connection)] = nil
                return state.machine.discarded()
            }
            if opens { open() }
        }
        resumeDrainWaiters()
    }

    private func enqueue(_ waiter: Waiter, id: UInt64, until deadline: MonotonicTime) {
        enum Decision {
            case lease(PostgresConnection)
            case queue(PoolMachine<PostgresConnection, Waiter>.Queueing, timer: Bool)
        }
        let decision: Decision = state.withLock { state in
            // One may have come back since the first look.
            if let connection = state.machine.takeIdle(where: \.isOpen) { return .lease(connection) }
            let queueing = state.machine.enqueue(id: id, waiter, until: deadline)
            guard case .wait = queueing, state.timer.map({ deadline < $0 }) ?? true else {
                return .queue(queueing, timer: false)
            }
            state.timer = deadline
            return .queue(queueing, timer: true)
        }
        switch decision {
        case .lease(let connection): waiter.resume(returning: connection)
        case .queue(.reject(let error), _): waiter.resume(throwing: error)
        case .queue(.wait(let opens), let needsTimer):
            if opens { open() }
            if needsTimer { startTimer(deadline) }
            // The cancellation may have come before there was anything to cancel.
            if Task.isCancelled { cancel(id) }
        }
    }

    private func cancel(_ id: UInt64) {
        state.withLock { $0.machine.cancel(id: id) }?.resume(throwing: PostgresError(.cancelled))
    }

    private func settle(
        _ connection: PostgresConnection, _ placement: PoolMachine<PostgresConnection, Waiter>.Placement
    ) {
        switch placement {
        case .handOver(let waiter): waiter.resume(returning: connection)
        case .keep:
            // It may have been lost before it was idle, and then nobody will say so again.
            if !connection.isOpen { removeLost() }
        case .close:
            state.withLock { _ = $0.members.removeValue(forKey: ObjectIdentifier(connection)) }
            connection.mailbox.requestClose()
        }
    }

    // MARK: - Time

    /// One timer serves all callers, for nearly all of them have the same time to wait: it looks at the earliest deadline.
    private func startTimer(_ deadline: MonotonicTime) {
        Task { [weak self] in
            // Only cancellation makes the sleep throw, and nobody cancels this task.
            try? await Task.sleep(for: max(.zero, deadline.since(.now())))
            self?.expireWaiters(timer: deadline)
        }
    }

    private func expireWaiters(timer: MonotonicTime) {
        let (expired, error, next) = state.withLock { state in
            let outcome = state.machine.expire(at: .now())
            // An earlier timer than the one noted has been started since: that one will look.
            if let noted = state.timer, noted < timer { return (outcome.expired, outcome.error, MonotonicTime?.none) }
            state.timer = outcome.next
            return outcome
        }
        for waiter in expired { waiter.resume(throwing: error) }
        if let next { startTimer(next) }
    }

    // MARK: - Connections

    /// Makes a connection for those who wait, however long the server is away, as long as somebody waits.
    private func open() {
        Task { [weak self, configuration, logger] in
            var attempt = 1
            while true {
                do {
                    let connection = try await PostgresConnection.connect(configuration, logger: logger) {
                        [weak self] in
                        self?.removeLost()
                    }
                    guard let self else { return connection.mailbox.requestClose() }
                    self.opened(connection)
                    return
                } catch {
                    guard self?.shouldReconnect(after: error, attempt: attempt) == true else { return }
                    // Only cancellation makes the pause throw, and nobody cancels this task.
                    try? await Backoff.connecting.pause(attempt: attempt)
                    attempt += 1
                }
            }
        }
    }

    private func opened(_ connection: PostgresConnection) {
        let placement = state.withLock { state in
            state.members[ObjectIdentifier(connection)] = connection
            return state.machine.opened(connection)
        }
        settle(connection, placement)
    }

    private func shouldReconnect(after error: any Error, attempt: Int) -> Bool {
        let error = error as? PostgresError ?? PostgresError(.connection, detail: "\(error)")
        if attempt == 1 { logger.warning("no database connection", metadata: ["error": "\(error)"]) }
        switch state.withLock({ $0.machine.openFailed(error) }) {
        case .retry: return true
        case .stop(let waiters):
            for waiter in waiters { waiter.resume(throwing: error) }
            return false
        }
    }

    /// Drops the idle connections that were lost.
    ///
    /// Called on a connection's thread when it ends.
    private func removeLost() {
        state.withLock { state in
            state.machine.removeIdle { !$0.isOpen }
            state.members = state.members.filter(\.value.isOpen)
        }
    }

    // MARK: - The end

    /// Ends the pool: refuses new and waiting callers, closes idle connections, waits up to `deadline` for those on
    /// loan, then closes them too.
    ///
    /// Returns when all are closed.
    package func shutdown(deadline: Duration) async {
        let (waiters, idle) = state.withLock { $0.machine.close() }
        for waiter in waiters { waiter.resume(throwing: PostgresError(.poolClosed)) }
        for connection in idle { connection.mailbox.requestClose() }
        let timer = Task { [weak self] in
            do { try await Task.sleep(for: deadline) } catch { return }
            self?.resumeDrainWaiters(isForced: true)
        }
        await withCheckedContinuation { continuation in
            state.withLock { $0.drainWaiters.append(continuation) }
            resumeDrainWaiters()
        }
        timer.cancel()
        let rest = state.withLock { state in
            defer { state.members = [:] }
            return state.members.values.map { $0 }
        }
        for connection in rest { connection.mailbox.requestClose() }
        for connection in rest + idle { await connection.mailbox.waitUntilOver() }
    }

    private func resumeDrainWaiters(isForced: Bool = false) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard !state.drainWaiters.isEmpty, isForced || state.machine.leasedCount == 0 else { return [] }
            defer { state.drainWaiters = [] }
            return state.drainWaiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
