import CLibpq
import Glibc
import Logging

extension ConnectionWorker {
    /// Makes the connection without blocking calls of libpq, until the deadline; returns why it was not made.
    func connect() -> PostgresError? {
        startHandshake()
        guard connection != nil else { return PostgresError(.connection, reason: "out of memory") }
        guard PQstatus(connection) != CONNECTION_BAD else { return refused() }
        // Refusals then come as SQLSTATE and not as a sentence in the server's language.
        PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE)
        while machine.phase == .connecting {
            switch wait(atMost: nil) {
            case .failure(let error):
                return error.code == .timeout ? PostgresError(.timeout, reason: "connecting") : error
            case .success(let ready):
                if ready.mailbox, isClosing() { return PostgresError(.connection, reason: "the connection was closed") }
                guard ready.socket else { continue }
            }
            switch PQconnectPoll(connection) {
            case PGRES_POLLING_READING: machine.connectPolled(.reading)
            case PGRES_POLLING_WRITING: machine.connectPolled(.writing)
            case PGRES_POLLING_OK: machine.connectPolled(.complete)
            default: return refused()
            }
        }
        return prepareSession()
    }

    private func startHandshake() {
        let settings = configuration.parameters
        var keywords: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0.name) }
        var values: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0.value) }
        defer { for pointer in keywords + values { free(pointer) } }
        keywords.append(nil)
        values.append(nil)
        connection = PQconnectStartParams(keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) }, 0)
    }

    private func prepareSession() -> PostgresError? {
        // libpq would print notices to standard error; those of migrations are worth a line in the log, without text,
        // which may hold values.
        let receiver: PQnoticeReceiver = { context, result in
            guard let context, let result else { return }
            Unmanaged<ConnectionWorker>.fromOpaque(context).takeUnretainedValue().log(notice: result)
        }
        // Unretained: the worker outlives its connection, which it finishes itself.
        PQsetNoticeReceiver(connection, receiver, Unmanaged.passUnretained(self).toOpaque())
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else { return lost() }
        return nil
    }

    private func log(notice: OpaquePointer) {
        guard let state = PQresultErrorField(notice, Int32(UInt8(ascii: "C"))) else { return }
        logger.debug("notice from the server", metadata: ["sqlState": "\(String(cString: state))"])
    }

    private func refused() -> PostgresError {
        PostgresError(connectMessage: PQerrorMessage(connection).map { String(cString: $0) } ?? "")
    }

    private func isClosing() -> Bool {
        var early: [Exchange] = []
        let isClosing = mailbox.take(into: &early)
        for exchange in early { waiting.append(exchange) }
        return isClosing
    }
}
