/// The rows of a csv file.
final class DelimitedSource: RowSource {
    let sheetName: String
    let hasFixedWidth = true
    /// The encoding of the file.
    let encoding: TextEncoding
    private let parser: DelimitedParser

    init(file: FileInput, path: String, limits: SpreadsheetLimits) throws(SpreadsheetFault) {
        let input = try TextInput(file)
        encoding = input.encoding
        sheetName = Self.name(path)
        parser = try DelimitedParser(input, limits: limits)
    }

    func next() throws(SpreadsheetFault) -> RawRow? { try parser.next() }

    /// The name of the file up to its extension; `14_结对单位.gb18030.csv` is `14_结对单位`.
    private static func name(_ path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        var parts = file.split(separator: ".", omittingEmptySubsequences: false)
        let suffixes: Set = ["csv", "txt", "tsv", "gb18030", "gbk", "utf8", "utf-8"]
        while parts.count > 1, let last = parts.last, suffixes.contains(last.lowercased()) { parts.removeLast() }
        return parts.joined(separator: ".")
    }
}
