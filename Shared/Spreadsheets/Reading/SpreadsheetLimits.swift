/// What a reader accepts; past a limit it throws and never guesses.
package struct SpreadsheetLimits: Sendable, Hashable {
    /// Bytes of a csv file; default 512 MiB.
    ///
    /// The file is streamed, so this bounds time, not memory.
    package var delimitedFileBytesMax = 512 << 20
    /// Bytes of an xlsx file as it lies on disk; default 64 MiB.
    package var workbookFileBytesMax = 64 << 20
    /// Bytes of all the parts of an xlsx file that are read, unpacked; default 1 GiB.
    package var expandedBytesMax = 1 << 30
    /// Unpacked bytes for each packed byte of a part; default 250.
    ///
    /// Sheets reach 10 to 100, a bomb about 1 000.
    package var expansionRatioMax = 250
    /// The ratio counts only once a part has unpacked to so much; default 16 MiB.
    package var expansionRatioFreeBytes = 16 << 20
    /// Bytes of the shared strings of an xlsx file, which are held in memory (4 bytes are added for each); default 64 MiB.
    package var sharedStringBytesMax = 64 << 20
    /// Bytes of one row; default 1 MiB.
    package var rowBytesMax = 1 << 20
    /// Bytes of one cell; default 128 KiB, which holds the 32 767 characters of Excel in UTF-8.
    package var cellBytesMax = 128 << 10
    /// The highest row number; default 1 048 576, as in Excel.
    package var rowsMax = 1_048_576
    /// Columns with a heading; default 1 024.
    package var columnsMax = 1_024

    /// Makes the default limits.
    package init() {}
}
