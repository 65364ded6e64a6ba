/// What to do with a request that has an idempotency key.
package enum IdempotencyDecision: Sendable, Equatable {
    /// What is stored under the key.
    package struct Stored: Sendable, Equatable {
        /// SHA-256 of the body that was answered.
        package let bodyHash: [UInt8]
        /// The result as JSON.
        package let answer: [UInt8]

        /// Puts together what a row holds.
        package init(bodyHash: [UInt8], answer: [UInt8]) {
            self.bodyHash = bodyHash
            self.answer = answer
        }
    }

    /// The key is new.
    case proceed
    /// The same request was answered before.
    case replay(answer: [UInt8])
    /// The key was used for another body.
    case mismatch

    /// Decides by what is stored under the key, nil for nothing, and the hash of the present body.
    package init(stored: Stored?, bodyHash: [UInt8]) {
        guard let stored else {
            self = .proceed
            return
        }
        self = stored.bodyHash == bodyHash ? .replay(answer: stored.answer) : .mismatch
    }
}
