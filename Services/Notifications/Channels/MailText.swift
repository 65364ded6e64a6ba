import Foundation

/// A letter's text (RFC 5322) with headings in any writing (RFC 2047) and a body in base64 (RFC 2045).
package enum MailText {
    /// Whether a text is a plain address: nothing in it could end a command or a heading of the letter.
    package static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, (1...64).contains(parts[0].utf8.count) else { return false }
        let host = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return parts[0].wholeMatch(of: /[A-Za-z0-9!#$%&'*+\/=?^_`{|}~.-]+/) != nil
            && !parts[0].hasPrefix(".") && !parts[0].hasSuffix(".") && !parts[0].contains("..")
            && host.allSatisfy { $0.wholeMatch(of: /[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?/) != nil }
    }

    /// The whole letter.
    static func letter(_ message: ChannelMessage, from sender: EmailChannel.Sender, date: Date) -> [UInt8] {
        let domain = sender.address.split(separator: "@").last.map(String.init) ?? "localhost"
        let from =
            sender.name.isEmpty ? sender.address : "\(words(sender.name, after: 6)) <\(sender.address)>"
        var lines = [
            "From: \(from)", "To: \(message.address)", "Subject: \(words(message.title, after: 9))",
            "Date: \(stamp(date))",
            // The same at each attempt, so that a reader's program shows it once.
            "Message-ID: <\(message.key.uuidString.lowercased())@\(domain)>",
            // Nobody is away from a machine's letter (RFC 3834).
            "Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64",
        ]
        if let address = message.slots["unsubscribe"], isLink(address) {
            lines += ["List-Unsubscribe: <\(address)>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
        }
        let body = message.body.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
        let coded = Data(body.utf8).base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn])
        lines += ["", coded.replacing("\r\n", with: "\r").replacing("\r", with: "\r\n"), ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    /// A text as encoded words of 75 bytes at most, each whole signs, folded into lines.
    ///
    /// - Parameter used: what stands in front of it in its line.
    static func words(_ text: String, after used: Int) -> String {
        let single = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        let isPlain = single.utf8.allSatisfy { (0x20...0x7e).contains($0) } && !single.contains("=?")
        if isPlain, single.utf8.count + used <= 76, !single.contains(where: { "\"<>@,;:\\()[]".contains($0) }) {
            return single
        }
        // 75 less "=?utf-8?B?" and "?=" is 63: base64 of 45 bytes.
        var words: [String] = []
        var piece: [UInt8] = []
        func close() {
            if !piece.isEmpty { words.append("=?utf-8?B?\(Data(piece).base64EncodedString())?=") }
            piece = []
        }
        for scalar in single.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            // The first word shares its line with the name of the heading.
            if piece.count + bytes.count > (words.isEmpty ? 39 : 45) { close() }
            piece += bytes
        }
        close()
        return words.joined(separator: "\r\n ")
    }

    private static func isLink(_ text: String) -> Bool {
        text.hasPrefix("https://") && text.utf8.count <= 900
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x3c && $0 != 0x3e }
    }

    /// The date of a heading, in UTC.
    static func stamp(_ date: Date) -> String {
        date.formatted(
            Date.VerbatimFormatStyle(
                format: """
                    \(weekday: .abbreviated), \(day: .defaultDigits) \(month: .abbreviated) \(year: .defaultDigits) \
                    \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
                    \(second: .twoDigits) +0000
                    """,
                locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
    }
}
