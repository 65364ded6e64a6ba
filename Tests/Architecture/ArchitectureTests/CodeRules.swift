import Foundation

/// What the code itself may not do.
enum CodeRules {
    /// Nothing ends the process or speaks past the log: failures are thrown, and the command line's output goes through
    /// its console.
    static func forbiddenCalls(_ tree: SourceTree) -> [String] {
        tree.swift(under: "Services", "Shared").flatMap { file -> [String] in
            let isConsole = file.path.hasPrefix("Services/Operator/Console/")
            return file.codeLines.enumerated().compactMap { number, line in
                let isForbidden =
                    line.contains(/(^|[^.\w])(?:fatalError|preconditionFailure)\(/) && !line.contains("func ")
                    || line.contains(/\btry!|\bas!/) || (!isConsole && line.contains(/(^|[^.\w])(?:print|debugPrint|dump)\(/))
                    || (!isConsole && line.contains(/FileHandle\.standard(Output|Error)/) && file.parts[1] == "Operator")
                return isForbidden ? "\(file.path):\(number + 1): \(line.trimmingCharacters(in: .whitespaces))" : nil
            }
        }
    }

    /// Nothing is left for later without saying where it is written down.
    static func leftovers(_ tree: SourceTree) -> [String] {
        let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
        return tree.files.filter { $0.isSwift || $0.path.hasSuffix(".sql") || $0.path.hasSuffix(".sh") }.flatMap { file in
            file.lines.enumerated().compactMap { number, line in
                words.contains { word in
                    line.split { !$0.isLetter && !$0.isNumber }.contains { $0 == word }
                } ? "\(file.path):\(number + 1)" : nil
            }
        }
    }

    /// An error that is thrown away has a comment that says why, on its line or right before it.
    static func silentFailures(_ tree: SourceTree) -> [String] {
        tree.swift(under: "Services", "Shared").flatMap { file -> [String] in
            let lines = file.lines
            return file.codeLines.enumerated().compactMap { number, code in
                guard code.contains("try?") else { return nil }
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
                guard let mark = marks.first(where: { code.contains($0) }) else { return nil }
                let first = lines[..<number].lastIndex { !$0.trimmingCharacters(in: .whitespaces).hasPrefix("//") }
                let comment = lines[((first ?? -1) + 1)...number].joined(separator: "\n")
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
                guard let match = code.firstMatch(of: declaration), match.2 != "import", match.2 != "extension" else { continue }
                // A name, the labels of an initialiser, or an operator.
                let name = match.2 == "init" ? initialiser(file.codeLines[number...]) : String(match.3)
                guard !witnesses.contains(name), name != "init()" else { continue }
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
        "init(arrayLiteral:)", "init(dictionaryLiteral:)", "allCases", "init(source:)", "handle", "init(booleanLiteral:)",
    ]

    /// The names that the protocols of a file require; they are documented there.
    private static func requirements(_ file: SourceFile) -> Set<String> {
        var names: Set<String> = []
        var depth = 0
        var isProtocol = false
        let lines = file.codeLines
        for (number, line) in lines.enumerated() {
            if depth == 0 { isProtocol = line.contains(/^(?:\w+ )*protocol \w/) }
            if isProtocol, depth == 1, let match = line.firstMatch(of: /^\s*(?:static |mutating )*(var|func|init|subscript|associatedtype)\b[?]?\s*([^\s(:=<{]*)/) {
                names.insert(match.1 == "init" ? initialiser(lines[number...]) : String(match.2))
            }
            depth += line.count { $0 == "{" } - line.count { $0 == "}" }
        }
        return names
    }

    /// The labels of the initialiser that begins in the first of these lines, `init(a:b:)`.
    private static func initialiser(_ lines: ArraySlice<Substring>) -> String {
        let text = lines.prefix(12).joined(separator: " ")
        guard let start = text.range(of: "init")?.upperBound, let open = text[start...].firstIndex(of: "(") else { return "init" }
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
