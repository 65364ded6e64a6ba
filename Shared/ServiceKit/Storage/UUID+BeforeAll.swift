import Foundation

extension UUID {
    /// The nil UUID of RFC 9562, which sorts before every identifier that was made.
    package static let beforeAll = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    /// The max UUID of RFC 9562, which sorts behind every identifier that was made.
    package static let afterAll = UUID(
        uuid: (255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))

    /// The identifier that a page begins behind: that of a cursor, or the one before all.
    package init(behind cursor: String?) { self = cursor.flatMap(UUID.init(uuidString:)) ?? .beforeAll }
}
