import Models
import Postgres

/// Stores the answer of an idempotent request whose effect is known beforehand, in the flush of the effect itself.
///
/// `Idempotency.once` asks first and acts then, which takes a round trip more and holds the transaction open in between.
/// Here the key is simply written: if it is there already, its unique index refuses, nothing has happened, and the caller
/// takes the way through `once`, which knows what to do.
package enum KnownAnswer {
    /// Writes the key with its answer, as `Idempotency` does.
    ///
    /// It goes first, so that a repetition does no other work. The answer must hold no personal data, since it is stored
    /// in the clear.
    package static func insertion(_ answer: some Encodable, for key: IdempotencyKey) throws -> PostgresStatement {
        """
        insert into service_kit.idempotency_keys (key, operation, body_hash, answer)
        values (\(key.storedKey), \(key.operation), \(key.bodyHash),
                \(try SuiteJSON.encode(answer)))
        """
    }

    /// Whether an error says that the key was used before.
    package static func isRepetition(_ error: PostgresError) -> Bool {
        error.isUniqueViolation && error.constraint == "idempotency_keys_pkey"
    }
}
