/// The hashes by which a value is found while its lookup key is being changed.
package struct LookupHashes: Sendable, Hashable {
    /// Under the current key: what is written.
    package let current: [UInt8]
    /// Under the other keys that the service has; empty when no lookup key is being changed.
    package let earlier: [[UInt8]]

    /// Gathers the hashes of one value.
    package init(current: [UInt8], earlier: [[UInt8]] = []) {
        self.current = current
        self.earlier = earlier
    }

    /// All of them, the current one first: what is looked for.
    package var all: [[UInt8]] { [current] + earlier }

    /// Whether a stored hash is one of them.
    package func contains(_ stored: [UInt8]?) -> Bool { stored.map(all.contains) ?? false }
}
