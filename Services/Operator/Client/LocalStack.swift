import Foundation
import Models

/// What the local stack wrote down about itself, `settings.json` in its folder.
package struct LocalStackSettings: Codable, Sendable, Equatable {
    /// The port of the cloud gateway; the other services follow in the order of `ServiceAddresses.ports`.
    package var basePort: Int
    /// The brokers' addresses.
    package var kafkaBootstrapServers: String
    /// The prefix of all topics; empty for none.
    package var topicPrefix: String?
    /// The county's division code.
    package var county: String?
}

/// Finds the folder of the local stack: `TIAOKUAI_LOCAL`, else the folder above the `bin` that this program was
/// called from, else `.local`.
package struct LocalStack: Sendable, Equatable {
    /// The folder.
    package let directory: String
    /// What it says of itself; nil when there is no stack.
    package let settings: LocalStackSettings?

    /// Looks for the stack.
    ///
    /// - Parameters:
    ///   - environment: the process's environment.
    ///   - program: the path that the program was called by.
    package static func find(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        program: String = CommandLine.arguments.first ?? ""
    ) -> LocalStack {
        var candidates: [String] = []
        if let named = environment["TIAOKUAI_LOCAL"], !named.isEmpty {
            candidates.append(named)
        } else {
            let folder = URL(fileURLWithPath: program).deletingLastPathComponent()
            if program.contains("/"), folder.lastPathComponent == "bin" {
                candidates.append(folder.deletingLastPathComponent().path)
            }
            candidates.append(".local")
        }
        for directory in candidates {
            if let settings = read(directory) { return LocalStack(directory: directory, settings: settings) }
        }
        return LocalStack(directory: candidates.last ?? ".local", settings: nil)
    }

    /// The folder of passwords and keys.
    package var secretsDirectory: String { "\(directory)/secrets" }

    /// The county's division code, six digits.
    package var county: String { settings?.county ?? "532923" }

    /// The file of a service's settings, which holds its secrets.
    package func settingsFile(of service: ServiceName) -> String { "\(directory)/secrets/\(service.rawValue).json" }

    private static func read(_ directory: String) -> LocalStackSettings? {
        let file = URL(fileURLWithPath: directory).appendingPathComponent("settings.json")
        // No file, or one of another release, means that there is no stack to take addresses from.
        return (try? Data(contentsOf: file)).flatMap { try? JSONDecoder().decode(LocalStackSettings.self, from: $0) }
    }
}
