import Crypto

/// SHA-256 of a content, by which the content is known.
package struct ContentHash: Sendable, Hashable {
    /// 32 bytes.
    package let bytes: [UInt8]

    /// Hashes a content.
    package init(of content: [UInt8]) { bytes = Array(SHA256.hash(data: content)) }

    /// The bytes as 64 hexadecimal digits, lower case.
    package var text: String { bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() }
}
