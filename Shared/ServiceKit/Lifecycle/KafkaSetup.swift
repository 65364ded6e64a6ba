import Kafka
import Messaging
import Models

/// The broker settings as the driver takes them.
enum KafkaSetup {
    static func configuration(_ settings: SettingsReader, service: ServiceName) throws -> KafkaConfiguration {
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
        let tls = KafkaTLS(
            ca: try settings.optionalString("kafka.tlsAuthority"),
            certificate: try settings.optionalString("kafka.tlsCertificate"),
            key: try settings.optionalString("kafka.tlsKey"))
        switch try settings.string("kafka.security") {
        case "tls": return .tls(ca: tls.ca, certificate: tls.certificate, key: tls.key)
        case "sasl": return try sasl(settings, tls: nil)
        case "sasl-tls": return try sasl(settings, tls: tls)
        default: return .plaintext
        }
    }

    private static func sasl(_ settings: SettingsReader, tls: KafkaTLS?) throws -> KafkaSecurity {
        guard let user = try settings.optionalString("kafka.user"), let password = try settings.secret("kafka.password")
        else {
            throw SettingFault(
                cause: BilingualText(
                    "kafka.security 要求密码认证，但缺少 kafka.user 或 kafka.password",
                    "kafka.security asks for a password, but kafka.user or kafka.password is missing"),
                nextStep: BilingualText("补上两者，或改用 tls", "Set both, or use tls"))
        }
        let mechanism = KafkaSASLMechanism(rawValue: try settings.string("kafka.saslMechanism")) ?? .scramSHA512
        return .sasl(mechanism: mechanism, user: user, password: password, tls: tls)
    }
}
