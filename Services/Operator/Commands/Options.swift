import ArgumentParser
import Foundation
import Kafka
import Models

/// Where the services are.
package struct ServiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "服务的起始端口，默认 TIAOKUAI_PORTS 或 8100 First port of the services (default: TIAOKUAI_PORTS, the local stack's, 8100).",
            valueName: "port"))
    var basePort: Int?

    @Option(
        name: .customLong("service"),
        help: ArgumentHelp(
            "某个服务的地址，可重复 Address of one service, repeatable: grid-operations=http://10.0.0.5:8101.",
            valueName: "name=url"))
    var services: [String] = []

    @Option(
        help: ArgumentHelp(
            "等待无应答服务的秒数 Seconds to wait for a service that does not answer.", valueName: "seconds"))
    var patience: Int = 20

    @Option(
        help: ArgumentHelp(
            "令牌文件，默认 TIAOKUAI_TOKEN 或本地签发者 File of a token (default: TIAOKUAI_TOKEN, the local stack's issuer).",
            valueName: "file"))
    var tokenFile: String?

    package init() {}

    /// The addresses: arguments, then environment, then the local stack's settings, then the default.
    ///
    /// - Throws: `OperatorError` (usage).
    func addresses(
        environment: [String: String] = ProcessInfo.processInfo.environment, stack: LocalStack = .find()
    ) throws -> ServiceAddresses {
        var base = basePort
        if base == nil, let named = environment["TIAOKUAI_PORTS"], !named.isEmpty {
            guard let port = Int(named) else {
                throw OperatorError(
                    .usage, "环境变量 TIAOKUAI_PORTS 应为端口号。", "The variable TIAOKUAI_PORTS must be a port number.")
            }
            base = port
        }
        let port = base ?? stack.settings?.basePort ?? ServiceAddresses.defaultBasePort
        guard (1...65_500).contains(port) else {
            throw OperatorError(.usage, "端口应在 1 到 65500 之间。", "A port is between 1 and 65500.")
        }
        return ServiceAddresses(
            basePort: port,
            replaced: Dictionary(try services.map(ServiceAddresses.replacement), uniquingKeysWith: { $1 }))
    }

    /// Opens a client, lets `body` use it, and closes it.
    ///
    /// - Parameter roles: what a token of the local issuer says, for the whole county; a token that was given says it itself.
    func withClient<Value>(
        patience: Duration? = nil, as roles: Role..., asking body: (ServiceClient) async throws -> Value
    ) async throws -> Value {
        let stack = LocalStack.find()
        let client = ServiceClient(
            addresses: try addresses(stack: stack), patience: patience ?? .seconds(max(0, self.patience)),
            tokens: try TokenSource.find(file: tokenFile, stack: stack),
            identity: .ofCounty(stack.county, roles),
            onWaiting: { service, url in
                Console.standard().note("等待 \(service.rawValue)（\(url)）应答… waiting for it to answer")
            })
        do {
            let value = try await body(client)
            await client.shutdown()
            return value
        } catch {
            await client.shutdown()
            throw error
        }
    }
}

/// Where the brokers are.
package struct BrokerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "消息代理地址，默认 KAFKA_BOOTSTRAP_SERVERS Brokers (default: KAFKA_BOOTSTRAP_SERVERS, the local stack's).",
            valueName: "host:port,…"))
    var bootstrapServers: String?

    @Option(help: ArgumentHelp("主题名前缀 Prefix before all topic names.", valueName: "prefix"))
    var topicPrefix: String?

    @Option(
        help: ArgumentHelp(
            "其他 librdkafka 属性，可重复 Another property of librdkafka, repeatable: security.protocol=SSL.",
            valueName: "name=value"))
    var property: [String] = []

    package init() {}

    /// The client's settings.
    ///
    /// - Throws: `OperatorError` (usage) when nobody says where the brokers are.
    func configuration(
        environment: [String: String] = ProcessInfo.processInfo.environment, stack: LocalStack = .find()
    ) throws -> KafkaConfiguration {
        let named = environment["KAFKA_BOOTSTRAP_SERVERS"].flatMap { $0.isEmpty ? nil : $0 }
        guard let servers = bootstrapServers ?? stack.settings?.kafkaBootstrapServers ?? named else {
            throw OperatorError(
                .usage, "不知道消息代理在哪里：请用 --bootstrap-servers 指定，或设置 KAFKA_BOOTSTRAP_SERVERS。",
                "Where are the brokers? Say --bootstrap-servers or set KAFKA_BOOTSTRAP_SERVERS.")
        }
        var overrides: [String: String] = [:]
        for text in property {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw OperatorError(.usage, "--property 应写作 名称=值。", "--property is NAME=VALUE.")
            }
            overrides[parts[0]] = parts[1]
        }
        return KafkaConfiguration(bootstrapServers: servers, clientID: "tiaokuai", overrides: overrides)
    }

    /// The naming of topics.
    func naming(stack: LocalStack = .find()) -> TopicNaming {
        TopicNaming(prefix: topicPrefix ?? stack.settings?.topicPrefix ?? "")
    }
}

extension ServiceName: ExpressibleByArgument {
    /// The names, for help and completion.
    package static var allValueStrings: [String] { ServiceName.allCases.map(\.rawValue) }
}
