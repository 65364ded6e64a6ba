import Postgres

/// Removes old answers in the background.
enum IdempotencyPurge {
    /// Once an hour, in small steps, so that no transaction holds many rows.
    static func work(pool: PostgresPool) -> BackgroundWork {
        BackgroundWork(name: "idempotency-purge") {
            while true {
                while try await Idempotency.purge(pool) > 0 { try Task.checkCancellation() }
                try await Task.sleep(for: .seconds(3600))
            }
        }
    }
}
