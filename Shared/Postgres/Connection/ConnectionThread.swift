import CLibpq

/// Starts the threads that connections live on.
enum ConnectionThread {
    /// Enough for libpq with TLS and name resolution, which need some tens of KiB; only touched pages take memory.
    private static let stackBytes = 512 * 1024

    private final class Start {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Runs `body` on a thread of its own, which ends with it.
    ///
    /// - Throws: ``PostgresError`` with code `connection` when the process may have no more threads.
    static func start(_ body: @escaping @Sendable () -> Void) throws(PostgresError) {
        // Retained here, released by the thread.
        let start = Unmanaged.passRetained(Start(body))
        let code = clibpq_start_thread(
            { context in
                guard let context else { return nil }
                clibpq_name_thread("postgres")
                Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, start.toOpaque(), stackBytes)
        guard code == 0 else {
            start.release()
            throw PostgresError(.connection, reason: "no thread could be started (error \(code))")
        }
    }
}
