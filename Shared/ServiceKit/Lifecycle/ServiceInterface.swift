import Kafka
import Logging
import Models
import Postgres

/// What can be asked of a service without running it.
package enum ServiceInterface {
    /// All routes that a service has when it runs: it is joined as for serving, and nothing of it is started.
    ///
    /// - Parameter environment: the settings that have no default, by the names that they have in the environment.
    /// - Throws: `SettingFault`; what the service's building throws.
    package static func routes<S: SuiteService>(
        of service: S.Type, environment: [String: String]
    ) async throws -> [RouteDeclaration] {
        let settings = try SettingsLoader.load(
            CommonSettings.descriptions(defaultPort: S.defaultPort) + S.settings, input: CommandLineInput(["serve"]),
            environment: environment)
        let command = ServeCommand<S>(setup: try ServiceSetup(settings: settings, service: S.name))
        var routes: [RouteDeclaration] = []
        let parts = try await command.build(
            registry: PrometheusRegistry(), logger: Logger(label: S.name.rawValue) { _ in SwiftLogNoOpLogHandler() },
            declaring: &routes)
        // What is open as soon as it is made; the rest only begins when it is run.
        for part in parts.reversed() {
            if let closer = part as? ProducerCloser { await closer.producer.close(deadline: .zero) }
            if let closer = part as? PoolCloser { await closer.pool.shutdown(deadline: .zero) }
        }
        return routes
    }
}
