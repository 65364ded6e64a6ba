import CLibzip

/// The parts of an xlsx file, unpacked as they are read and never to disk.
///
/// Not safe for use by two threads at once.
final class ZipArchive {
    private let archive: OpaquePointer
    private let limits: SpreadsheetLimits
    private var expandedBytes = 0

    /// Parts that a workbook may have; those of Excel have some dozens.
    private static let partsMax = 10_000

    init(path: String, limits: SpreadsheetLimits) throws(SpreadsheetFault) {
        var problem: Int32 = 0
        guard let archive = zip_open(path, ZIP_RDONLY, &problem) else { throw SpreadsheetFault(.damagedWorkbook) }
        self.archive = archive
        self.limits = limits
        guard zip_get_num_entries(archive, 0) <= Self.partsMax else { throw SpreadsheetFault(.damagedWorkbook) }
    }

    // Discarding is closing without writing; nothing was changed.
    deinit { zip_discard(archive) }

    /// Opens a part by its name in the archive, or returns nil when there is none.
    ///
    /// Names have no case, as in OPC.
    func part(_ name: String) throws(SpreadsheetFault) -> ZipPart? {
        let index = zip_name_locate(archive, name, zip_flags_t(ZIP_FL_NOCASE))
        guard index >= 0 else { return nil }
        var status = zip_stat_t()
        zip_stat_init(&status)
        guard zip_stat_index(archive, zip_uint64_t(index), 0, &status) == 0,
            status.valid & zip_uint64_t(ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE) == ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE
        else { throw SpreadsheetFault(.damagedWorkbook) }
        // The size that the file declares may be false; the bytes are counted again when they are read.
        if status.size > zip_uint64_t(limits.expandedBytesMax) {
            throw SpreadsheetFault(.tooLarge, ByteCount.words(limits.expandedBytesMax))
        }
        guard let file = zip_fopen_index(archive, zip_uint64_t(index), 0) else {
            throw SpreadsheetFault(.damagedWorkbook)
        }
        return ZipPart(file, of: self, packedBytes: Int(min(status.comp_size, zip_uint64_t(Int32.max))))
    }

    /// Counts unpacked bytes against the limits.
    fileprivate func count(_ bytes: Int, part: Int, packed: Int) throws(SpreadsheetFault) {
        expandedBytes += bytes
        let isBomb = part > limits.expansionRatioFreeBytes && part / max(packed, 1) > limits.expansionRatioMax
        if expandedBytes > limits.expandedBytesMax || isBomb {
            throw SpreadsheetFault(.tooLarge, ByteCount.words(limits.expandedBytesMax))
        }
    }
}

/// One part, read from the start to the end.
final class ZipPart {
    private let file: OpaquePointer
    // Keeps the archive open while a part of it is read.
    private let archive: ZipArchive
    private let packedBytes: Int
    private var bytesRead = 0

    fileprivate init(_ file: OpaquePointer, of archive: ZipArchive, packedBytes: Int) {
        self.file = file
        self.archive = archive
        self.packedBytes = packedBytes
    }

    deinit { zip_fclose(file) }

    /// Fills the buffer; returns how many bytes, 0 at the end.
    ///
    /// libzip checks the checksum there.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SpreadsheetFault) -> Int {
        let got = Int(zip_fread(file, buffer.baseAddress, zip_uint64_t(buffer.count)))
        guard got >= 0 else { throw SpreadsheetFault(.damagedWorkbook) }
        bytesRead += got
        try archive.count(got, part: bytesRead, packed: packedBytes)
        return got
    }
}
