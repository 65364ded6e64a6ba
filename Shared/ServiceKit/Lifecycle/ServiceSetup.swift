import Kafka
import Models
import Postgres

/// The settings of a service in the forms that its parts take: everything that can be wrong with them is found here, before
/// anything is opened.
struct ServiceSetup: Sendable {
    let settings: SettingsReader
    let service: ServiceName
    let county: String
    let database: PostgresConfiguration
    /// The same database as the owner of its tables, for migrations.
    let ownedDatabase: PostgresConfiguration
    let kafka: KafkaConfiguration
    let naming: TopicNaming
    let cipher: any FieldCipher
    let limits: RequestLimits
    /// The certificate of the HTTP side; nil speaks plain HTTP.
    let tls: ServerTLS?
    let shutdownDeadline: Duration

    init(settings: SettingsReader, service: ServiceName) throws {
        self.settings = settings
        self.service = service
        county = try Self.county(settings)
        database = try Self.database(settings.secret("database.url") ?? "", "database.url", service: service)
        ownedDatabase =
            try settings.secret("database.ownerUrl").map {
                try Self.database($0, "database.ownerUrl", service: service)
            } ?? database
        kafka = try KafkaSetup.configuration(settings, service: service)
        naming = TopicNaming(prefix: try settings.optionalString("kafka.topicPrefix") ?? "")
        cipher =
            try settings.secret("crypto.keys").map { AESFieldCipher(keys: try FieldKeys(json: $0)) }
            ?? MissingFieldCipher()
        limits = try Self.limits(settings)
        tls = try ServerTLS.from(settings)
        shutdownDeadline = try settings.duration("shutdown.deadline")
    }

    private static func county(_ settings: SettingsReader) throws -> String {
        let county = try settings.string("county")
        guard county.utf8.count == 6, county.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw SettingFault(
                cause: BilingualText("设置 county 应为六位数字", "the setting county must be six digits"),
                nextStep: BilingualText("填写县级行政区划代码，如 532923", "Give the county's division code, such as 532923"))
        }
        return county
    }

    private static func database(
        _ url: String, _ key: String, service: ServiceName
    ) throws -> PostgresConfiguration {
        do {
            var configuration = try PostgresConfiguration(url: url)
            configuration.applicationName = service.rawValue
            return configuration
        } catch let fault as PostgresConfiguration.URLFault {
            throw SettingFault(
                cause: BilingualText(
                    "设置 \(key) 无效：\(fault.reason)", "the setting \(key) is invalid: \(fault.reason)"),
                nextStep: BilingualText(
                    "写成 postgres://用户:密码@主机:端口/库", "Write it as postgres://user:password@host:port/database"))
        }
    }

    private static func limits(_ settings: SettingsReader) throws -> RequestLimits {
        var limits = RequestLimits()
        limits.requestsInFlight = try settings.int("limits.requestsInFlight")
        limits.requestsWaiting = try settings.int("limits.requestsWaiting")
        limits.waitTime = try settings.duration("limits.waitTime")
        limits.connections = try settings.int("limits.connections")
        limits.bodyBytes = try settings.int("limits.bodyBytes")
        limits.headerBytes = try settings.int("limits.headerBytes")
        limits.requestTimeout = try settings.duration("http.requestTimeout")
        limits.idleTimeout = try settings.duration("http.idleTimeout")
        limits.clientTimeout = try settings.duration("http.clientTimeout")
        return limits
    }
}
