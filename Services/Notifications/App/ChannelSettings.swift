import Foundation
import Mail
import ServiceKit

/// The settings of the channels, and the channels that they make: one that is not configured is absent.
package enum ChannelSettings {
    /// All settings of channels.
    package static let descriptions: [SettingDescription] = email + sms + weCom + dingTalk + webhook

    private static let email: [SettingDescription] = [
        .text("email.host", BilingualText("邮件服务器", "the server for mail; without it there is no e-mail")),
        .integer("email.port", in: 1...65_535, default: 587, BilingualText("邮件服务器端口", "its port")),
        .choice(
            "email.security", of: MailServer.Security.allCases.map(\.rawValue), default: "startTLS",
            BilingualText("邮件连接的加密方式", "how the connection for mail is protected")),
        .text("email.authorities", BilingualText("邮件服务器证书的签发机构文件", "PEM file of authorities for its certificate")),
        .text("email.user", BilingualText("邮件登录名", "who logs in; without it nobody does")),
        .secret("email.password", isRequired: false, BilingualText("邮件登录密码", "the password for it")),
        .text("email.sender", BilingualText("发件地址", "the address that letters come from")),
        .text("email.senderName", default: "条块", BilingualText("发件人名称", "the name that letters come from")),
    ]
    private static let sms: [SettingDescription] = [
        .text("sms.keyID", BilingualText("短信平台密钥编号", "id of the key for SMS; without it there is none")),
        .secret("sms.keySecret", isRequired: false, BilingualText("短信平台密钥", "the key for SMS")),
        .text("sms.signature", BilingualText("已审核的短信签名，不含【】", "the approved signature, without 【】")),
        .text("sms.template", BilingualText("默认短信模板", "the template of messages that name none")),
        .text(
            "sms.base", default: "https://dysmsapi.aliyuncs.com",
            BilingualText("短信平台地址", "where the provider of SMS is")),
    ]
    private static let weCom: [SettingDescription] = [
        .text(
            "weCom.base", default: "https://qyapi.weixin.qq.com", BilingualText("企业微信地址", "where WeCom is")),
        .flag("weCom.robots", default: false, BilingualText("是否使用企业微信群机器人", "whether group robots are used")),
        .text("weCom.corporation", BilingualText("企业微信企业编号", "the organisation's id; without it no application")),
        .integer("weCom.agent", in: 0...Int(Int32.max), default: 0, BilingualText("企业微信应用编号", "the application")),
        .secret("weCom.secret", isRequired: false, BilingualText("企业微信应用密钥", "the application's secret")),
        .integer(
            "weCom.accounts", in: 1...1_000_000, default: 200,
            BilingualText("企业微信账号上限，每日可发其 200 倍", "accounts of the organisation; 200 messages a day for each")),
    ]
    private static let dingTalk: [SettingDescription] = [
        .text("dingTalk.base", default: "https://oapi.dingtalk.com", BilingualText("钉钉地址", "where DingTalk is")),
        .secret(
            "dingTalk.secrets", isRequired: false,
            BilingualText("钉钉机器人加签密钥，每行“令牌 密钥”", "signing secrets of robots, each line `token secret`")),
    ]
    private static let webhook: [SettingDescription] = [
        .secret(
            "webhook.secrets", isRequired: false,
            BilingualText("回调签名密钥，每行“源地址 whsec_密钥”", "signing secrets, each line `https://host whsec_…`")),
        .choice(
            "webhook.mode", of: WebhookChannel.Mode.allCases.map(\.rawValue), default: "structured",
            BilingualText("回调事件的格式", "how events travel")),
        .text(
            "webhook.networks", BilingualText("允许回调的内网网段，逗号分隔", "private networks that may be called, by commas")),
        .flag("webhook.loopback", default: false, BilingualText("是否允许回调本机", "whether this machine may be called")),
    ]

    /// The channels that are configured.
    ///
    /// - Throws: `SettingFault` where a channel is configured by half, or a value cannot be.
    package static func channels(
        from settings: SettingsReader, now: @escaping @Sendable () -> Date
    ) throws -> [any MessageChannel] {
        let made: [(any MessageChannel)?] = [
            try email(settings, now), try sms(settings, now), try robots(settings, now), try application(settings, now),
            try dingTalk(settings, now), try webhook(settings, now),
        ]
        return made.compactMap { $0 }
    }

    private typealias Clock = @Sendable () -> Date

    private static func email(_ settings: SettingsReader, _ now: @escaping Clock) throws -> EmailChannel? {
        guard let host = try settings.optionalString("email.host") else { return nil }
        guard let security = MailServer.Security(rawValue: try settings.string("email.security")) else {
            throw fault("email.security")
        }
        var login: MailServer.Login?
        if let user = try settings.optionalString("email.user") {
            login = MailServer.Login(
                user: user, password: try needed(try settings.secret("email.password"), "email.password"))
            // A password is not said in the clear but on this machine.
            guard security != .none || ["127.0.0.1", "::1", "localhost"].contains(host) else {
                throw fault("email.security")
            }
        }
        let server = MailServer(
            host: host, port: try settings.int("email.port"), security: security, login: login,
            authorities: try settings.optionalString("email.authorities"))
        let sender = EmailChannel.Sender(
            address: try needed(try settings.optionalString("email.sender"), "email.sender"),
            name: try settings.string("email.senderName"))
        return try needed(EmailChannel(server: server, sender: sender, now: now), "email.sender")
    }

    private static func sms(_ settings: SettingsReader, _ now: @escaping Clock) throws -> SMSChannel? {
        guard let key = try settings.optionalString("sms.keyID") else { return nil }
        let account = SMSChannel.Account(
            keyID: key, keySecret: try needed(try settings.secret("sms.keySecret"), "sms.keySecret"),
            signature: try needed(try settings.optionalString("sms.signature"), "sms.signature"),
            template: try settings.optionalString("sms.template"))
        return try needed(SMSChannel(account: account, base: try settings.string("sms.base"), now: now), "sms.base")
    }

    private static func robots(_ settings: SettingsReader, _ now: @escaping Clock) throws -> WeComRobotChannel? {
        guard try settings.bool("weCom.robots") else { return nil }
        return try needed(WeComRobotChannel(base: try settings.string("weCom.base"), now: now), "weCom.base")
    }

    private static func application(_ settings: SettingsReader, _ now: @escaping Clock) throws -> WeComAppChannel? {
        guard let corporation = try settings.optionalString("weCom.corporation") else { return nil }
        let application = WeComAppChannel.Application(
            corporation: corporation, agent: try settings.int("weCom.agent"),
            secret: try needed(try settings.secret("weCom.secret"), "weCom.secret"),
            accounts: try settings.int("weCom.accounts"))
        return try needed(
            WeComAppChannel(application: application, base: try settings.string("weCom.base"), now: now), "weCom.base")
    }

    private static func dingTalk(_ settings: SettingsReader, _ now: @escaping Clock) throws -> DingTalkRobotChannel? {
        guard let text = try settings.secret("dingTalk.secrets") else { return nil }
        let secrets = try needed(KeyedSecrets(text), "dingTalk.secrets")
        return try needed(
            DingTalkRobotChannel(base: try settings.string("dingTalk.base"), secrets: secrets, now: now),
            "dingTalk.base")
    }

    private static func webhook(_ settings: SettingsReader, _ now: @escaping Clock) throws -> WebhookChannel? {
        guard let text = try settings.secret("webhook.secrets") else { return nil }
        let networks = try (try settings.optionalString("webhook.networks") ?? "").split(separator: ",").map {
            try needed(
                AddressFence.Network($0.trimmingCharacters(in: .whitespaces)), "webhook.networks")
        }
        let fence = AddressFence(allowed: networks, allowsLoopback: try settings.bool("webhook.loopback"))
        let mode = WebhookChannel.Mode(rawValue: try settings.string("webhook.mode")) ?? .structured
        let secrets = try needed(KeyedSecrets(text), "webhook.secrets")
        return try needed(WebhookChannel(secrets: secrets, mode: mode, fence: fence, now: now), "webhook.secrets")
    }

    private static func needed<Value>(_ value: Value?, _ key: String) throws -> Value {
        guard let value else { throw fault(key) }
        return value
    }

    private static func fault(_ key: String) -> SettingFault {
        SettingFault(
            cause: BilingualText("通知渠道的设置 \(key) 缺失或无效", "the setting \(key) of a channel is missing or cannot be"),
            nextStep: BilingualText("请补全该设置，或去掉这一渠道的其他设置", "Set it, or leave the settings of this channel out"))
    }
}
