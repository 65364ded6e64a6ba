/// A picture without anything that says where, when, or with what it was taken: no EXIF, no XMP, no comment, no thumbnail,
/// nothing behind its end.
///
/// The pixels are those of the original. Making one takes up to some hundred milliseconds of a processor and, for a JPEG,
/// three bytes a pixel; call it off Swift's cooperative threads, a few at a time.
package struct Picture: Sendable, Hashable {
    /// The formats that are taken.
    package enum Format: String, Sendable, CaseIterable {
        case jpeg = "image/jpeg"
        case png = "image/png"
    }

    /// What bounds a picture.
    package struct Limits: Sendable, Hashable {
        /// Bytes of the original.
        package var bytesMax: Int
        /// Width times height.
        package var pixelsMax: Int

        /// Sets both.
        package init(bytesMax: Int = 8 << 20, pixelsMax: Int = 24_000_000) {
            self.bytesMax = bytesMax
            self.pixelsMax = pixelsMax
        }
    }

    /// Its format, by its content.
    package let format: Format
    /// In pixels, as it is to be shown.
    package let width: Int
    /// In pixels, as it is to be shown.
    package let height: Int
    /// The file.
    package let bytes: [UInt8]

    init(format: Format, width: Int, height: Int, bytes: [UInt8]) {
        self.format = format
        self.width = width
        self.height = height
        self.bytes = bytes
    }

    /// Takes a file of a camera and leaves its pixels, turned as the camera says they are to be seen.
    ///
    /// - Throws: `PictureFault`.
    package init(cleaning original: [UInt8], within limits: Limits = Limits()) throws(PictureFault) {
        guard !original.isEmpty else { throw .empty }
        guard original.count <= limits.bytesMax else { throw .tooLarge(bytesMax: limits.bytesMax) }
        if original.starts(with: [0xff, 0xd8, 0xff]) {
            self = try JPEGCleaning.cleaned(original, pixelsMax: limits.pixelsMax)
        } else if original.starts(with: PNGCleaning.signature) {
            self = try PNGCleaning.cleaned(original, pixelsMax: limits.pixelsMax)
        } else {
            throw .otherFormat
        }
    }
}
