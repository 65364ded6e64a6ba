import Foundation
import Kafka
import Messaging
import Models

/// The broker settings as the driver takes them.
package enum KafkaSetup {
    /// Where the brokers are, and how they are spoken to.
    ///
    /// - Throws: `SettingFault` for settings that do not fit together, and for files that cannot be read.
    package static func configuration(_ settings: SettingsReader, service: ServiceName) throws -> KafkaConfiguration {
        KafkaConfiguration(
            bootstrapServers: try settings.string("kafka.bootstrapServers"), clientID: service.rawValue,
            security: try security(settings),
            overrides: ["fetch.wait.max.ms": String(try settings.duration("kafka.fetchWait").wholeMilliseconds)])
    }

    /// The settings for a producer, which knows nothing of fetching.
    static func writing(_ configuration: KafkaConfiguration) -> KafkaConfiguration {
        var configuration = configuration
        configuration.overrides = [:]
        return configuration
    }

    /// How the messaging core paces itself.
    static func pace(_ settings: SettingsReader) throws -> MessagingRuntime.Settings {
        var pace = MessagingRuntime.Settings()
        pace.consumer.sessionTimeout = try settings.duration("kafka.sessionTimeout")
        return pace
    }

    /// Where tests let the process die; nowhere unless set.
    static func failpoints(_ settings: SettingsReader) throws -> Failpoints {
        guard let list = try settings.optionalString("failpoints"), !list.isEmpty else { return .none }
        guard let failpoints = Failpoints(list: list) else {
            throw SettingFault(
                cause: BilingualText("failpoints 写法不对", "failpoints cannot be read"),
                nextStep: BilingualText(
                    "写成 步骤=kill@次数，例如 relay.afterSend=kill@2", "Write step=kill@passing, such as relay.afterSend=kill@2"
                ))
        }
        return failpoints
    }

    private static func security(_ settings: SettingsReader) throws -> KafkaSecurity {
        let kind = try settings.string("kafka.security")
        let tls = KafkaTLS(
            ca: try file("kafka.tlsAuthority", settings), certificate: try file("kafka.tlsCertificate", settings),
            key: try file("kafka.tlsKey", settings))
        let namesTLS = tls != KafkaTLS()
        let namesUser = try settings.optionalString("kafka.user") != nil || settings.secret("kafka.password") != nil
        guard (tls.certificate == nil) == (tls.key == nil) else {
            throw fault(
                "kafka.tlsCertificate 和 kafka.tlsKey 必须同时设置", "kafka.tlsCertificate and kafka.tlsKey belong together",
                next: BilingualText("补上缺少的一个", "Set the missing one"))
        }
        // Whoever names a certificate or a password believes that it is used.
        guard kind.hasSuffix("tls") || !namesTLS else {
            throw fault(
                "设置了 kafka.tls… ，但 kafka.security 是 \(kind)", "kafka.tls… is set, but kafka.security is \(kind)",
                next: BilingualText("改用 tls 或 sasl-tls，或去掉证书设置", "Use tls or sasl-tls, or take the certificates out"))
        }
        guard kind.hasPrefix("sasl") || !namesUser else {
            throw fault(
                "设置了 kafka.user 或 kafka.password，但 kafka.security 是 \(kind)",
                "kafka.user or kafka.password is set, but kafka.security is \(kind)",
                next: BilingualText("改用 sasl 或 sasl-tls，或去掉它们", "Use sasl or sasl-tls, or take them out"))
        }
        switch kind {
        case "tls": return .tls(ca: tls.ca, certificate: tls.certificate, key: tls.key)
        case "sasl": return try sasl(settings, tls: nil)
        case "sasl-tls": return try sasl(settings, tls: tls)
        default: return .plaintext
        }
    }

    private static func sasl(_ settings: SettingsReader, tls: KafkaTLS?) throws -> KafkaSecurity {
        guard let user = try settings.optionalString("kafka.user"), let password = try settings.secret("kafka.password")
        else {
            throw fault(
                "kafka.security 要求密码认证，但缺少 kafka.user 或 kafka.password",
                "kafka.security asks for a password, but kafka.user or kafka.password is missing",
                next: BilingualText("补上两者，或改用 tls", "Set both, or use tls"))
        }
        let mechanism = KafkaSASLMechanism(rawValue: try settings.string("kafka.saslMechanism")) ?? .scramSHA512
        guard tls != nil || mechanism != .plain else {
            throw fault(
                "PLAIN 会以明文发送密码", "PLAIN would send the password in the clear",
                next: BilingualText("改用 sasl-tls 或 SCRAM", "Use sasl-tls, or SCRAM"))
        }
        return .sasl(mechanism: mechanism, user: user, password: password, tls: tls)
    }

    /// The path of a file that can be read, so that a mistyped one is found at the start and not by a broker's silence.
    private static func file(_ key: String, _ settings: SettingsReader) throws -> String? {
        guard let path = try settings.optionalString(key) else { return nil }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw SettingFault.unreadable(
                file: path,
                reason: BilingualText("文件不存在或没有权限（\(key)）", "it does not exist or may not be read (\(key))"))
        }
        return path
    }

    private static func fault(_ chinese: String, _ english: String, next: BilingualText) -> SettingFault {
        SettingFault(cause: BilingualText(chinese, english), nextStep: next)
    }
}
