import Foundation

/// The files of a county pack.
package struct PackFolder: Sendable {
    /// A file of a sheet.
    package struct File: Sendable, Hashable {
        /// The two digits that the name begins with.
        package let number: String
        /// The name, as people know it.
        package let name: String
        /// The path.
        package let path: String
        /// Rows below the headings, if the pack says so.
        package let rows: Int?
    }

    /// Files that can be imported, in the order of their numbers.
    package let files: [File]
    /// Names of files whose sheets no service takes yet.
    package let notYet: [String]
    /// Names of files that belong to no known sheet.
    package let unknown: [String]
    /// Names of tables in a format that is not read: an old workbook (xls) or one of another program.
    package let otherFormats: [String]

    private struct Summary: Decodable {
        let rows: [String: Int]?
    }

    /// Looks into a folder.
    ///
    /// - Throws: `OperatorError` (usage) when it is no folder or has no sheet.
    package init(_ directory: String) throws {
        let folder = URL(fileURLWithPath: directory)
        // Why a folder cannot be listed does not change what to do.
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw OperatorError(
                .usage, "目录 \(directory) 不存在或无法读取，请核对路径。", "The folder \(directory) does not exist or cannot be read.")
        }
        // The summary only helps the progress bar: without it, or with a broken one, rows are counted up.
        let summary = try? JSONDecoder().decode(
            Summary.self, from: Data(contentsOf: folder.appendingPathComponent("pack.json")))
        var files: [File] = []
        var notYet: [String] = []
        var unknown: [String] = []
        var otherFormats: [String] = []
        for name in names.sorted() where !Self.isHidden(name) {
            guard Self.isReadable(name) else {
                if Self.isTable(name) { otherFormats.append(name) }
                continue
            }
            let number = String(name.prefix(2))
            if SheetCatalogue.named(number) != nil {
                files.append(
                    File(
                        number: number, name: name, path: folder.appendingPathComponent(name).path,
                        rows: summary?.rows?[name]))
            } else if SheetCatalogue.notYet[number] != nil {
                notYet.append(name)
            } else {
                unknown.append(name)
            }
        }
        guard !files.isEmpty || !notYet.isEmpty || !otherFormats.isEmpty else {
            throw OperatorError(
                .usage, "目录 \(directory) 中没有已知的表格：文件名应以 01 到 26 的编号开头，如 01_区划.csv。",
                "There are no known sheets in \(directory): names begin with a number from 01 to 26, for example 01_区划.csv."
            )
        }
        let order = SheetCatalogue.all.map(\.number)
        self.files = files.sorted {
            (order.firstIndex(of: $0.number) ?? 0, $0.name) < (order.firstIndex(of: $1.number) ?? 0, $1.name)
        }
        self.notYet = notYet
        self.unknown = unknown
        self.otherFormats = otherFormats
    }

    /// "~$…" and ".…" are the locks of programs that have the file open.
    private static func isHidden(_ name: String) -> Bool { name.hasPrefix("~$") || name.hasPrefix(".") }

    private static func isReadable(_ name: String) -> Bool { ["csv", "xlsx"].contains(suffix(of: name)) }

    /// Whether a file that is not read would be missed: it ends like a table, or is named like a sheet.
    private static func isTable(_ name: String) -> Bool {
        let isNumbered = name.wholeMatch(of: /[0-9]{2}[_\-. ].*/) != nil
        return tableSuffixes.contains(suffix(of: name)) || isNumbered
    }

    /// Endings of tables that people send: older and other workbooks, those of WPS, LibreOffice and Numbers, plain text.
    private static let tableSuffixes: Set<String> = [
        "xls", "xlsm", "xlsb", "xlt", "xltx", "et", "ett", "ods", "fods", "numbers", "tsv", "tab", "dbf",
    ]

    private static func suffix(of name: String) -> String {
        name.split(separator: ".").dropFirst().last.map { $0.lowercased() } ?? ""
    }
}
