import ArgumentParser
import Models

/// `tiaokuai status`.
package struct StatusCommand: OperatorCommand {
    package static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "查看各服务是否就绪 Says which services are ready.",
        discussion: "有服务未就绪时退出码为 1。Exit code 1 unless all are ready.")

    @Flag(help: "以 JSON 输出 Print JSON.")
    var json = false

    @OptionGroup var services: ServiceOptions

    /// One service as `--json` prints it.
    package struct Line: Encodable, Sendable, Equatable {
        var service: String
        var url: String
        var ready: Bool
        var version: String?
        var reason: String?

        /// Makes a line.
        package init(service: String, url: String, ready: Bool, version: String? = nil, reason: String? = nil) {
            self.service = service
            self.url = url
            self.ready = ready
            self.version = version
            self.reason = reason
        }

        private enum CodingKeys: String, CodingKey { case service, url, ready, version, reason }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(service, forKey: .service)
            try container.encode(url, forKey: .url)
            try container.encode(ready, forKey: .ready)
            try container.encode(version, forKey: .version)
            try container.encodeIfPresent(reason, forKey: .reason)
        }
    }

    /// The part of `/readyz` that is shown.
    package struct Readiness: Decodable {
        struct Dependency: Decodable {
            let condition: String
            let reason: String?
        }
        /// Whether it wants requests.
        package let ready: Bool
        let dependencies: [String: Dependency]

        /// What is away; nil when nothing is.
        ///
        /// A service stays ready without its broker, and whoever looks must see it.
        package var reason: String? {
            let away = dependencies.filter { $0.value.condition != "ready" }.sorted { $0.key < $1.key }
            let words = away.map { "\($0.key): \($0.value.reason ?? $0.value.condition)" }
            return words.isEmpty ? nil : words.joined(separator: "; ")
        }
    }

    private struct Version: Decodable {
        let service: String
        let version: String
    }

    package init() {}

    package func perform(_ console: Console) async throws -> ExitStatus {
        let lines = try await services.withClient(patience: .zero) { client in
            var lines: [Line] = []
            for (service, _) in ServiceAddresses.ports { lines.append(await Self.look(at: service, client)) }
            return lines
        }
        if json {
            try console.json(lines)
        } else {
            for line in Self.table(lines) { console.line(line) }
        }
        return lines.allSatisfy(\.ready) ? .success : .checkFailed
    }

    private static func look(at service: ServiceName, _ client: ServiceClient) async -> Line {
        var line = Line(service: service.rawValue, url: client.url(of: service), ready: false)
        do {
            let answer = try await client.send(.get(service, "/readyz"))
            let readiness = try ServiceJSON.decode(Readiness.self, from: answer.body)
            line.ready = readiness.ready
            line.reason = readiness.reason
            let running = try await client.send(.get(service, "/status"), as: Version.self)
            line.version = running.version
            if running.service != service.rawValue {
                line.ready = false
                line.reason = "此地址上是 \(running.service) this address is that of \(running.service)"
            }
        } catch {
            line.reason = line.reason ?? "没有应答 no answer"
        }
        return line
    }

    /// The table that people read.
    package static func table(_ lines: [Line]) -> [String] {
        var table = TextTable([
            ("服务 service", .left), ("地址 url", .left), ("就绪 ready", .left), ("版本 version", .left), ("原因 reason", .left),
        ])
        for line in lines {
            table.add([line.service, line.url, line.ready ? "是 yes" : "否 no", line.version ?? "-", line.reason ?? ""])
        }
        return table.lines
    }
}
