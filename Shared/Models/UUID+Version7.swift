import Foundation

extension UUID {
    /// Makes a version 7 UUID (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits, so ids sort by time.
    ///
    /// - Parameter at: the time to put in; the present by default.
    package static func version7(at: Date = Date()) -> UUID {
        var generator = SystemRandomNumberGenerator()
        return version7(at: at, using: &generator)
    }

    /// Makes a version 7 UUID from a given source of randomness, so that tests can repeat it.
    package static func version7(at: Date, using generator: inout some RandomNumberGenerator) -> UUID {
        let milliseconds = UInt64(max(0, at.timeIntervalSince1970 * 1000))
        let high = generator.next()
        let low = generator.next()
        func byte(_ value: UInt64, _ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: value >> shift) }
        return UUID(
            uuid: (
                byte(milliseconds, 40), byte(milliseconds, 32), byte(milliseconds, 24), byte(milliseconds, 16),
                byte(milliseconds, 8), byte(milliseconds, 0),
                0x70 | (byte(high, 8) & 0x0f), byte(high, 0),
                0x80 | (byte(low, 56) & 0x3f), byte(low, 48), byte(low, 40), byte(low, 32),
                byte(low, 24), byte(low, 16), byte(low, 8), byte(low, 0)
            ))
    }
}
