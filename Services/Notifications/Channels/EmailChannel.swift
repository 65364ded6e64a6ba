import Foundation
import Mail

/// E-mail by a server that takes it (SMTP).
package struct EmailChannel: MessageChannel {
    /// Who writes.
    package struct Sender: Sendable, Equatable {
        /// The address.
        package var address: String
        /// The name that readers see; may be empty.
        package var name: String

        package init(address: String, name: String) {
            self.address = address
            self.name = name
        }
    }

    package let kind = ChannelCode.email
    package let limits: ChannelLimits
    private let mail: MailThread
    private let sender: Sender
    private let now: @Sendable () -> Date

    /// Begins to use a server; nil where libcurl cannot be used, or the sender's address is none.
    package init?(
        server: MailServer, sender: Sender, limits: ChannelLimits = EmailChannel.usualLimits,
        now: @escaping @Sendable () -> Date
    ) {
        guard MailText.isAddress(sender.address), let mail = MailThread(server: server) else { return nil }
        self.mail = mail
        self.sender = sender
        self.limits = limits
        self.now = now
    }

    /// What servers for mail take from one sender without calling it a flood.
    package static let usualLimits = ChannelLimits(
        perAddress: [ChannelLimits.Rate(messages: 20, span: .seconds(3600))],
        overall: [ChannelLimits.Rate(messages: 60, span: .seconds(60))], longestBody: 100_000)

    package func send(_ message: ChannelMessage) async -> SendOutcome {
        guard MailText.isAddress(message.address) else { return .refused(code: "address-invalid") }
        guard message.body.utf8.count <= limits.longestBody ?? .max else { return .refused(code: "too-long") }
        let letter = Letter(
            sender: sender.address, recipient: message.address,
            content: MailText.letter(message, from: sender, date: now()))
        switch await mail.send(letter) {
        case .accepted(let reply): return .accepted(receipt: Self.receipt(in: reply))
        case .unanswered: return .unknown(code: "smtp-unanswered")
        case .failed(let failure): return .failed(code: "smtp-\(failure.rawValue)", after: nil)
        // What the server has against the login or the server's own state is no fault of the letter.
        case .rejected(let code)
        where (500..<600).contains(code) && ![500, 502, 503, 521, 530, 535, 538].contains(code):
            return .refused(code: "smtp-\(code)")
        case .rejected(let code): return .failed(code: "smtp-\(code)", after: nil)
        }
    }

    /// The number under which a server has queued a letter, where it says one.
    static func receipt(in reply: String) -> String? {
        guard let match = reply.firstMatch(of: /queued as ([A-Za-z0-9.-]{4,64})/.ignoresCase()) else { return nil }
        return String(match.1)
    }
}
