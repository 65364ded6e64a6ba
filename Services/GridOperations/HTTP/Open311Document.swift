import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What an answer of Open311 says, which is written as XML and as JSON alike: in JSON a list is an array, and an element
/// without value is null.
package indirect enum Open311Value: Sendable, Hashable {
    case text(String)
    case number(Double)
    case integer(Int)
    case flag(Bool)
    case nothing
    case object([Open311Member])
    /// A list; in XML each item stands in an element of that name.
    case list(of: String, [Open311Value])

    /// A text, or nothing.
    static func optional(_ text: String?) -> Open311Value { text.map { .text($0) } ?? .nothing }
}

/// A named part of an object.
package struct Open311Member: Sendable, Hashable {
    let name: String
    let value: Open311Value

    /// Names a part.
    package init(_ name: String, _ value: Open311Value) {
        self.name = name
        self.value = value
    }
}

/// How an answer is written.
package enum Open311Format: String, Sendable, CaseIterable {
    case xml
    case json

    /// The media type by the standard.
    package var mediaType: String {
        switch self {
        case .xml: "text/xml; charset=utf-8"
        case .json: "application/json; charset=utf-8"
        }
    }

    /// The last suffix of a part of a path; what stands before it is the rest.
    static func split(_ part: String) -> (rest: String, format: Open311Format)? {
        guard let dot = part.lastIndex(of: "."),
            let format = Open311Format(rawValue: String(part[part.index(after: dot)...]))
        else { return nil }
        return (String(part[..<dot]), format)
    }
}

/// A whole answer.
package struct Open311Document: Sendable, Hashable {
    /// The name of the root element; JSON has none.
    let root: String
    let value: Open311Value

    /// Names a value.
    package init(_ root: String, _ value: Open311Value) {
        self.root = root
        self.value = value
    }

    /// Writes it.
    package func text(as format: Open311Format) -> String {
        switch format {
        case .xml: "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + Self.element(root, value)
        case .json: Self.json(value)
        }
    }

    /// Answers with it.
    func response(as format: Open311Format, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: format.mediaType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text(as: format))))
    }

    // MARK: - XML

    private static func element(_ name: String, _ value: Open311Value) -> String {
        let content = xml(value)
        return content.isEmpty ? "<\(name)/>" : "<\(name)>\(content)</\(name)>"
    }

    private static func xml(_ value: Open311Value) -> String {
        switch value {
        case .text(let text): escaped(text)
        case .number(let number): "\(number)"
        case .integer(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .nothing: ""
        case .object(let members): members.map { element($0.name, $0.value) }.joined()
        case .list(let name, let items): items.map { element(name, $0) }.joined()
        }
    }

    /// What XML 1.0 lets stand in an element (2.2, 2.4, 2.11): a character that it has no form for is left out, and a
    /// carriage return is written as a reference, or readers would take it for a line feed.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { written, scalar in
            switch scalar {
            case "&": written += "&amp;"
            case "<": written += "&lt;"
            case ">": written += "&gt;"
            case "\r": written += "&#13;"
            case "\n", "\t": written.unicodeScalars.append(scalar)
            case "\u{20}"..."\u{fffd}", "\u{10000}"..."\u{10ffff}": written.unicodeScalars.append(scalar)
            default: break
            }
        }
    }

    // MARK: - JSON

    private static func json(_ value: Open311Value) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .number(let number): "\(number)"
        case .integer(let number): "\(number)"
        case .flag(let flag): "\(flag)"
        case .nothing: "null"
        case .object(let members):
            "{" + members.map { "\(quoted($0.name)):\(json($0.value))" }.joined(separator: ",") + "}"
        case .list(_, let items): "[" + items.map(json).joined(separator: ",") + "]"
        }
    }

    private static func quoted(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "\"") { written, scalar in
            switch scalar {
            case "\"": written += "\\\""
            case "\\": written += "\\\\"
            case "\n": written += "\\n"
            case "\r": written += "\\r"
            case "\t": written += "\\t"
            case "\u{0}"..."\u{1f}":
                let digits = String(scalar.value, radix: 16)
                written += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: written.unicodeScalars.append(scalar)
            }
        } + "\""
    }
}
