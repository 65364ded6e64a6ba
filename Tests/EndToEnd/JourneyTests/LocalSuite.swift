import Foundation
import Postgres
import Support
import Synchronization

/// The whole suite for one test: a PostgreSQL, a broker, five services and the command line, each a process of its own
/// on a free port.
final class LocalSuite: Sendable {
    static let services = [
        "cloud-gateway", "grid-operations", "talent-registry", "community-pairing", "notifications",
    ]

    private let postgres: PrivatePostgres
    private let folder: URL
    private let ports: [String: Int]
    private let brokerPort: Int
    /// The broker, then the services by name.
    let broker: ServiceProcess
    let processes: [String: ServiceProcess]

    /// Where the built programs are.
    private static let programs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent(".build/release")

    private init(postgres: PrivatePostgres, folder: URL) throws {
        self.postgres = postgres
        self.folder = folder
        let free = try FreePorts.find(Self.services.count + 1)
        ports = Dictionary(uniqueKeysWithValues: zip(Self.services, free))
        brokerPort = free[Self.services.count]
        broker = ServiceProcess(
            "broker", arguments: [Self.program("tiaokuai"), "broker", "--port", "\(brokerPort)"], folder: folder)
        var processes: [String: ServiceProcess] = [:]
        for service in Self.services {
            processes[service] = try Self.process(
                service, named: service, port: ports[service] ?? 0, brokerPort: brokerPort, postgres: postgres,
                folder: folder)
        }
        self.processes = processes
    }

    /// Describes a process of a service and writes its settings.
    private static func process(
        _ service: String, named name: String, port: Int, brokerPort: Int, postgres: PrivatePostgres, folder: URL
    ) throws -> ServiceProcess {
        let settings = folder.appendingPathComponent("\(name).json")
        let database = postgres.loopbackConfiguration(database: Self.database(service))
        let place = "127.0.0.1:\(database.port)/\(database.database)?sslmode=disable"
        // A stopped process holds its locks until the server ends its transaction; tests need not wait long for that.
        let text = """
            {"http": {"port": \(port)}, "crypto": {"keysFile": "\(folder.path)/keys.json"},
             "database": {"url": "postgres://runtime@\(place)&idle_in_transaction_session_timeout=4000",
                          "ownerUrl": "postgres://\(database.user)@\(place)"},
             "auth": {"issuer": "urn:tiaokuai:local", "jwks": "file:\(folder.path)/secrets/jwks.json"},
             "kafka": {"bootstrapServers": "127.0.0.1:\(brokerPort)", "fetchWait": "5ms", "sessionTimeout": "6s"}}
            """
        try Data(text.utf8).write(to: settings)
        return ServiceProcess(
            name, arguments: [Self.program(service), "serve", "--config", settings.path], folder: folder)
    }

    /// A second process of a service on a port of its own, not yet started.
    func replica(of service: String) throws -> (process: ServiceProcess, url: String) {
        let port = try FreePorts.find(1)[0]
        let process = try Self.process(
            service, named: "\(service)-2", port: port, brokerPort: brokerPort, postgres: postgres, folder: folder)
        return (process, "http://127.0.0.1:\(port)")
    }

    /// Starts a suite, lends it to `body`, and ends it however `body` ends.
    ///
    /// - Parameters:
    ///   - environment: variables of the services.
    ///   - prepare: runs when the databases are there and no service has started.
    static func with(
        environment: [String: String] = [:], prepare: (LocalSuite) async throws -> Void = { _ in },
        _ body: (LocalSuite) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tk-journey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Only a temporary folder is left behind.
        defer { try? FileManager.default.removeItem(at: folder) }
        let postgres = PrivatePostgres(network: .loopback)
        let suite = try LocalSuite(postgres: postgres, folder: folder)
        do {
            try await suite.migrate()
            try await prepare(suite)
            try await suite.start(environment)
            try await body(suite)
        } catch {
            let logs = suite.logs()
            await suite.end()
            throw JourneyFailure(description: "\(error)\n\(logs)")
        }
        await suite.end()
    }

