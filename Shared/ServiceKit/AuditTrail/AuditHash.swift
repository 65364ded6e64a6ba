import CLibcrypto
import Crypto

/// The hash of the chain: 32 bytes either way.
///
/// Each seal names its own, so a trail may go over from one to the other.
package enum AuditHash: String, Sendable, CaseIterable {
    /// SHA-256 (FIPS 180-4), by swift-crypto.
    case sha256
    /// SM3 (GB/T 32905-2016), by OpenSSL's libcrypto.
    case sm3

    /// Bytes of a hash.
    package static let size = 32

    /// Hashes bytes.
    ///
    /// - Throws: `Unavailable` where libcrypto was built or is run without SM3.
    package func digest(_ bytes: [UInt8]) throws -> [UInt8] {
        switch self {
        case .sha256: return Array(SHA256.hash(data: bytes))
        case .sm3:
            var hash = [UInt8](repeating: 0, count: Self.size)
            let isDone = bytes.withUnsafeBytes { bytes in
                hash.withUnsafeMutableBufferPointer { hash in
                    clibcrypto_sm3(bytes.baseAddress, bytes.count, hash.baseAddress)
                }
            }
            guard isDone == 1 else { throw Unavailable() }
            return hash
        }
    }

    /// The library on this machine does not offer SM3.
    package struct Unavailable: Error, CustomStringConvertible {
        package var description: String { "libcrypto offers no SM3 here; set auditTrail.hash to sha256" }
    }
}
