/// Why a picture cannot be taken.
package enum PictureFault: Error, Sendable, Hashable {
    /// It has no bytes.
    case empty
    /// It has more bytes than it may have.
    case tooLarge(bytesMax: Int)
    /// It is neither a JPEG nor a PNG by its first bytes, whatever it is called.
    case otherFormat
    /// It is cut off or damaged.
    case damaged
    /// It has more pixels than it may have.
    case tooManyPixels(max: Int)
}
