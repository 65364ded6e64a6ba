import Foundation
import Messaging
import Models
import Postgres

/// Gives a POST its effect once: the same key and body give the same answer, however often it is sent.
///
/// The answer is stored in the transaction of the effect, so both are there or neither. Requests with the same key wait
/// for each other (advisory lock), whichever replica they reach.
package enum Idempotency {
    /// How long answers are kept.
    package static let retention: Duration = .seconds(7 * 86400)

    /// Runs an effect, or gives the stored result when the key has been used for the same body.
    ///
    /// Call it first in the transaction, in `read committed`: `outbox.transaction { try await Idempotency.once(key, in: $0) { … } }`.
    ///
    /// - Parameters:
    ///   - key: the request's key; nil runs the effect.
    ///   - transaction: the transaction in which the effect happens.
    ///   - effect: the change; gives the result that the answer is made of, and the events. The result must hold no
    ///     personal data, since it is stored in the clear.
    /// - Returns: the result, with no events when it comes from the store.
    /// - Throws: a 422 problem when the key was used for another body; what the effect throws.
    package static func once<Result: Codable & Sendable>(
        _ key: IdempotencyKey?, in transaction: PostgresTransaction,
        _ effect: () async throws -> (Result, [OutgoingEvent])
    ) async throws -> (Result, [OutgoingEvent]) {
        guard let key else { return try await effect() }
        switch IdempotencyDecision(stored: try await claim(key, in: transaction), bodyHash: key.bodyHash) {
        case .replay(let answer):
            return (try SuiteJSON.decode(Result.self, from: answer), [])
        case .mismatch:
            throw Problem.idempotencyMismatch
        case .proceed:
            let (result, events) = try await effect()
            store(try SuiteJSON.encode(result), for: key, in: transaction)
            return (result, events)
        }
    }

    /// Removes answers that are older than the retention, a bounded number at a time.
    ///
    /// - Returns: how many were removed.
    package static func purge(_ executor: some PostgresExecutor, limit: Int = 5000) async throws -> Int {
        try await executor.query(
            """
            delete from service_kit.idempotency_keys where key in (
                select key from service_kit.idempotency_keys
                where created_at < now() - make_interval(secs => \(retention.inSeconds)) limit \(limit)
                for update skip locked)
            """
        ).affectedRows
    }

    /// Waits for others with the same key, then looks for their answer.
    ///
    /// The lock goes out in the same flush as the select, but as a statement of its own: in `read committed` only a
    /// statement that begins after the wait sees what the holder of the lock has committed.
    private static func claim(
        _ key: IdempotencyKey, in transaction: PostgresTransaction
    ) async throws -> IdempotencyDecision.Stored? {
        let storedKey = key.storedKey
        transaction.enqueue(
            "select pg_advisory_xact_lock(\(lockSpace), \(lockNumber(storedKey)))")
        let result = try await transaction.query(
            "select body_hash, answer from service_kit.idempotency_keys where key = \(storedKey)")
        guard let row = result.rows.first else { return nil }
        return IdempotencyDecision.Stored(
            bodyHash: try row.decode("body_hash", as: [UInt8].self), answer: try row.decode("answer", as: [UInt8].self))
    }

    private static func store(_ answer: [UInt8], for key: IdempotencyKey, in transaction: PostgresTransaction) {
        transaction.enqueue(
            """
            insert into service_kit.idempotency_keys (key, operation, body_hash, answer)
            values (\(key.storedKey), \(key.operation), \(key.bodyHash), \(answer))
            """)
    }

    /// Sets these locks apart from other advisory locks of two numbers: "IDEM" in ASCII.
    private static let lockSpace = Int32(0x4944_454d)

    /// Two keys with the same number only wait for each other.
    private static func lockNumber(_ storedKey: [UInt8]) -> Int32 {
        Int32(bitPattern: storedKey.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
}
