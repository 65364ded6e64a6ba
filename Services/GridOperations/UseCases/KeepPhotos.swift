import Foundation
import Models

/// There is no such picture in the scope.
package struct PhotoNotFound: Error, Sendable, Hashable {
    package init() {}
}

/// Why a picture cannot be taken.
package enum PhotoRefusal: Error, Sendable, Hashable {
    /// It is neither a JPEG nor a PNG.
    case otherFormat
    /// It is cut off or damaged.
    case damaged
    /// It has more bytes than it may have.
    case tooLarge(bytesMax: Int)
    /// It has more pixels than it may have.
    case tooManyPixels(max: Int)
}

/// A picture that says nothing of where, when and with what it was taken.
package struct CleanPhoto: Sendable {
    package let mediaType: String
    package let width: Int
    package let height: Int
    package let bytes: [UInt8]

    package init(mediaType: String, width: Int, height: Int, bytes: [UInt8]) {
        self.mediaType = mediaType
        self.width = width
        self.height = height
        self.bytes = bytes
    }
}

/// Takes from pictures what they say beside what they show.
package protocol PhotoCleaning: Sendable {
    /// How large a picture may be as it comes, in bytes.
    var bytesMax: Int { get }

    /// Cleans one.
    ///
    /// - Throws: `PhotoRefusal`.
    func clean(_ original: [UInt8]) async throws -> CleanPhoto
}

/// A picture with its content.
package struct PhotoFile: Sendable {
    package let mediaType: String
    package let bytes: [UInt8]

    package init(mediaType: String, bytes: [UInt8]) {
        self.mediaType = mediaType
        self.bytes = bytes
    }
}

/// Where pictures are kept.
package protocol PhotoStore: Sendable {
    /// Adds a picture to an incident with a step of its way, once for a key; the same content is there once.
    ///
    /// - Throws: `IncidentNotFound`, also for one outside the scope; `IncidentRefusal`; a problem of the key.
    func add(
        _ photo: CleanPhoto, _ stage: PhotoStage, to incident: IncidentID, by actor: PersonID, key: IdempotencyKey,
        scope: ScopeFilter, at moment: Date
    ) async throws -> IncidentPhoto

    /// A picture of an incident in the scope, by the hash of its content; that it was shown is written down.
    func file(_ hash: [UInt8], of incident: IncidentID, scope: ScopeFilter) async throws -> PhotoFile?
}

/// Takes pictures of incidents in and shows them.
package struct KeepPhotos: Sendable {
    private let store: any PhotoStore
    private let cleaner: any PhotoCleaning
    private let now: @Sendable () -> Date

    /// Cleans what goes to a store.
    package init(store: any PhotoStore, cleaner: any PhotoCleaning, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.cleaner = cleaner
        self.now = now
    }

    /// How large a picture may be as it comes, in bytes.
    package var bytesMax: Int { cleaner.bytesMax }

    /// Adds a picture.
    ///
    /// - Throws: `PhotoRefusal`, and what the store throws.
    package func add(
        _ original: [UInt8], _ stage: PhotoStage, to incident: IncidentID, by actor: PersonID, key: IdempotencyKey,
        scope: ScopeFilter
    ) async throws -> IncidentPhoto {
        try await store.add(
            cleaner.clean(original), stage, to: incident, by: actor, key: key, scope: scope,
            at: now().wholeMilliseconds)
    }

    /// Shows a picture.
    ///
    /// - Parameter hash: hexadecimal digits.
    /// - Throws: `PhotoNotFound`.
    package func file(_ hash: String, of incident: IncidentID, scope: ScopeFilter) async throws -> PhotoFile {
        guard let bytes = Self.bytes(hash), let file = try await store.file(bytes, of: incident, scope: scope) else {
            throw PhotoNotFound()
        }
        return file
    }

    private static func bytes(_ hash: String) -> [UInt8]? {
        let digits = Array(hash.utf8)
        guard digits.count == 64 else { return nil }
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index...(index + 1)], as: UTF8.self), radix: 16)
        }
        return bytes.count == 32 ? bytes : nil
    }
}
