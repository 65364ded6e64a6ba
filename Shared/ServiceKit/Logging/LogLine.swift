import Foundation
import Logging
import Models

/// One log line before it is written.
package struct LogLine: Sendable {
    private let time: Date
    private let level: Logger.Level
    private let label: String
    private let message: String
    private let fields: [(String, String)]

    /// Takes what a line says; `fields` are written in the order given.
    package init(time: Date, level: Logger.Level, label: String, message: String, fields: [(String, String)]) {
        self.time = time
        self.level = level
        self.label = label
        self.message = message
        self.fields = fields.map { name, value in (name, LogScrubber.isPersonal(field: name) ? "***" : value) }
    }

    /// The line in a form, with a line break at its end and without personal numbers.
    package func rendered(_ format: LogFormat) -> String {
        switch format {
        case .text: LogScrubber.scrub(text)
        case .json: LogScrubber.scrub(json)
        }
    }

    private var text: String {
        var line = "\(RFC3339.format(time)) \(level.rawValue.uppercased()) \(label): \(Self.oneLine(message))"
        for (name, value) in fields {
            let value = Self.oneLine(value)
            line += value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) ? " \(name)=\"" : " \(name)="
            line +=
                value.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" })
                ? value.replacing("\"", with: "\\\"") + "\"" : value
        }
        return line + "\n"
    }

    private var json: String {
        var line = "{\"time\":\"\(RFC3339.format(time))\",\"level\":\"\(level.rawValue)\",\"logger\":"
        Self.appendQuoted(label, to: &line)
        line += ",\"message\":"
        Self.appendQuoted(message, to: &line)
        for (name, value) in fields {
            line += ","
            Self.appendQuoted(Self.reserved.contains(name) ? "field.\(name)" : name, to: &line)
            line += ":"
            Self.appendQuoted(value, to: &line)
        }
        return line + "}\n"
    }

    private static let reserved: Set<String> = ["time", "level", "logger", "message"]

    /// A line break in a value must not look like the next line of the log.
    private static func oneLine(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
    }

    private static func appendQuoted(_ text: String, to line: inout String) {
        line += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            case "\t": line += "\\t"
            default:
                if scalar.value < 0x20 {
                    let code = String(scalar.value, radix: 16)
                    line += "\\u" + String(repeating: "0", count: 4 - code.count) + code
                } else {
                    line.unicodeScalars.append(scalar)
                }
            }
        }
        line += "\""
    }
}