    /// Runs the command line against this suite.
    ///
    /// - Parameters:
    ///   - arguments: the command and its arguments.
    ///   - replaced: addresses of services that are asked at another process than the first one.
    func tiaokuai(_ arguments: String..., asking replaced: [String: String] = [:]) async throws -> CommandRun {
        let needsServices = !["topics", "migrate", "broker", "token"].contains(arguments.first)
        let addresses =
            needsServices
            ? Self.services.flatMap { ["--service", "\($0)=\(replaced[$0] ?? url($0))"] } : []
        // The stack's folder is where the command line finds the issuer of its tokens.
        return try await CommandRun.run(
            [Self.program("tiaokuai")] + arguments + addresses, folder: folder,
            environment: ["TIAOKUAI_LOCAL": folder.path])
    }

    /// The address of a service.
    func url(_ service: String) -> String { "http://127.0.0.1:\(ports[service] ?? 0)" }

    /// Where its broker listens.
    var bootstrapServers: String { "127.0.0.1:\(brokerPort)" }

    /// A service's database, as a superuser reaches it.
    func database(of service: String) -> PostgresConfiguration {
        postgres.loopbackConfiguration(database: Self.database(service))
    }

    /// The ends of all logs, for a test that failed.
    func logs() -> String {
        (["broker"] + Self.services).map { name in
            let file = folder.appendingPathComponent("\(name).log")
            // A program that never started has no log.
            let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            return "--- \(name)\n" + text.split(separator: "\n").suffix(15).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    /// All that a program has written.
    func log(of name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appendingPathComponent("\(name).log")), as: UTF8.self)
    }

    /// The file of the keys of personal fields, which all services share here.
    var fieldKeysFile: URL { folder.appendingPathComponent("keys.json") }

    static func program(_ name: String) -> String { programs.appendingPathComponent(name).path }

    private static func database(_ service: String) -> String { service.replacing("-", with: "_") }

    /// Writes keys and settings, starts the broker and PostgreSQL, and makes the databases.
    private func migrate() async throws {
        let keys = """
            {"current": "t1", "keys": {"t1": "\(Self.key())"}, "lookup": "\(Self.key())"}
            """
        try Data(keys.utf8).write(to: folder.appendingPathComponent("keys.json"))
        let stack = """
            {"basePort": \(ports[Self.services[0]] ?? 0), "kafkaBootstrapServers": "127.0.0.1:\(brokerPort)"}
            """
        try Data(stack.utf8).write(to: folder.appendingPathComponent("settings.json"))
        let secrets = folder.appendingPathComponent("secrets")
        try FileManager.default.createDirectory(at: secrets, withIntermediateDirectories: true)
        let keyed = try await tiaokuai("token", "rotate-keys", "--directory", secrets.path)
        guard keyed.status == 0 else { throw JourneyFailure(description: "token keys: \(keyed.errors)") }
        try broker.start()
        try await postgres.ready()
        let administrator = try await PostgresConnection.connect(postgres.loopbackConfiguration())
        _ = try await administrator.query("create role runtime login")
        for service in Self.services {
            _ = try await administrator.query(
                PostgresStatement("create database \(unescaped: Self.database(service))"))
        }
        await administrator.close()
        for service in Self.services {
            let settings = folder.appendingPathComponent("\(service).json").path
            let run = try await CommandRun.run(
                [Self.program(service), "migrate", "--config", settings], folder: folder)
            guard run.status == 0 else { throw JourneyFailure(description: "migrate \(service): \(run.errors)") }
        }
    }

    private func start(_ environment: [String: String]) async throws {
        for process in processes.values { try process.start(with: environment) }
        try await eventually(within: .seconds(60), "all services are ready") {
            try await self.tiaokuai("status").status == 0
        }
    }

    private func end() async {
        for process in processes.values { process.stop() }
        broker.stop()
        await postgres.remove()
    }

    private static func key() -> String {
        Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString()
    }
}

/// Why a journey failed, with the ends of the logs.
struct JourneyFailure: Error, CustomStringConvertible {
    let description: String
}

/// Ports that nobody listens on at this moment.
enum FreePorts {
    /// Below the ports that the system gives to outgoing connections: one of those may be taken before it is used.
    private static let range = 20_000..<32_000
    private static let handedOut = Mutex<Set<Int>>([])

    static func find(_ count: Int) throws -> [Int] {
        try (0..<count).map { _ in
            for _ in 0..<1000 {
                let port = Int.random(in: range)
                guard handedOut.withLock({ $0.insert(port).inserted }), isFree(port) else { continue }
                return port
            }
            throw JourneyFailure(description: "no free port")
        }
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
