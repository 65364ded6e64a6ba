import Foundation
import Postgres
import Support
import Testing

/// A server that takes TLS connections alone, with certificates of an authority of the test.
@Suite(.timeLimit(.minutes(2)))
struct TLSTests {
    /// Starts a server with a certificate and connects to it.
    private func connect(
        to identity: LocalAuthority.Identity, tls: PostgresTLS
    ) async throws -> String {
        let folder = URL(fileURLWithPath: "/tmp/tk-tls-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Only a temporary folder is left behind.
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key, rules) = (path("server.pem"), path("server.key"), path("pg_hba.conf"))
        func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
        try FileManager.default.copyItem(atPath: identity.certificate, toPath: certificate)
        try FileManager.default.copyItem(atPath: identity.key, toPath: key)
        try Data("local all all trust\nhostssl all all 127.0.0.1/32 trust\n".utf8)
            .write(to: URL(fileURLWithPath: rules))
        try await ChildProcess.run(["chmod", "600", key])
        if getuid() == 0 { try await ChildProcess.run(["chown", "-R", "postgres:", folder.path]) }
        let server = PrivatePostgres(
            network: .loopback,
            settings: [
                "ssl": "on", "ssl_cert_file": "'\(certificate)'", "ssl_key_file": "'\(key)'", "hba_file": "'\(rules)'",
            ])
        try await server.ready()
        var configuration = server.loopbackConfiguration()
        configuration.tls = tls
        do {
            let connection = try await PostgresConnection.connect(configuration)
            let version = try await connection.query("select version from pg_stat_ssl where pid = pg_backend_pid()")
            await connection.close()
            await server.remove()
            return try version.rows[0].decode("version")
        } catch {
            await server.remove()
            throw error
        }
    }

    private func refusal(_ identity: LocalAuthority.Identity, _ tls: PostgresTLS) async -> String {
        let error = await #expect(throws: PostgresError.self) { try await self.connect(to: identity, tls: tls) }
        return error.map { "\($0)" } ?? ""
    }

    @Test func `a server of the right authority and name is spoken to in TLS`() async throws {
        try await LocalAuthority.with { authority in
            let identity = try await authority.issue("IP:127.0.0.1")
            let version = try await self.connect(
                to: identity, tls: .verifyFull(rootCertificate: authority.certificate))
            #expect(version.hasPrefix("TLSv1."))
        }
    }

    @Test func `another authority, another host name and an end that has passed are refused by name of the reason`()
        async throws
    {
        try await LocalAuthority.with { authority in
            let tls = PostgresTLS.verifyFull(rootCertificate: authority.certificate)
            try await LocalAuthority.with { other in
                let foreign = await self.refusal(try await other.issue("IP:127.0.0.1"), tls)
                #expect(foreign.contains("another authority"), "\(foreign)")
            }
            let elsewhere = await self.refusal(try await authority.issue("DNS:db.example", "IP:10.0.0.1"), tls)
            #expect(elsewhere.contains("another host"), "\(elsewhere)")
            let ended = await self.refusal(try await authority.issue("IP:127.0.0.1", days: -1), tls)
            #expect(ended.contains("out of date"), "\(ended)")
        }
    }

    @Test func `plain text is refused by a server that wants TLS, and a plain server by a client that wants it`()
        async throws
    {
        try await LocalAuthority.with { authority in
            let plain = await self.refusal(try await authority.issue("IP:127.0.0.1"), .disable)
            #expect(plain.contains("28000"), "\(plain)")
            let server = PrivatePostgres(network: .loopback)
            try await server.ready()
            var configuration = server.loopbackConfiguration()
            configuration.tls = .verifyFull(rootCertificate: authority.certificate)
            let wanted = configuration
            let error = await #expect(throws: PostgresError.self) { try await PostgresConnection.connect(wanted) }
            #expect("\(String(describing: error))".contains("does not speak TLS"), "\(String(describing: error))")
            await server.remove()
        }
    }
}
