import Foundation

extension UUID {
    /// The nil UUID of RFC 9562, which sorts before every identifier that was made.
    package static let beforeAll = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    /// The max UUID of RFC 9562, which sorts behind every identifier that was made.
    package static let afterAll = UUID(
        uuid: (255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
}
