import Foundation

/// What the code itself may not do.
enum CodeRules {
    /// Nothing ends the process or speaks past the log: failures are thrown, and the command line's output goes through
    /// its console.
    static func forbiddenCalls(_ tree: SourceTree) -> [String] {
        tree.swift(under: "Services", "Shared").flatMap { file -> [String] in
            let isConsole = file.path.hasPrefix("Services/Operator/Console/")
            return file.codeLines.enumerated().compactMap { number, line -> String? in
                let isOutput =
                    (line.has("rint(") || line.has("dump(")) && line.contains(/(^|[^.\w])(?:print|debugPrint|dump)\(/)
                let isStream =
                    file.parts[1] == "Operator" && (line.has("standardOutput.w") || line.has("standardError.w"))
                guard isEnd(line) || (!isConsole && (isOutput || isStream)) else { return nil }
                return "\(file.path):\(number + 1): \(line.trimmingCharacters(in: .whitespaces))"
            }
        }
    }

    /// Whether a line may end the process.
    private static func isEnd(_ line: Substring) -> Bool {
        if line.has("try!") || line.has("as!") { return line.contains(/\btry!|\bas!/) }
        guard line.has("fatalError(") || line.has("preconditionFailure("), !line.has("func ") else { return false }
        return line.contains(/(^|[^.\w])(?:fatalError|preconditionFailure)\(/)
    }

    /// Nothing is left for later without saying where it is written down.
    static func leftovers(_ tree: SourceTree) -> [String] {
        let words = Set(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"])
        let files = tree.files.filter { $0.isSwift || $0.path.hasSuffix(".sql") || $0.path.hasSuffix(".sh") }
        return files.flatMap { file -> [String] in
            file.lines.enumerated().compactMap { number, line -> String? in
                let capitals = line.utf8.split { $0 < 65 || $0 > 90 }.map { String(Substring($0)) }
                return words.isDisjoint(with: capitals) ? nil : "\(file.path):\(number + 1)"
            }
        }
    }

    /// An error that is thrown away has a comment that says why, on its line or right before it.
    static func silentFailures(_ tree: SourceTree) -> [String] {
        tree.swift(under: "Services", "Shared").flatMap { file -> [String] in
            let lines = file.lines
            return file.codeLines.enumerated().compactMap { number, code in
                guard code.has("try?"), code.contains(/\btry\?/) else { return nil }
                let isExplained =
                    lines[number].contains("//")
                    || (number > 0 && lines[number - 1].contains("//"))
                return isExplained ? nil : "\(file.path):\(number + 1): \(code.trimmingCharacters(in: .whitespaces))"
            }
        }
    }

    /// Where the compiler's checks are switched off, a comment near by names what holds instead: with the word
    /// "invariant", or as "`@unchecked Sendable`: …".
    static func unchecked(_ tree: SourceTree) -> [String] {
        tree.files.filter(\.isSwift).flatMap { file -> [String] in
            let lines = file.lines
            return file.codeLines.enumerated().compactMap { number, code in
                let marks = ["@unchecked Sendable", "nonisolated(unsafe)", "@preconcurrency"]
                guard code.has("@unchecked") || code.has("unsafe)") || code.has("@preconcurrency"),
                    let mark = marks.first(where: { code.contains($0) })
                else { return nil }
                let first = lines[..<number].lastIndex { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("//") }
                // Right before, beside, or as the first line within.
                let comment = lines[((first ?? -1) + 1)...min(number + 1, lines.count - 1)].joined(separator: "\n")
                return comment.contains("nvariant") || comment.contains("`\(mark)`: ")
                    ? nil : "\(file.path):\(number + 1): no invariant beside \(mark)"
            }
        }
    }

    /// Everything that other modules see is documented, but for what a protocol has documented already.
    static func documentation(_ tree: SourceTree) -> [String] {
        let files = tree.swift(under: "Services", "Shared", "Tests/Support")
        let witnesses = files.reduce(into: standardWitnesses) { $0.formUnion(requirements($1)) }
        return files.flatMap { file -> [String] in
            let lines = file.lines
            var faults: [String] = []
            for (number, code) in file.codeLines.enumerated() {
                guard code.has("package ") || code.has("public "), let match = code.firstMatch(of: declaration),
                    match.2 != "import", match.2 != "extension"
                else { continue }
                // A name, or the labels of an initialiser; an operator has none and is said by its protocol.
                let name = match.2 == "init" ? initialiser(file.codeLines[number...]) : String(match.3)
                // In a service `package` is for the tests: a documented type of plain fields says enough.
                let isField = file.parts[0] == "Services" && ["var", "let", "init"].contains(match.2)
                guard !name.isEmpty, !witnesses.contains(name), name != "init()", !isField else { continue }
                let before = lines[..<number].last { line in
                    !line.trimmingCharacters(in: .whitespaces).hasPrefix("@")
                }
                if before?.trimmingCharacters(in: .whitespaces).hasPrefix("///") != true {
                    faults.append("\(file.path):\(number + 1): \(name) has no comment")
                }
            }
            return faults
        }
    }

    private static var declaration: Regex<(Substring, Substring, Substring, Substring)> {
        /^(\s*)(?:@\w+(?:\([^)]*\))? )*(?:package|public)(?:\(set\))? (?:(?:internal|private|fileprivate)\(set\) )?(?:final |static |class (?=func|var)|mutating |nonisolated |indirect |convenience |required |override |nonisolated\(nonsending\) )*(struct|class|enum|actor|protocol|typealias|func|var|let|init|subscript|case|associatedtype|import|extension)\b[?!]?\s*`?([^\s(:=<{`]*)/
    }

