import Foundation
import Models

/// The beginning of every service: arguments, settings, then the command.
package enum ServiceMain {
    /// Does what the arguments ask and ends the process with a code of `sysexits.h`: 0 ok, 64 usage, 69 a dependency is
    /// not available, 70 our mistake, 78 configuration.
    package static func run<S: SuiteService>(_ service: S.Type) async {
        let code = await run(
            service, arguments: Array(CommandLine.arguments.dropFirst()),
            environment: ProcessInfo.processInfo.environment)
        exit(code.rawValue)
    }

    /// The same without ending the process.
    package static func run<S: SuiteService>(
        _ service: S.Type, arguments: [String], environment: [String: String]
    ) async -> ExitCode {
        let descriptions =
            CommonSettings.descriptions(defaultPort: S.defaultPort) + S.settings
        do {
            let input = try CommandLineInput(
                arguments, flags: Set(descriptions.filter { $0.kind == .flag }.map(\.argument)))
            switch input.command {
            case .help:
                StandardError.write(SettingsHelp.text(service: S.name, settings: descriptions), to: 1)
                return .ok
            case .version:
                StandardError.write("\(S.name.rawValue) \(BuildVersion.version)\n", to: 1)
                return .ok
            case .serve, .migrate:
                try SecretSources.refuseArguments(input, descriptions)
                let settings = try SettingsLoader.load(descriptions, input: input, environment: environment)
                SecretSources.eraseEnvironment(descriptions)
                let setup = try ServiceSetup(settings: settings, service: S.name)
                try LoggingSetup.bootstrap(settings: settings)
                return input.command == .serve
                    ? try await ServeCommand<S>(setup: setup).run() : await MigrateCommand<S>(setup: setup).run()
            }
        } catch let fault as CommandLineInput.Fault {
            StandardError.write("\(fault)\n", to: 2)
            return .usage
        } catch let fault as SettingFault {
            StandardError.write("\(fault)\n", to: 2)
            return .configuration
        } catch {
            StandardError.write("internal error: \(ErrorNaming.safe(error))\n", to: 2)
            return .software
        }
    }
}

/// How a process ends, after `sysexits.h`.
package enum ExitCode: Int32, Sendable {
    /// Done.
    case ok = 0
    /// The arguments cannot be understood.
    case usage = 64
    /// The database is not available.
    case unavailable = 69
    /// A mistake of ours.
    case software = 70
    /// A setting cannot be used.
    case configuration = 78
}
