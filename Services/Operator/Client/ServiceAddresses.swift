import Foundation
import Models

/// Where each service answers.
package struct ServiceAddresses: Sendable, Equatable {
    /// The port that services are counted from when nobody says another.
    package static let defaultBasePort = 8100

    /// The distance of each service's port from the base.
    package static let ports: [(service: ServiceName, offset: Int)] = [
        (.cloudGateway, 0), (.gridOperations, 1), (.talentRegistry, 2), (.communityPairing, 3), (.notifications, 4),
    ]

    private let urls: [ServiceName: String]

    /// Counts the ports from a base and then replaces single services.
    package init(host: String = "127.0.0.1", basePort: Int = defaultBasePort, replaced: [ServiceName: String] = [:]) {
        var urls: [ServiceName: String] = [:]
        for (service, offset) in Self.ports { urls[service] = "http://\(host):\(basePort + offset)" }
        self.urls = urls.merging(replaced) { $1 }
    }

    /// The address of a service, without a slash at its end.
    package func url(of service: ServiceName) -> String { urls[service] ?? "" }

    /// Reads `service=url`.
    ///
    /// - Throws: `OperatorError` (usage).
    package static func replacement(_ text: String) throws -> (ServiceName, String) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let service = ServiceName(rawValue: parts[0]),
            let url = URL(string: parts[1]), let scheme = url.scheme, ["http", "https"].contains(scheme),
            url.host != nil
        else {
            throw OperatorError(
                .usage, "--service 应写作 服务名=http://主机:端口，服务名为 \(Self.names) 之一。",
                "--service is NAME=http://host:port with a name of: \(Self.names).")
        }
        return (service, parts[1].hasSuffix("/") ? String(parts[1].dropLast()) : parts[1])
    }

    /// All names, for messages.
    package static var names: String { ports.map(\.service.rawValue).joined(separator: ", ") }
}
