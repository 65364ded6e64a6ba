/// Changes the port that an emulated broker tells its clients, on the way from it to them.
///
/// The emulation listens on a port that nobody can choose, and names it in its answers (Metadata, FindCoordinator). A
/// forwarder in front of it that has a fixed port passes what the broker sends through this value, one for each
/// connection; clients then know the fixed port alone, and a broker that is started again looks like the same one. This
/// matters: librdkafka 2.0 keeps to the old address of a group's coordinator for ever when its number stays the same.
///
/// An address is recognised as Kafka writes it: length (two bytes), `127.0.0.1`, port (four bytes).
package struct BrokerAddressRewriter: Sendable {
    private let pattern: [UInt8]
    private let replacement: [UInt8]
    // Each answer is four bytes of size and as many bytes as that.
    private var header: [UInt8] = []
    private var bodyRemaining = 0
    private var held: [UInt8] = []

    /// Creates a rewriter.
    ///
    /// - Parameters:
    ///   - brokerPort: The port that the broker tells.
    ///   - advertisedPort: The port that clients shall see.
    package init(brokerPort: UInt16, advertisedPort: UInt16) {
        func address(_ port: UInt16) -> [UInt8] {
            let host = Array("127.0.0.1".utf8)
            return [0, UInt8(host.count)] + host + [0, 0, UInt8(port >> 8), UInt8(port & 0xff)]
        }
        pattern = address(brokerPort)
        replacement = address(advertisedPort)
    }

    /// Returns what is to be sent on for bytes that came from the broker, in any pieces.
    ///
    /// The beginning of an address at the end of a piece is held back until the rest comes, within an answer only: when
    /// the last byte of an answer has come in, all of it has gone out.
    package mutating func rewrite(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(held.count + bytes.count)
        var rest = bytes
        while let first = rest.first {
            guard bodyRemaining > 0 else {
                header.append(first)
                output.append(first)
                rest = rest.dropFirst()
                if header.count == 4 {
                    bodyRemaining = header.reduce(0) { $0 << 8 | Int($1) }
                    header = []
                }
                continue
            }
            let part = rest.prefix(bodyRemaining)
            rest = rest.dropFirst(part.count)
            bodyRemaining -= part.count
            output += rewriteBody(held + part, isEnd: bodyRemaining == 0)
        }
        return output
    }

    private mutating func rewriteBody(_ bytes: [UInt8], isEnd: Bool) -> [UInt8] {
        var output = bytes
        held = []
        var index = 0
        while index < output.count {
            // Most bytes are no zero: looking at them is nearly the whole cost.
            guard output[index] == 0 else {
                index += 1
                continue
            }
            let available = min(pattern.count, output.count - index)
            guard output[index..<index + available].elementsEqual(pattern[..<available]) else {
                index += 1
                continue
            }
            guard available == pattern.count else {
                guard !isEnd else { break }
                held = Array(output[index...])
                output.removeSubrange(index...)
                break
            }
            output.replaceSubrange(index..<index + available, with: replacement)
            index += available
        }
        return output
    }
}
