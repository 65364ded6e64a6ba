import Foundation
import Testing

import Spreadsheets

/// Runs alone among the tests of this suite, since it looks at the memory of the process.
///
/// Other suites use memory meanwhile, which can only add to the growth: the smallest of several tries counts.
@Suite(.serialized) struct MemoryTests {
    private static let rows = 200_000
    private static let growthMax = 30 << 20
    private static let tries = 5

    /// Bytes of the process that are in memory now.
    private static func residentBytes() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (Int(fields[1]) ?? 0) * Int(getpagesize())
    }

    @Test(arguments: ["a.xlsx", "a.csv"])
    func `two hundred thousand rows are written and read in bounded memory`(name: String) throws {
        var smallest = Int.max
        for _ in 0..<Self.tries where smallest >= Self.growthMax { smallest = min(smallest, try growth(name)) }
        #expect(smallest < Self.growthMax, "grew by \(smallest >> 10) KiB")
    }

    /// Bytes by which the process grows while a large file is written and read.
    private func growth(_ name: String) throws -> Int {
        let folder = try TestFolder()
        let path = folder.path(name)
        let before = try Self.residentBytes()
        var peak = before
        let columns = (0..<8).map { SpreadsheetColumn("列\($0)") }
        let writer = try SpreadsheetWriter(path, sheetName: "大表", columns: columns)
        for number in 0..<Self.rows {
            try writer.append((0..<8).map { .text("祥云县第\(number)行第\($0)列的内容") })
            if number % 5_000 == 0 { peak = max(peak, try Self.residentBytes()) }
        }
        try writer.close()
        peak = max(peak, try Self.residentBytes())
        let reader = try SpreadsheetReader.open(path)
        var count = 0
        while let row = try reader.next() {
            count += 1
            if count % 5_000 == 0 {
                #expect(row["列7"]?.text == "祥云县第\(count - 1)行第7列的内容")
                peak = max(peak, try Self.residentBytes())
            }
        }
        #expect(count == Self.rows)
        return peak - before
    }
}
