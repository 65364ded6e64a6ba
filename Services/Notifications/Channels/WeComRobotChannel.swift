import Foundation

/// Messages to a group by its robot (WeCom, `webhook/send`).
package struct WeComRobotChannel: MessageChannel {
    package let kind = ChannelCode.weComRobot
    /// 2048 bytes of UTF-8, heading included.
    package let limits = ChannelLimits(
        perAddress: [ChannelLimits.Rate(messages: 20, span: .seconds(60))], longestBody: 2048)
    private let base: ProviderBase
    private let exchange: ProviderExchange

    /// Prepares sending; nil where `base` is no address of a provider.
    ///
    /// - Parameter base: such as `https://qyapi.weixin.qq.com`.
    package init?(base: String, timeout: Duration = .seconds(10), now: @escaping @Sendable () -> Date) {
        guard let base = ProviderBase(base) else { return nil }
        self.base = base
        exchange = ProviderExchange(client: ProviderExchange.providers, timeout: timeout, now: now)
    }

    package func send(_ message: ChannelMessage) async -> SendOutcome {
        guard let key = base.key(in: message.address, named: "key") else { return .refused(code: "address-invalid") }
        guard message.joined.utf8.count <= limits.longestBody ?? .max else { return .refused(code: "too-long") }
        let answer = await exchange.ask(
            ProviderRequest(
                url: "\(base.url)/cgi-bin/webhook/send?key=\(key)", headers: [("Content-Type", "application/json")],
                body: JSONBytes.encode(RobotText(message.joined))))
        switch NumberedAnswer.read(answer) {
        case .failure(let known): return known.outcome
        case .success(let said): return WeComCodes.outcome(said.errcode)
        }
    }
}

/// A text as robots of WeCom and DingTalk take it.
struct RobotText: Encodable, Sendable {
    struct Content: Encodable, Sendable {
        let content: String
    }

    let msgtype = "text"
    let text: Content

    init(_ content: String) { text = Content(content: content) }

    private enum CodingKeys: String, CodingKey {
        case msgtype, text
    }
}

/// What WeCom's numbers mean for a message.
enum WeComCodes {
    /// Too many at once: a minute's window is full.
    private static let crowded: Set<Int> = [45_009, 45_033, 45_047]
    /// Of the account or the provider, not of the message: -1 busy, 40001 secret, 60020 address not trusted.
    private static let passing: Set<Int> = [-1, 40_001, 40_014, 42_001, 41_001, 60_020, 50_001, 301_002]

    static func outcome(_ number: Int) -> SendOutcome {
        if number == 0 { return .accepted(receipt: nil) }
        if crowded.contains(number) { return .failed(code: "wecom-\(number)", after: .seconds(60)) }
        return passing.contains(number)
            ? .failed(code: "wecom-\(number)", after: nil) : .refused(code: "wecom-\(number)")
    }
}
