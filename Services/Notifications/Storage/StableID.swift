import Foundation
import ServiceKit

/// Ids that every replica reckons alike from the same text, so that a unique column keeps what they name one.
enum StableID {
    /// The id of a text: a UUID of version 8 (RFC 9562), made by the application.
    static func of(_ text: String) -> UUID {
        var bytes = Array(ContentHash(of: Array(text.utf8)).bytes.prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x80
        bytes[8] = bytes[8] & 0x3f | 0x80
        return bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
