import Dispatch
import Pictures

/// Cleans pictures one after the other on a thread of its own: each takes some hundred milliseconds and up to 75 MB, and
/// neither is to be had many times at once.
struct PictureCleaner: PhotoCleaning {
    private let limits = Picture.Limits()
    private let queue = DispatchQueue(label: "pictures")

    var bytesMax: Int { limits.bytesMax }

    func clean(_ original: [UInt8]) async throws -> CleanPhoto {
        let limits = limits
        return try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result { () throws(PhotoRefusal) in try Self.cleaned(original, limits) }
                        .mapError { $0 as any Error })
            }
        }
    }

    private static func cleaned(_ original: [UInt8], _ limits: Picture.Limits) throws(PhotoRefusal) -> CleanPhoto {
        do throws(PictureFault) {
            let picture = try Picture(cleaning: original, within: limits)
            return CleanPhoto(
                mediaType: picture.format.rawValue, width: picture.width, height: picture.height, bytes: picture.bytes)
        } catch {
            switch error {
            case .empty, .damaged: throw .damaged
            case .otherFormat: throw .otherFormat
            case .tooLarge(let most): throw .tooLarge(bytesMax: most)
            case .tooManyPixels(let most): throw .tooManyPixels(max: most)
            }
        }
    }
}
