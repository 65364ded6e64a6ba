import CLibpq
import Glibc
import Logging

/// The thread's side of a connection: owns the `PGconn`, and is the only one that ever calls libpq with it.
///
/// One loop: wait for the socket and the mailbox, read what arrived, take requests, send them, flush. What to wait for and
/// what an answer means is decided by ``ProtocolMachine``.
final class ConnectionWorker {
    let configuration: PostgresConfiguration
    let mailbox: Mailbox
    let logger: Logger
    var machine: ProtocolMachine
    /// Set from the start of the handshake until the end of the thread, which finishes it.
    var connection: OpaquePointer?
    var parameters = ParameterBuffer()
    var statements: StatementCache
    /// Requests that were not started yet.
    var waiting = RingBuffer<Exchange>()
    /// Groups of statements on their way, in order.
    var inFlight = RingBuffer<Exchange>()
    /// The request that runs outside pipeline mode.
    var script: Exchange?
    /// What the rows of a COPY are gathered for.
    var copyRequest: Exchange?
    var isCopyOutOver = false
    var batch: UInt64 = 0
    private var inbox: [Exchange] = []
    private let onBroken: @Sendable () -> Void

    init(
        configuration: PostgresConfiguration, mailbox: Mailbox, logger: Logger,
        onBroken: @escaping @Sendable () -> Void
    ) {
        self.configuration = configuration
        self.mailbox = mailbox
        self.logger = logger
        self.onBroken = onBroken
        machine = ProtocolMachine(connectUntil: .now() + configuration.connectTimeout)
        statements = StatementCache(capacity: configuration.preparedStatementsMax)
    }

    /// Connects, reports through `connected` once, and serves until the connection is closed or lost.
    func run(connected: (Result<Int32, PostgresError>) -> Void) {
        if let failure = connect() {
            finish(failure)
            connected(.failure(failure))
            return
        }
        mailbox.condition = .clean
        connected(.success(PQbackendPID(connection)))
        let failure = serve()
        finish(failure)
        onBroken()
    }

    /// Serves until the end and returns why it came.
    private func serve() -> PostgresError {
        while true {
            let readiness: Readiness
            switch wait(atMost: machine.mustLookAgain ? .zero : nil) {
            case .success(let ready): readiness = ready
            case .failure(let error): return error
            }
            if readiness.socket, let failure = receive() { return failure }
            machine.looked(hadInput: readiness.socket)
            if readiness.mailbox {
                if mailbox.take(into: &inbox) { return PostgresError(.connection, reason: "the connection was closed") }
                for exchange in inbox { accept(exchange) }
                inbox.removeAll(keepingCapacity: true)
            }
            if let failure = startWaiting() { return failure }
            if let failure = flush() { return failure }
            // The answer to a COPY may have come before its end was sent, and then the socket will not wake anybody.
            if machine.phase == .script, let failure = drain() { return failure }
        }
    }

    /// Sorts a request: what continues a COPY goes at once, the rest in order.
    private func accept(_ exchange: Exchange) {
        guard exchange.continuesCopy else {
            waiting.append(exchange)
            return
        }
        continueCopy(exchange)
    }

    /// Starts as many requests as the present state allows.
    private func startWaiting() -> PostgresError? {
        while machine.acceptsStatements, let next = waiting.first {
            if case .statements(let list) = next.kind {
                _ = waiting.popFirst()
                inFlight.append(next)
                if let failure = send(list, of: next) { return failure }
            } else {
                // The simple protocol and COPY are outside pipeline mode, which can be left only when it is empty.
                guard machine.isIdle else { return nil }
                _ = waiting.popFirst()
                if let failure = startScript(next) { return failure }
            }
        }
        return nil
    }

    /// Pushes libpq's buffer into the socket.
    private func flush() -> PostgresError? {
        guard machine.hasUnsentData else { return nil }
        let outcome = PQflush(connection)
        guard outcome >= 0 else { return lost() }
        machine.flushed(isComplete: outcome == 0)
        if outcome == 0 { copyDataLeft() }
        return nil
    }

