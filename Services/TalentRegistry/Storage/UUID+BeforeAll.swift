import Foundation

extension UUID {
    /// The nil UUID of RFC 9562, which sorts before every identifier that was made.
    static let beforeAll = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
