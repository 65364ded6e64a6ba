import Foundation

/// The description of a service's interface: what is its own, joined with what all services have alike.
///
/// Both parts are files beside the code. They are joined as text, section by section, so that comments and order stay and
/// no service needs a parser of YAML; a test parses the result.
package enum OpenAPIDocument {
    /// The media type (RFC 9512).
    package static let mediaType = "application/yaml"

    /// Where the part that all services have alike lies.
    package static var commonPart: URL {
        Bundle.module.bundleURL.appendingPathComponent("common.yaml")
    }

    /// Reads and joins a service's document.
    ///
    /// - Throws: `SettingFault` when a file is missing: the release is not installed whole.
    package static func load(own: URL) throws -> String {
        try join(text(of: own), with: text(of: commonPart))
    }

    /// Joins two documents: the members of `paths`, and of each section of `components`, of both; of other sections the
    /// first document's, or the second's where the first has none.
    package static func join(_ own: String, with common: String) -> String {
        let own = Sections(own, indent: 0)
        let common = Sections(common, indent: 0)
        return own.joined(with: common) { key, mine, theirs in
            switch key {
            case "paths": mine + theirs
            case "components":
                "\n" + Sections(mine, indent: 2).joined(with: Sections(theirs, indent: 2)) { $1 + $2 }
            default: mine
            }
        }
    }

    private static func text(of file: URL) throws -> String {
        do {
            return try String(contentsOf: file, encoding: .utf8)
        } catch {
            throw SettingFault(
                cause: BilingualText(
                    "缺少接口文档 \(file.lastPathComponent)",
                    "the interface's description \(file.lastPathComponent) is missing"),
                nextStep: BilingualText(
                    "重新安装，连同程序旁的 resources 目录", "Install it again, with the folders of resources beside the program"))
        }
    }
}

/// A text in sections that begin with a key at a certain indent.
private struct Sections {
    /// What stands before the first key.
    private var preamble = ""
    private var order: [String] = []
    private var bodies: [String: String] = [:]
    private let indent: String

    init(_ text: String, indent: Int) {
        self.indent = String(repeating: " ", count: indent)
        var key: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            if let begun = Self.key(line, indent: indent) {
                key = begun
                order.append(begun)
                // A key with its value on the same line has it as its body.
                bodies[begun] = String(line.dropFirst(indent + begun.count + 1)) + "\n"
            } else if let key {
                bodies[key, default: ""] += line + "\n"
            } else {
                preamble += line + "\n"
            }
        }
    }

    /// The key that a line begins, `paths:` at the indent.
    private static func key(_ line: Substring, indent: Int) -> String? {
        guard line.prefix(indent).allSatisfy({ $0 == " " }), let first = line.dropFirst(indent).first, first.isLetter,
            let colon = line.firstIndex(of: ":")
        else { return nil }
        return String(line[..<colon].dropFirst(indent))
    }

    /// The text of both, sections of the same key joined by `join`.
    func joined(
        with other: Sections, _ join: (_ key: String, _ mine: String, _ theirs: String) -> String
    ) -> String {
        var text = preamble
        for key in order + other.order.filter({ bodies[$0] == nil }) {
            let body =
                switch (bodies[key], other.bodies[key]) {
                case (let mine?, let theirs?): join(key, mine, String(theirs.drop { $0 == "\n" }))
                case (let mine, let theirs): mine ?? theirs ?? ""
                }
            text += "\(indent)\(key):\(body)"
        }
        return text
    }
}
