import Foundation

/// The files of the repository as the rules see them, or a few made up by a test.
struct SourceTree: Sendable {
    /// The files, by path from the top of the repository.
    let files: [SourceFile]
    /// What stands at the top of the repository.
    let topLevel: Set<String>

    /// Makes a tree of made-up files, `path: text`.
    init(_ texts: [String: String]) {
        files = texts.map { SourceFile(path: $0.key, text: $0.value) }.sorted { $0.path < $1.path }
        topLevel = Set(texts.keys.compactMap { $0.split(separator: "/").first.map(String.init) })
    }

    /// Reads the repository that this file lies in; links on the way are followed.
    static let repository: Result<SourceTree, any Error> = Result {
        var top = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<4 { top.deleteLastPathComponent() }
        return try SourceTree(reading: top)
    }

    private init(reading top: URL) throws {
        let manager = FileManager.default
        let names = try manager.contentsOfDirectory(atPath: top.path)
        var files: [SourceFile] = []
        for name in names.sorted() {
            let folders = ["Services", "Shared", "Tests", "deploy"]
            if folders.contains(name), let paths = manager.enumerator(atPath: top.appendingPathComponent(name).path) {
                for case let path as String in paths {
                    try files.append(contentsOf: Self.file("\(name)/\(path)", in: top))
                }
            } else if !name.hasPrefix("."), !folders.contains(name) {
                try files.append(contentsOf: Self.file(name, in: top))
            }
        }
        self.files = files.sorted { $0.path < $1.path }
        topLevel = Set(names)
    }

    /// The file of a path, or none for folders and for what is not text.
    private static func file(_ path: String, in top: URL) throws -> [SourceFile] {
        let url = top.appendingPathComponent(path)
        let extensions = [
            "swift", "sql", "md", "yaml", "yml", "sh", "h", "modulemap", "json", "conf", "service", "toml",
        ]
        guard extensions.contains(url.pathExtension) || ["Makefile", "Dockerfile"].contains(url.lastPathComponent),
            try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true
        else { return [] }
        return [SourceFile(path: path, text: String(decoding: try Data(contentsOf: url), as: UTF8.self))]
    }

    /// The Swift files under a folder.
    func swift(under folders: String...) -> [SourceFile] {
        files.filter { file in file.isSwift && folders.contains { file.path.hasPrefix($0 + "/") } }
    }

    /// The services of the suite, by the name of their folder; the command line is none.
    var services: [String] {
        Set(files.compactMap { $0.parts.count > 2 && $0.parts[0] == "Services" ? $0.parts[1] : nil })
            .subtracting(["Operator"]).sorted()
    }

    /// Whether a file or a folder of this path exists.
    func has(_ path: String) -> Bool { files.contains { $0.path == path || $0.path.hasPrefix(path + "/") } }
}

/// One file.
struct SourceFile: Sendable {
    /// The path from the top of the repository.
    let path: String
    /// The whole text.
    let text: String
    /// For Swift: the text with comments and the contents of strings blanked out, line for line.
    let code: String
    /// For Swift: the contents of the strings.
    let strings: [String]
    /// The lines of the text.
    let lines: [Substring]
    /// The lines of the code.
    let codeLines: [Substring]
    /// The modules that it imports.
    let imports: [String]
    /// The words of the code.
    let words: Set<Substring>

    /// Takes a text apart.
    init(path: String, text: String) {
        self.path = path
        self.text = text
        var scanner = SwiftScanner(text)
        if path.hasSuffix(".swift") { scanner.run() }
        code = String(decoding: scanner.code, as: UTF8.self)
        strings = scanner.strings
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        codeLines = code.split(separator: "\n", omittingEmptySubsequences: false)
        imports = codeLines.filter { $0.has("import ") }.compactMap { line in
            line.firstMatch(of: Self.importing).map { String($0.1) }
        }
        words = Set(
            code.utf8.split {
                !(48...57).contains($0) && !(65...90).contains($0) && !(97...122).contains($0) && $0 != 95
            }
            .map { Substring($0) })
    }

    private static var importing: Regex<(Substring, Substring)> {
        /^\s*(?:@\w+(?:\(\w+\))?\s+)*(?:package |public |internal |private )?import (?:struct |class |enum |protocol |func |typealias )?(\w+)/
    }

