import AsyncHTTPClient
import Foundation
import Kafka
import Models
import NIOCore
import NIOHTTP1
import Postgres
import Support

/// A service of the suite as a process of its own, as it is shipped.
final class RunningService: Sendable {
    let url: String
    let port: Int
    let startSeconds: Double
    private let process: Process
    private let issuer: TestIssuer
    private let keyFile: URL

    /// Migrates the service's database, starts it, and waits until it says that it is ready.
    ///
    /// - Parameter settings: settings beside the usual ones, as variables of the environment.
    static func start(
        _ name: String, database: PostgresConfiguration, broker: EmulatedBroker, settings: [String: String] = [:]
    ) async throws -> RunningService {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent(name).path
        let port = try FreePort.take()
        let issuer = TestIssuer()
        let keyFile = FileManager.default.temporaryDirectory.appendingPathComponent("jwks-\(UUID().uuidString).json")
        try Data(TestIssuer.jwks(issuer)).write(to: keyFile)
        let administrator = try await PostgresConnection.connect(database)
        _ = try await administrator.query("create role runtime login")
        await administrator.close()
        let place = "\(database.host):\(database.port)/\(database.database)"
        let environment = [
            "TIAOKUAI_DATABASE_URL": "postgres://runtime@\(place)",
            "TIAOKUAI_DATABASE_OWNER_URL": "postgres://\(database.user)@\(place)",
            "TIAOKUAI_AUTH_ISSUER": TestIssuer.issuer, "TIAOKUAI_AUTH_JWKS": "file:\(keyFile.path)",
            "TIAOKUAI_KAFKA_BOOTSTRAP_SERVERS": broker.bootstrapServers, "TIAOKUAI_KAFKA_FETCH_WAIT": "10ms",
            "TIAOKUAI_HTTP_PORT": String(port), "TIAOKUAI_LOG_LEVEL": "warning",
            "TIAOKUAI_DATABASE_POOL_SIZE": "16",
        ].merging(settings) { $1 }
        try await ChildProcess.run([program, "migrate"], environment: environment)
        return try await RunningService(
            program, port: port, environment: environment, issuer: issuer, keyFile: keyFile)
    }

    private init(
        _ program: String, port: UInt16, environment: [String: String], issuer: TestIssuer, keyFile: URL
    ) async throws {
        self.issuer = issuer
        self.keyFile = keyFile
        self.port = Int(port)
        url = "http://127.0.0.1:\(port)"
        process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["serve"]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle.nullDevice
        let start = ContinuousClock.now
        try process.run()
        let readiness = HTTPClientRequest(url: url + "/readyz")
        try await eventually(within: .seconds(20), "ready") {
            try await HTTPClient.shared.execute(readiness, timeout: .seconds(1)).status == .ok
        }
        startSeconds = (ContinuousClock.now - start).inSeconds
    }

    /// Resident memory in megabytes.
    var residentMegabytes: Double {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) } ?? .nan) / 1024
    }

    /// A token of the benchmark's own identity provider.
    func token(_ role: Role, _ scope: String) throws -> String { try issuer.token(role, scope) }

    /// A token of somebody whose subject matters.
    func token(_ role: Role, _ scope: String, of subject: String) throws -> String {
        try issuer.token(role, scope, subject: subject)
    }

    /// Sends JSON as the bearer of a token and gives the answer's status.
    func post(_ path: String, _ body: String, token: String, key: String? = nil) async throws -> Int {
        var request = HTTPClientRequest(url: url + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        if let key { request.headers.add(name: "idempotency-key", value: key) }
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        _ = try await response.body.collect(upTo: 1 << 20)
        return Int(response.status.code)
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
        // Only a temporary file is left behind.
        try? FileManager.default.removeItem(at: keyFile)
    }
}

/// A port that was free a moment ago.
enum FreePort {
    static func take() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw BenchmarkFailure("no free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