    /// Requirements of protocols of the language and of the libraries.
    private static let standardWitnesses: Set<String> = [
        "description", "debugDescription", "errorDescription", "rawValue", "hash", "encode", "==", "<", "init(from:)",
        "init(rawValue:)", "init(stringLiteral:)", "init(stringInterpolation:)", "init(integerLiteral:)", "next",
        "makeAsyncIterator", "makeIterator", "startIndex", "endIndex", "index", "subscript", "count", "configuration",
        "run", "validate", "Element", "AsyncIterator", "Iterator", "init(context:)", "id", "RawValue", "AsyncElement",
        "init(literalCapacity:interpolationCount:)", "appendLiteral", "codingPath", "encodeNil", "body", "response",
        "init(arrayLiteral:)", "init(dictionaryLiteral:)", "allCases", "init(source:)", "handle",
        "init(booleanLiteral:)",
        "customMirror", "coreContext", "requestDecoder", "responseEncoder", "maxUploadSize", "decode", "log",
        "logLevel",
        "metadata", "metadataProvider", "makeCounter", "makeFloatingPointCounter", "makeMeter", "makeRecorder",
        "makeTimer",
        "destroyCounter", "destroyFloatingPointCounter", "destroyMeter", "destroyRecorder", "destroyTimer",
    ]

    /// The names that the protocols of a file require; they are documented there.
    private static func requirements(_ file: SourceFile) -> Set<String> {
        var names: Set<String> = []
        var depth = 0
        var isProtocol = false
        let lines = file.codeLines
        for (number, line) in lines.enumerated() {
            if depth == 0 { isProtocol = line.has("protocol ") && line.contains(/^(?:\w+ )*protocol \w/) }
            if isProtocol, depth == 1, !line.isEmpty,
                let match = line.firstMatch(
                    of: /^\s*(?:static |mutating )*(var|func|init|subscript|associatedtype)\b[?]?\s*([^\s(:=<{]*)/)
            {
                names.insert(match.1 == "init" ? initialiser(lines[number...]) : String(match.2))
            }
            depth += line.utf8.count { $0 == 0x7b } - line.utf8.count { $0 == 0x7d }
        }
        return names
    }

    /// The labels of the initialiser that begins in the first of these lines, `init(a:b:)`.
    private static func initialiser(_ lines: ArraySlice<Substring>) -> String {
        let text = lines.prefix(12).joined(separator: " ")
        guard let start = text.range(of: "init")?.upperBound, let open = text[start...].firstIndex(of: "(") else {
            return "init"
        }
        var depth = 0
        var labels = ""
        var isStart = true
        for character in text[open...] {
            if "([{<".contains(character) { depth += 1 }
            if ")]}>".contains(character) { depth -= 1 }
            if depth == 0 { break }
            guard depth == 1 else { continue }
            if character == "," {
                isStart = true
            } else if isStart, character.isLetter || character == "_" || character.isNumber {
                labels.append(character)
            } else if isStart, !labels.isEmpty, labels.last != ":", character == ":" || character == " " {
                labels.append(":")
                isStart = false
            }
        }
        return "init(\(labels))"
    }
}
