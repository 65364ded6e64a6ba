import Foundation
import NIOHTTP1

/// Messages to a member by an application of the organisation (WeCom, `message/send`).
package struct WeComAppChannel: MessageChannel {
    /// The application.
    package struct Application: Sendable, Equatable {
        /// The organisation's id.
        package var corporation: String
        /// The application's number.
        package var agent: Int
        /// The application's secret.
        package var secret: String
        /// How many accounts the organisation may have; a day holds 200 messages for each.
        package var accounts: Int

        package init(corporation: String, agent: Int, secret: String, accounts: Int) {
            self.corporation = corporation
            self.agent = agent
            self.secret = secret
            self.accounts = accounts
        }
    }

    package let kind = ChannelCode.weComApp
    package let limits: ChannelLimits
    private let application: Application
    private let base: ProviderBase
    private let exchange: ProviderExchange
    private let tokens: WeComTokens

    /// Prepares sending; nil where `base` is no address of a provider.
    ///
    /// - Parameter base: such as `https://qyapi.weixin.qq.com`.
    package init?(
        application: Application, base: String, timeout: Duration = .seconds(10),
        now: @escaping @Sendable () -> Date
    ) {
        guard let base = ProviderBase(base) else { return nil }
        self.application = application
        self.base = base
        // Beyond 30 a minute and 1000 an hour WeCom drops messages without a word.
        limits = ChannelLimits(
            perAddress: [
                ChannelLimits.Rate(messages: 30, span: .seconds(60)),
                ChannelLimits.Rate(messages: 1000, span: .seconds(3600)),
            ],
            overall: [ChannelLimits.Rate(messages: 200 * application.accounts, span: .seconds(86_400))],
            longestBody: 2048)
        exchange = ProviderExchange(client: ProviderExchange.providers, timeout: timeout, now: now)
        let query = AliyunSignature.query(["corpid": application.corporation, "corpsecret": application.secret])
        tokens = WeComTokens(url: "\(base.url)/cgi-bin/gettoken?\(query)", exchange: exchange)
    }

    package func send(_ message: ChannelMessage) async -> SendOutcome {
        // "@all" would reach everybody, "|" several.
        guard message.address.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._@-]{0,63}/) != nil else {
            return .refused(code: "address-invalid")
        }
        guard message.joined.utf8.count <= limits.longestBody ?? .max else { return .refused(code: "too-long") }
        switch await tokens.token() {
        case .failure(let known): return known.outcome
        case .success(let token):
            let first = await attempt(message, token: token)
            guard case .success(let said) = first, [40_014, 42_001].contains(said.errcode) else {
                return Self.outcome(first)
            }
            // The token ended before its time: a new one, once.
            switch await tokens.token(after: token) {
            case .failure(let known): return known.outcome
            case .success(let token): return Self.outcome(await attempt(message, token: token))
            }
        }
    }

    private func attempt(_ message: ChannelMessage, token: String) async -> Result<NumberedAnswer, OutcomeWithoutBody> {
        let content = AppText(
            touser: message.address, agentid: application.agent, text: RobotText.Content(content: message.joined))
        return NumberedAnswer.read(
            await exchange.ask(
                ProviderRequest(
                    url: "\(base.url)/cgi-bin/message/send?access_token=\(PercentText.encode(token))",
                    headers: [("Content-Type", "application/json")], body: JSONBytes.encode(content))))
    }

    private static func outcome(_ answer: Result<NumberedAnswer, OutcomeWithoutBody>) -> SendOutcome {
        switch answer {
        case .failure(let known): return known.outcome
        case .success(let said) where said.errcode != 0: return WeComCodes.outcome(said.errcode)
        // A success that reached nobody.
        case .success(let said) where said.invaliduser?.isEmpty == false: return .refused(code: "wecom-invaliduser")
        case .success(let said): return .accepted(receipt: said.msgid.map(ProviderCode.clean))
        }
    }

    /// A text for one member, not sent twice within half an hour: WeCom compares receiver and text.
    private struct AppText: Encodable {
        let touser: String
        let msgtype = "text"
        let agentid: Int
        let text: RobotText.Content
        let safe = 0
        let enable_duplicate_check = 1
        let duplicate_check_interval = 1800

        private enum CodingKeys: String, CodingKey {
            case touser, msgtype, agentid, text, safe, enable_duplicate_check, duplicate_check_interval
        }
    }
}

/// The application's token: asked for once at a time, and kept until shortly before it ends.
private actor WeComTokens {
    private let url: String
    private let exchange: ProviderExchange
    private var kept: (token: String, until: Date)?
    private var asking: Task<Result<NumberedAnswer, OutcomeWithoutBody>, Never>?

    init(url: String, exchange: ProviderExchange) {
        self.url = url
        self.exchange = exchange
    }

    /// The token; a new one where the kept one has ended or is `stale`.
    func token(after stale: String? = nil) async -> Result<String, OutcomeWithoutBody> {
        if let kept, kept.token != stale, kept.until > exchange.now() { return .success(kept.token) }
        let task =
            asking
            ?? Task { [url, exchange] in
                NumberedAnswer.read(await exchange.ask(ProviderRequest(method: .GET, url: url)))
            }
        asking = task
        let answer = await task.value
        if asking == task { asking = nil }
        switch answer {
        case .failure(let known):
            // No message has gone, whatever became of the question.
            switch known.outcome {
            case .unknown(let code), .refused(let code):
                return .failure(OutcomeWithoutBody(outcome: .failed(code: "token-\(code)", after: nil)))
            default: return .failure(known)
            }
        case .success(let said):
            guard said.errcode == 0, let token = said.access_token else {
                return .failure(OutcomeWithoutBody(outcome: .failed(code: "token-wecom-\(said.errcode)", after: nil)))
            }
            kept = (token, exchange.now().addingTimeInterval(Double(max((said.expires_in ?? 7200) - 300, 0))))
            return .success(token)
        }
    }
}
