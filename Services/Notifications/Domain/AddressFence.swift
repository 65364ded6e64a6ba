/// Which addresses of the network a message may be sent to: those of the public, and private ones that are named.
///
/// Whoever may enter an address for a webhook could else have this service ask what only it can reach.
package struct AddressFence: Sendable, Equatable {
    /// A network, such as `10.20.0.0/16` or `fd12::/16`.
    package struct Network: Sendable, Equatable {
        package let bytes: [UInt8]
        let bits: Int

        init(_ bytes: [UInt8], _ bits: Int) {
            self.bytes = bytes
            self.bits = bits
        }

        func contains(_ address: [UInt8]) -> Bool {
            guard address.count == bytes.count else { return false }
            let (whole, rest) = (bits / 8, bits % 8)
            guard address.prefix(whole) == bytes.prefix(whole) else { return false }
            guard rest > 0 else { return true }
            let mask = UInt8(truncatingIfNeeded: 0xff << (8 - rest))
            return address[whole] & mask == bytes[whole] & mask
        }
    }

    /// IPv4 networks that are not of the public (IANA special-purpose registry).
    private static let closed4: [Network] = [
        Network([0, 0, 0, 0], 8), Network([10, 0, 0, 0], 8), Network([100, 64, 0, 0], 10), Network([127, 0, 0, 0], 8),
        Network([169, 254, 0, 0], 16), Network([172, 16, 0, 0], 12), Network([192, 0, 0, 0], 24),
        Network([192, 0, 2, 0], 24), Network([192, 88, 99, 0], 24), Network([192, 168, 0, 0], 16),
        Network([198, 18, 0, 0], 15), Network([198, 51, 100, 0], 24), Network([203, 0, 113, 0], 24),
        Network([224, 0, 0, 0], 3),
    ]
    /// The one network of IPv6 that is given out to the public.
    private static let open6 = Network([0x20] + Array(repeating: 0, count: 15), 3)
    /// What in it is not of the public: protocols (Teredo among them), documentation, and 6to4, which hides an IPv4 address.
    private static let closed6: [Network] = [
        Network([0x20, 0x01, 0, 0] + Array(repeating: 0, count: 12), 23),
        Network([0x20, 0x01, 0x0d, 0xb8] + Array(repeating: 0, count: 12), 32),
        Network([0x20, 0x02] + Array(repeating: 0, count: 14), 16),
    ]

    /// Private networks that may be reached all the same.
    package var allowed: [Network]
    /// Whether this machine itself may be.
    package var allowsLoopback: Bool

    /// Makes a fence.
    package init(allowed: [Network] = [], allowsLoopback: Bool = false) {
        self.allowed = allowed
        self.allowsLoopback = allowsLoopback
    }

    /// Whether an address of 4 or 16 bytes may be reached.
    package func allows(_ address: [UInt8]) -> Bool {
        if let inner = Self.mapped(address) { return allows(inner) }
        if allowed.contains(where: { $0.contains(address) }) { return true }
        if Self.isLoopback(address) { return allowsLoopback }
        switch address.count {
        case 4: return !Self.closed4.contains { $0.contains(address) }
        case 16: return Self.open6.contains(address) && !Self.closed6.contains { $0.contains(address) }
        default: return false
        }
    }

    /// Whether an address of 4 or 16 bytes is this machine itself.
    package static func isLoopback(_ address: [UInt8]) -> Bool {
        if let inner = mapped(address) { return isLoopback(inner) }
        return address.count == 4
            ? address[0] == 127 : address.count == 16 && address.dropLast().allSatisfy { $0 == 0 } && address[15] == 1
    }

    /// The IPv4 address in an IPv6 one of the form `::ffff:a.b.c.d`.
    private static func mapped(_ address: [UInt8]) -> [UInt8]? {
        guard address.count == 16, address[..<10].allSatisfy({ $0 == 0 }), address[10] == 0xff, address[11] == 0xff
        else { return nil }
        return Array(address[12...])
    }
}
