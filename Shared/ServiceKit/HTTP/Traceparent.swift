import Foundation

/// Where in which trace a piece of work is: a W3C Trace Context `traceparent` (level 1, version 00).
package struct Traceparent: Sendable, Hashable, CustomStringConvertible {
    /// The trace: 32 lower-case hexadecimal digits.
    package let traceID: String
    /// This piece of work: 16 lower-case hexadecimal digits.
    package let spanID: String
    /// Whether the caller records the trace.
    package let isSampled: Bool

    private init(traceID: String, spanID: String, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// Reads a header; nil when it is not valid, which by the standard means to start a new trace.
    ///
    /// Versions after 00 are read as far as 00 goes.
    package init?(_ header: String) {
        let bytes = Array(header.utf8)
        guard bytes.count >= 55, bytes[2] == 0x2d, bytes[35] == 0x2d, bytes[52] == 0x2d,
            let version = Self.hexadecimal(bytes[0..<2]), version != "ff",
            bytes.count == 55 || (version != "00" && bytes[55] == 0x2d),
            let traceID = Self.hexadecimal(bytes[3..<35]), traceID.contains(where: { $0 != "0" }),
            let spanID = Self.hexadecimal(bytes[36..<52]), spanID.contains(where: { $0 != "0" }),
            let flags = Self.hexadecimal(bytes[53..<55]), let flagBits = UInt8(flags, radix: 16)
        else { return nil }
        self.init(traceID: traceID, spanID: spanID, isSampled: flagBits & 1 == 1)
    }

    /// Starts a new trace.
    package static func new(using generator: inout some RandomNumberGenerator) -> Traceparent {
        let traceID = digits(generator.next() | 1) + digits(generator.next())
        return Traceparent(traceID: traceID, spanID: digits(generator.next() | 1), isSampled: false)
    }

    /// The next piece of work in the same trace.
    package func child(using generator: inout some RandomNumberGenerator) -> Traceparent {
        Traceparent(traceID: traceID, spanID: Self.digits(generator.next() | 1), isSampled: isSampled)
    }

    /// The piece of work that a request starts: in the caller's trace, or in a new one.
    package static func incoming(_ header: String?) -> Traceparent {
        var generator = SystemRandomNumberGenerator()
        return header.flatMap(Traceparent.init)?.child(using: &generator) ?? new(using: &generator)
    }

    /// The header's value.
    package var description: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        return String(bytes: bytes, encoding: .utf8)
    }

    private static func digits(_ value: UInt64) -> String {
        let alphabet = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 16) { buffer in
            for place in 0..<16 { buffer[place] = alphabet[Int(value >> UInt64(60 - 4 * place) & 15)] }
            return 16
        }
    }
}
