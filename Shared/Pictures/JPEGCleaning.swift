import CTurboJPEG

/// Cleans JPEG files: the coefficients are written anew without a loss, turned where the camera was turned, and nothing else
/// is copied.
enum JPEGCleaning {
    static func cleaned(_ original: [UInt8], pixelsMax: Int) throws(PictureFault) -> Picture {
        guard let handle = tjInitTransform() else { throw .damaged }
        defer { tjDestroy(handle) }
        let size = try size(original, handle)
        guard size.width * size.height <= pixelsMax else { throw .tooManyPixels(max: pixelsMax) }
        let turn = EXIFOrientation(jpeg: original)
        let bytes = try transformed(original, turn, handle)
        let turned = try self.size(bytes, handle)
        return Picture(format: .jpeg, width: turned.width, height: turned.height, bytes: bytes)
    }

    private static func size(
        _ file: [UInt8], _ handle: tjhandle
    ) throws(PictureFault) -> (width: Int, height: Int) {
        var (width, height, subsampling, colours) = (Int32(0), Int32(0), Int32(0), Int32(0))
        let result = tjDecompressHeader3(
            handle, file, UInt(file.count), &width, &height, &subsampling, &colours)
        guard result == 0, width > 0, height > 0 else { throw .damaged }
        return (Int(width), Int(height))
    }

    private static func transformed(
        _ original: [UInt8], _ turn: EXIFOrientation, _ handle: tjhandle
    ) throws(PictureFault) -> [UInt8] {
        var transform = tjtransform()
        transform.op = turn.operation
        // Blocks that a turn would tear apart at the edge are cut off: at most fifteen pixels.
        transform.options = TJXOPT_COPYNONE | TJXOPT_TRIM
        var output: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        let result = tjTransform(
            handle, original, UInt(original.count), 1, &output, &count, &transform,
            // A file that is cut off is only worth a warning to the library; and no picture needs hundreds of scans.
            TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS)
        defer { tjFree(output) }
        guard result == 0, let output else { throw .damaged }
        return Array(UnsafeBufferPointer(start: output, count: Int(count)))
    }
}

extension EXIFOrientation {
    /// What turns the picture as it is to be seen.
    fileprivate var operation: Int32 {
        let operation =
            switch self {
            case .upright: TJXOP_NONE
            case .mirrored: TJXOP_HFLIP
            case .upsideDown: TJXOP_ROT180
            case .mirroredUpsideDown: TJXOP_VFLIP
            case .transposed: TJXOP_TRANSPOSE
            case .turnedLeft: TJXOP_ROT90
            case .transversed: TJXOP_TRANSVERSE
            case .turnedRight: TJXOP_ROT270
            }
        return Int32(bitPattern: operation.rawValue)
    }
}
