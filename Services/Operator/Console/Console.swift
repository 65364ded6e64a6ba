import Foundation
import Models

/// Where a command writes: results to standard output, everything else to standard error.
///
/// Colours and moving lines appear only on a terminal; `NO_COLOR` (no-color.org) switches colours off. Safe to use from
/// any task: a call is one write.
package struct Console: Sendable {
    /// Whether standard output is a terminal.
    package let outputIsTerminal: Bool
    /// Whether standard error is a terminal that understands cursor movements.
    package let errorIsTerminal: Bool
    /// Whether colours may be used.
    package let usesColour: Bool
    /// Characters of a line of the terminal.
    package let width: Int
    private let write: @Sendable (Int32, String) -> Void

    /// The process's own output.
    package static func standard(environment: [String: String] = ProcessInfo.processInfo.environment) -> Console {
        let isCapable = environment["TERM"] != "dumb"
        let errorIsTerminal = isatty(STDERR_FILENO) == 1 && isCapable
        return Console(
            outputIsTerminal: isatty(STDOUT_FILENO) == 1 && isCapable, errorIsTerminal: errorIsTerminal,
            usesColour: errorIsTerminal && (environment["NO_COLOR"] ?? "").isEmpty, width: Self.terminalWidth(),
            write: Self.writeAll)
    }

    /// Makes a console over any sink, which gets the file descriptor (1 or 2) and the text.
    package init(
        outputIsTerminal: Bool = false, errorIsTerminal: Bool = false, usesColour: Bool = false, width: Int = 80,
        write: @escaping @Sendable (Int32, String) -> Void
    ) {
        self.outputIsTerminal = outputIsTerminal
        self.errorIsTerminal = errorIsTerminal
        self.usesColour = usesColour
        self.width = width
        self.write = write
    }

    /// Writes a line of the result.
    package func line(_ text: String = "") { write(STDOUT_FILENO, text + "\n") }

    /// Writes a line about what is going on.
    package func note(_ text: String) { write(STDERR_FILENO, text + "\n") }

    /// Writes without a line end to standard error, for a line that is drawn again.
    package func draw(_ text: String) { write(STDERR_FILENO, text) }

    /// Writes an error in red.
    package func failure(_ text: String) { note(colour(text, "31")) }

    /// Writes a result as JSON, indented, keys sorted.
    package func json(_ value: some Encodable) throws { line(try JSONText.pretty(value)) }

    /// Wraps text in a colour (an SGR number) where colours may be used.
    package func colour(_ text: String, _ code: String) -> String {
        usesColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    private static func writeAll(_ descriptor: Int32, _ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.write(descriptor, buffer.baseAddress.map { $0 + sent }, bytes.count - sent)
            }
            if count < 0, errno == EINTR { continue }
            // Nobody reads any more (`tiaokuai … | head`): there is nothing to say and nobody to say it to.
            guard count > 0 else { return }
            sent += count
        }
    }

    private static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}

/// JSON for people and programs: indented, keys sorted, RFC 3339 times.
package enum JSONText {
    /// Encodes a value.
    package static func pretty(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(RFC3339.format(date))
        }
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