    /// Reads what arrived and hands complete results to their callers.
    private func receive() -> PostgresError? {
        guard PQconsumeInput(connection) == 1 else {
            // What the server said before it hung up is still in the buffer and decides how a COMMIT ended.
            _ = drain()
            return lost()
        }
        if machine.deadline != nil { machine.progressed(until: .now() + patience) }
        if machine.phase == .copyingOut { return readCopyData() }
        return drain()
    }

    /// Fetches the results that are complete.
    func drain() -> PostgresError? {
        while machine.expectsAnswers, PQisBusy(connection) == 0 {
            let result = PQgetResult(connection)
            let failure = machine.phase == .pipeline ? pipelineAnswer(result) : scriptAnswer(result)
            if let failure { return failure }
            if PQstatus(connection) == CONNECTION_BAD, result == nil { return lost() }
        }
        return PQstatus(connection) == CONNECTION_BAD ? lost() : nil
    }

    /// How long the server may be silent, by the request it works on.
    var patience: Duration {
        inFlight.first?.patience ?? script?.patience ?? copyRequest?.patience
            ?? configuration.statementTimeout + PostgresConfiguration.answerGrace
    }

    /// The error for a connection that libpq has lost.
    func lost() -> PostgresError {
        let message = PQerrorMessage(connection).map { String(cString: $0) }
        return PostgresError(.connection, reason: "the connection was lost", detail: message)
    }

    /// Publishes whether the connection could be used by somebody else now.
    func publishCondition() {
        let isClean = PQtransactionStatus(connection) == PQTRANS_IDLE && machine.phase == .pipeline
        mailbox.condition = isClean ? .clean : .busy
    }

    /// Ends the connection and fails what was asked of it.
    private func finish(_ failure: PostgresError) {
        machine.close()
        PQfinish(connection)
        connection = nil
        mailbox.condition = .broken
        for exchange in inFlight.removeAll() { exchange.fail(failure) }
        script?.fail(failure)
        script = nil
        copyRequest?.fail(failure)
        copyRequest = nil
        // Whatever ended the connection, these can be sent over another.
        var unsent = PostgresError(.connection, reason: "the connection ended first", detail: failure.detail)
        unsent.sqlState = failure.sqlState
        unsent.wasSent = false
        for exchange in waiting.removeAll() + inbox + mailbox.end() { exchange.fail(unsent) }
        inbox = []
    }
}

// MARK: - Waiting

extension ConnectionWorker {
    /// What may be done without blocking.
    struct Readiness {
        var socket: Bool
        var mailbox: Bool
    }

    /// Waits for the socket, the mailbox or the deadline.
    ///
    /// The socket is asked for anew each time: it changes during the handshake.
    func wait(atMost limit: Duration?) -> Result<Readiness, PostgresError> {
        var events: Int16 = 0
        let interest = machine.interest
        if interest.contains(.readable) { events |= Int16(POLLIN) }
        if interest.contains(.writable) { events |= Int16(POLLOUT) }
        var descriptors = (
            pollfd(fd: mailbox.wakeDescriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: events == 0 ? -1 : PQsocket(connection), events: events, revents: 0)
        )
        let milliseconds = pollTimeout(atMost: limit)
        let count = withUnsafeMutableBytes(of: &descriptors) { raw in
            let list = raw.bindMemory(to: pollfd.self)
            return poll(list.baseAddress, 2, milliseconds)
        }
        if count < 0, errno != EINTR {
            return .failure(PostgresError(.connection, reason: "poll failed (errno \(errno))"))
        }
        if count == 0, limit == nil, let deadline = machine.deadline, deadline <= .now() {
            return .failure(PostgresError(.timeout))
        }
        // POLLERR and POLLHUP are reported unasked; libpq reads the reason from the socket.
        let arrived = descriptors.1.revents & ~Int16(POLLOUT) != 0
        let writable = descriptors.1.revents & Int16(POLLOUT) != 0 && machine.phase == .connecting
        return .success(Readiness(socket: count > 0 && (arrived || writable), mailbox: descriptors.0.revents != 0))
    }

    private func pollTimeout(atMost limit: Duration?) -> Int32 {
        if let limit { return Int32(clamping: limit.wholeMilliseconds) }
        guard let deadline = machine.deadline else { return -1 }
        return Int32(clamping: max(0, deadline.since(.now()).wholeMilliseconds))
    }
}
