import Foundation

/// Short messages by Alibaba Cloud (`SendSms`, 2017-05-25): a template that was approved, and what fills its slots.
package struct SMSChannel: MessageChannel {
    /// The account and what was approved for it.
    package struct Account: Sendable, Equatable {
        /// The id of the access key.
        package var keyID: String
        /// The access key.
        package var keySecret: String
        /// The approved signature, without 【】.
        package var signature: String
        /// The template of messages that name none.
        package var template: String?

        package init(keyID: String, keySecret: String, signature: String, template: String? = nil) {
            self.keyID = keyID
            self.keySecret = keySecret
            self.signature = signature
            self.template = template
        }
    }

    package let kind = ChannelCode.sms
    /// A number gets 40 a day (24 hours) of all kinds; notices of one template would be 50 (DOMAIN 3.13).
    package let limits = ChannelLimits(
        perAddress: [ChannelLimits.Rate(messages: 40, span: .seconds(86_400))], longestBody: SMSLength.longest)
    private let account: Account
    private let base: ProviderBase
    private let exchange: ProviderExchange

    /// Prepares sending; nil where `base` is no address of a provider.
    ///
    /// - Parameter base: the provider's address, such as `https://dysmsapi.aliyuncs.com`.
    package init?(
        account: Account, base: String, timeout: Duration = .seconds(10), now: @escaping @Sendable () -> Date
    ) {
        guard let base = ProviderBase(base) else { return nil }
        self.account = account
        self.base = base
        exchange = ProviderExchange(client: ProviderExchange.providers, timeout: timeout, now: now)
    }

    package func send(_ message: ChannelMessage) async -> SendOutcome {
        guard let number = Self.number(message.address) else { return .refused(code: "address-invalid") }
        guard let template = message.providerTemplate ?? account.template else {
            return .refused(code: "template-missing")
        }
        guard SMSLength(text: message.body, signature: account.signature).isTaken else {
            return .refused(code: "too-long")
        }
        let parameters = [
            "PhoneNumbers": number, "SignName": account.signature, "TemplateCode": template,
            "TemplateParam": String(decoding: JSONBytes.encode(message.slots), as: UTF8.self),
            // Comes back in the provider's reports; it does not keep a message from going twice.
            "OutId": message.key.uuidString.lowercased(),
        ]
        let signature = AliyunSignature(keyID: account.keyID, secret: account.keySecret)
        // The client writes `Host` itself, from the same address.
        let headers = signature.headers(
            host: base.authority, action: "SendSms", version: "2017-05-25", parameters: parameters,
            date: exchange.now(), nonce: UUID().uuidString
        ).filter { $0.0 != "host" }
        let answer = await exchange.ask(
            ProviderRequest(url: base.url + "/?" + AliyunSignature.query(parameters), headers: headers))
        return Self.outcome(answer)
    }

    /// The provider says what is wrong in the body, whatever the status.
    private static func outcome(_ answer: ProviderAnswer) -> SendOutcome {
        if case .answered(let status, let after, let body) = answer,
            // A body that is none of the provider's is judged by its status.
            let said = try? JSONDecoder().decode(Answer.self, from: Data(body))
        {
            if said.code == "OK", (200..<300).contains(status) { return .accepted(receipt: said.receipt) }
            if said.code != "OK" { return AliyunCodes.outcome(said.code, message: said.message ?? "", after: after) }
        }
        switch answer.body() {
        case .success: return .unknown(code: "answer-unreadable")
        case .failure(let known): return known.outcome
        }
    }

    /// A number as the provider takes it: a mobile number of the mainland, without its prefix.
    static func number(_ text: String) -> String? {
        var digits = text.filter { $0 != " " && $0 != "-" }
        for prefix in ["+86", "0086"] where digits.hasPrefix(prefix) { digits.removeFirst(prefix.count) }
        return digits.wholeMatch(of: /1[3-9][0-9]{9}/) == nil ? nil : digits
    }

    private struct Answer: Decodable {
        let code: String
        let message: String?
        let receipt: String?

        enum CodingKeys: String, CodingKey {
            case code = "Code"
            case message = "Message"
            case receipt = "BizId"
        }
    }
}

/// What Alibaba Cloud's codes mean for a message.
enum AliyunCodes {
    /// Of the account or the provider, not of the message: somebody can mend it, and then it goes.
    private static let passing: Set<String> = [
        "isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE", "isv.PRODUCT_UN_SUBSCRIPT", "isv.PRODUCT_UNSUBSCRIBE",
        "isv.ACCOUNT_ABNORMAL", "isv.ACCOUNT_NOT_EXISTS", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL",
        "SignatureDoesNotMatch", "SignatureNonceUsed", "IncompleteSignature", "InvalidTimeStamp.Expired",
        "ServiceUnavailable", "InternalError", "isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR", "isp.RAM_PERMISSION_DENY",
        "isv.RAM_CHECK_FAILED", "SystemError",
    ]

    static func outcome(_ code: String, message: String, after: Duration?) -> SendOutcome {
        let name = ProviderCode.clean(code)
        if code.hasPrefix("isv.BUSINESS_LIMIT_CONTROL") || code.hasPrefix("isv.BUSINESS_LIMIT") {
            return .failed(code: name, after: after ?? pause(message))
        }
        if passing.contains(code) || code.hasPrefix("Throttling") || code.hasPrefix("InvalidAccessKeyId")
            || code.hasPrefix("Forbidden")
        {
            return .failed(code: name, after: after)
        }
        return .refused(code: name)
    }

    /// The provider names the window that is full in words: minute, hour or day.
    private static func pause(_ message: String) -> Duration {
        if message.contains("分钟") || message.contains("minute") { return .seconds(60) }
        if message.contains("天") || message.lowercased().contains("day") { return .seconds(86_400) }
        return .seconds(3600)
    }
}
