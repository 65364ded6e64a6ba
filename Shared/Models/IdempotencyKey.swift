/// The key of a request that must have its effect once, bound to what was asked.
///
/// Made from the header `Idempotency-Key` by the HTTP room, used up by the store in the transaction of the effect.
package struct IdempotencyKey: Sendable, Hashable {
    /// The client's key, 1 to 255 visible ASCII characters.
    package let value: String
    /// The operation, `POST /v1/incidents`; the same key of another operation is another key.
    package let operation: String
    /// SHA-256 of the body, 32 bytes.
    package let bodyHash: [UInt8]

    /// Gathers the parts; whoever makes it has checked the key and hashed the body.
    package init(value: String, operation: String, bodyHash: [UInt8]) {
        self.value = value
        self.operation = operation
        self.bodyHash = bodyHash
    }
}
