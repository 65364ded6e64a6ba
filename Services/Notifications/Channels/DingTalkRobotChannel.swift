import Crypto
import Foundation

/// Messages to a group by its robot (DingTalk, `robot/send`), signed.
package struct DingTalkRobotChannel: MessageChannel {
    package let kind = ChannelCode.dingTalkRobot
    /// Beyond 20 a minute DingTalk takes none for ten minutes.
    package let limits = ChannelLimits(
        perAddress: [ChannelLimits.Rate(messages: 20, span: .seconds(60))], longestBody: 20_000)
    private let base: ProviderBase
    private let secrets: KeyedSecrets
    private let exchange: ProviderExchange

    /// Prepares sending; nil where `base` is no address of a provider.
    ///
    /// - Parameters:
    ///   - base: such as `https://oapi.dingtalk.com`.
    ///   - secrets: by the robot's access token.
    package init?(
        base: String, secrets: KeyedSecrets, timeout: Duration = .seconds(10), now: @escaping @Sendable () -> Date
    ) {
        guard let base = ProviderBase(base) else { return nil }
        self.base = base
        self.secrets = secrets
        exchange = ProviderExchange(client: ProviderExchange.providers, timeout: timeout, now: now)
    }

    package func send(_ message: ChannelMessage) async -> SendOutcome {
        guard let token = base.key(in: message.address, named: "access_token") else {
            return .refused(code: "address-invalid")
        }
        guard let secret = secrets.secrets(for: token).first else { return .refused(code: "secret-missing") }
        guard message.joined.utf8.count <= limits.longestBody ?? .max else { return .refused(code: "too-long") }
        let stamp = String(Int(exchange.now().timeIntervalSince1970 * 1000))
        let query = "access_token=\(token)&timestamp=\(stamp)&sign=\(Self.sign(stamp: stamp, secret: secret))"
        let answer = await exchange.ask(
            ProviderRequest(
                url: "\(base.url)/robot/send?\(query)", headers: [("Content-Type", "application/json; charset=utf-8")],
                body: JSONBytes.encode(RobotText(message.joined))))
        switch NumberedAnswer.read(answer) {
        case .failure(let known): return known.outcome
        case .success(let said): return Self.outcome(said.errcode)
        }
    }

    /// HMAC-SHA256 of `stamp\nsecret` under the secret, in base64, encoded for a query.
    static func sign(stamp: String, secret: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(stamp)\n\(secret)".utf8), using: SymmetricKey(data: Data(secret.utf8)))
        return PercentText.encode(Data(code).base64EncodedString())
    }

    /// 130101 and 410100: too fast; -1: busy; 310000 and the rest: signature, word or address not as the robot wants it.
    private static func outcome(_ number: Int) -> SendOutcome {
        switch number {
        case 0: .accepted(receipt: nil)
        case 130_101, 410_100: .failed(code: "dingtalk-\(number)", after: .seconds(600))
        case -1: .failed(code: "dingtalk-\(number)", after: nil)
        default: .refused(code: "dingtalk-\(number)")
        }
    }
}
