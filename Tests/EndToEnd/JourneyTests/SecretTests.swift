import AsyncHTTPClient
import Foundation
import NIOCore
import Postgres
import Support
import Testing

extension JourneyTests {
    /// Secrets that are known, in every form in which a service takes them.
    private struct Secrets {
        let word = "verborgen-\(UUID().uuidString)"
        let keys = (0..<2).map { _ in Data((0..<32).map { _ in UInt8.random(in: 0...255) }).base64EncodedString() }

        /// The variables that give them, towards a database.
        func environment(port: Int, database: String) -> [String: String] {
            let place = "127.0.0.1:\(port)/\(database)?sslmode=disable"
            return [
                "TIAOKUAI_DATABASE_URL": "postgres://runtime:\(word)-database@\(place)",
                "TIAOKUAI_DATABASE_OWNER_URL": "postgres://postgres:\(word)-owner@\(place)",
                "TIAOKUAI_CRYPTO_KEYS":
                    #"{"current": "t1", "keys": {"t1": "\#(keys[0])"}, "lookup": "\#(keys[1])"}"#,
                "TIAOKUAI_KAFKA_SECURITY": "sasl", "TIAOKUAI_KAFKA_USER": "runtime",
                "TIAOKUAI_KAFKA_PASSWORD": "\(word)-kafka", "TIAOKUAI_LOG_LEVEL": "trace",
            ]
        }

        /// Which of them a text holds.
        func found(in text: String) -> [String] { ([word] + keys).filter(text.contains) }
    }

    /// Asks what anybody may ask, and what nobody may without a token.
    private func answers(of url: String) async throws -> String {
        var text = ""
        for path in ["/livez", "/readyz", "/status", "/metrics", "/v1/messaging/audit", "/v1/nothing", "/v1/incidents"]
        {
            let response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: url + path), timeout: .seconds(20))
            text += "\(response.headers)\n" + String(buffer: try await response.body.collect(upTo: 8 << 20))
        }
        return text
    }

    /// What the system shows of a process to others.
    private func traces(of process: ServiceProcess) throws -> String {
        let pid = try #require(process.processIdentifier)
        return try ["cmdline", "environ", "comm", "status"].map { name in
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/\(name)")), as: UTF8.self)
        }.joined(separator: "\n")
    }

    @Test func `no service shows a secret, in whatever it writes or answers, nor in the list of processes`()
        async throws
    {
        let secrets = Secrets()
        try await LocalSuite.with { suite in
            for service in LocalSuite.services {
                let database = suite.database(of: service)
                // Once with a database that answers, once with one that is away: errors tell more.
                for port in [database.port, 1] {
                    let (process, url) = try suite.replica(of: service)
                    try process.start(with: secrets.environment(port: port, database: database.database))
                    try await eventually(within: .seconds(60), "\(service) answers, and has found its broker dumb") {
                        let text = try await self.answers(of: url)
                        let log = try String(contentsOf: process.log, encoding: .utf8)
                        return text.contains("broker") && log.contains("dependency is unavailable")
                    }
                    let answers = try await self.answers(of: url)
                    #expect(secrets.found(in: answers) == [], "\(service) answers")
                    #expect(try secrets.found(in: self.traces(of: process)) == [], "\(service) in /proc")
                    process.stop()
                    try await eventually(within: .seconds(40), "\(service) has ended") { process.hasEnded }
                    let log = try String(contentsOf: process.log, encoding: .utf8)
                    #expect(secrets.found(in: log) == [], "\(service) in its log")
                }
            }
        }
    }

    @Test func `a secret as an argument, or one that cannot be used, is refused without being shown`() async throws {
        let secrets = Secrets()
        let folder = FileManager.default.temporaryDirectory
        for service in LocalSuite.services {
            let program = LocalSuite.program(service)
            let argued = try await CommandRun.run(
                [program, "serve", "--database-url", "postgres://runtime:\(secrets.word)@127.0.0.1/x"], folder: folder)
            #expect(argued.status == 78 && argued.errors.contains("--database-url-file"), "\(argued.errors)")
            let environment = [
                "TIAOKUAI_DATABASE_URL": "mysql://runtime:\(secrets.word)@127.0.0.1/x",
                "TIAOKUAI_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "TIAOKUAI_AUTH_ISSUER": "x",
                "TIAOKUAI_AUTH_JWKS": "file:/x",
            ]
            let wrong = try await CommandRun.run([program, "serve"], folder: folder, environment: environment)
            #expect(wrong.status == 78, "\(wrong.errors)")
            #expect(secrets.found(in: argued.errors + argued.output + wrong.errors + wrong.output) == [])
        }
    }
}
