import Foundation

/// A picture of an incident, without its content.
package struct IncidentPhoto: Codable, Sendable, Hashable {
    /// SHA-256 of the content, in hexadecimal digits.
    package let hash: String
    /// What it shows.
    package let stage: PhotoStage
    /// `image/jpeg` or `image/png`.
    package let mediaType: String
    /// In pixels.
    package let width: Int
    /// In pixels.
    package let height: Int
    /// Of the content.
    package let byteCount: Int
    /// When it was added.
    package let addedAt: Date

    /// How many an incident has at most.
    package static let most = 9

    /// Gathers the fields.
    package init(
        hash: String, stage: PhotoStage, mediaType: String, width: Int, height: Int, byteCount: Int, addedAt: Date
    ) {
        self.hash = hash
        self.stage = stage
        self.mediaType = mediaType
        self.width = width
        self.height = height
        self.byteCount = byteCount
        self.addedAt = addedAt
    }
}