    /// The parts of the path.
    var parts: [String] { path.split(separator: "/").map(String.init) }
    /// Whether it is Swift.
    var isSwift: Bool { path.hasSuffix(".swift") }
    /// How many lines there are, the end of the last one not counted as another.
    var lineCount: Int { lines.count - (text.hasSuffix("\n") ? 1 : 0) }
    /// Every type that it declares, however deep and for whom ever.
    var ownTypes: Set<Substring> {
        Set(code.matches(of: /\b(?:struct|class|enum|actor|protocol|typealias|associatedtype) (\w+)/).map(\.1))
    }

    /// The types that it declares at the top, those that only it can see left out.
    var declaredTypes: [String] {
        codeLines.filter { $0.utf8.first.map { $0 != 0x20 && $0 != 0x7d } ?? false }.compactMap { line in
            line.firstMatch(
                of:
                    /^(?:@\w+(?:\([^)]*\))? )*(?:package |public |internal )?(?:final |indirect )*(?:struct|class|enum|actor|protocol|typealias) (\w+)/
            ).map { String($0.1) }
        }
    }
}

extension Substring {
    /// Whether these bytes are in it: much faster than the search by characters, which the rules do line by line.
    func has(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            utf8.withContiguousStorageIfAvailable { bytes in
                guard bytes.count >= wanted.count else { return false }
                return (0...bytes.count - wanted.count).contains { start in
                    wanted.indices.allSatisfy { bytes[start + $0] == wanted[$0] }
                }
            } ?? contains("\(text)")
        }
    }
}

/// Tells comments and strings from code, well enough for the rules.
struct SwiftScanner {
    private let bytes: [UInt8]
    private var at = 0
    /// The code, with spaces where comments and strings were.
    private(set) var code: [UInt8] = []
    /// The contents of strings.
    private(set) var strings: [String] = []

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Reads the whole text.
    mutating func run() {
        while at < bytes.count {
            if starts("//") {
                skip { $0.bytes[$0.at] == 0x0a }
            } else if starts("/*") {
                blockComment()
            } else if bytes[at] == 0x22 || (bytes[at] == 0x23 && isRawString) {
                string()
            } else {
                code.append(bytes[at])
                at += 1
            }
        }
    }

    private func starts(_ text: String) -> Bool { bytes[at...].starts(with: text.utf8) }

    private var isRawString: Bool { bytes[at...].first { $0 != 0x23 } == 0x22 }

    /// Blanks one byte, keeping the lines.
    private mutating func blank() {
        code.append(bytes[at] == 0x0a ? 0x0a : 0x20)
        at += 1
    }

    private mutating func skip(until isEnd: (SwiftScanner) -> Bool) {
        while at < bytes.count, !isEnd(self) { blank() }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                blank()
            } else if starts("*/") {
                depth -= 1
                blank()
            }
            if at < bytes.count { blank() }
        } while depth > 0 && at < bytes.count
    }

    private mutating func string() {
        var hashes = ""
        while bytes[at] == 0x23 {
            hashes += "#"
            blank()
        }
        let quote = starts("\"\"\"") ? "\"\"\"" : "\""
        for _ in quote.utf8 { blank() }
        let start = at
        let end = quote + hashes
        let escape = "\\" + hashes
        while at < bytes.count, !starts(end) {
            if starts(escape) {
                for _ in escape.utf8 where at < bytes.count { blank() }
                if at < bytes.count, bytes[at] == 0x28 { interpolation() } else if at < bytes.count { blank() }
            } else if quote.utf8.count == 1, bytes[at] == 0x0a {
                break
            } else {
                blank()
            }
        }
        strings.append(String(decoding: bytes[start..<min(at, bytes.count)], as: UTF8.self))
        for _ in end.utf8 where at < bytes.count { blank() }
    }

    /// Keeps the code of an interpolation, whose strings may hold brackets and quotes.
    private mutating func interpolation() {
        var depth = 0
        repeat {
            if bytes[at] == 0x22 {
                string()
                continue
            }
            if bytes[at] == 0x28 { depth += 1 }
            if bytes[at] == 0x29 { depth -= 1 }
            code.append(bytes[at])
            at += 1
        } while depth > 0 && at < bytes.count
    }
}
