import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import ServiceKit
import Support
import Testing

/// The HTTP side in TLS, with certificates of an authority of the test.
@Suite(.timeLimit(.minutes(2)))
struct ServerTLSTests {
    /// Asks a probe by a client that trusts an authority.
    private func ask(
        port: Int, trusting authority: LocalAuthority, as identity: LocalAuthority.Identity? = nil,
        upTo version: TLSVersion? = nil
    ) async throws -> Int {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(authority.certificate)
        tls.maximumTLSVersion = version
        if version == .tlsv11 { tls.minimumTLSVersion = .tlsv11 }
        if let identity {
            tls.certificateChain = try NIOSSLCertificate.fromPEMFile(identity.certificate).map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: identity.key, format: .pem))
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await client.execute(
                HTTPClientRequest(url: "https://127.0.0.1:\(port)/livez"), timeout: .seconds(10))
            try await client.shutdown()
            return Int(response.status.code)
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    private func served(
        _ identity: LocalAuthority.Identity, clientAuthority: String? = nil,
        _ body: (Int, ServerTLS) async throws -> Void
    ) async throws {
        let tls = try ServerTLS(
            ServerTLS.Files(
                certificate: identity.certificate, key: identity.key, clientAuthority: clientAuthority))
        try await ServerTests().withServer(tls: tls) { try await body($0, tls) }
    }

    @Test func `the right authority and name are answered, another authority is not`() async throws {
        try await LocalAuthority.with { authority in
            try await LocalAuthority.with { other in
                try await self.served(try await authority.issue("IP:127.0.0.1")) { port, _ in
                    let status1 = try await self.ask(port: port, trusting: authority)
                    #expect(status1 == 200)
                    await #expect(throws: (any Error).self) { try await self.ask(port: port, trusting: other) }
                }
            }
        }
    }

    @Test func `a certificate for another host, and one that has ended, are refused by the client`() async throws {
        try await LocalAuthority.with { authority in
            for identity in [
                try await authority.issue("DNS:elsewhere.example"), try await authority.issue("IP:127.0.0.1", days: -1),
            ] {
                try await self.served(identity) { port, _ in
                    await #expect(throws: (any Error).self) { try await self.ask(port: port, trusting: authority) }
                }
            }
        }
    }

    @Test func `plain text and old TLS are refused`() async throws {
        try await LocalAuthority.with { authority in
            try await self.served(try await authority.issue("IP:127.0.0.1")) { port, _ in
                await #expect(throws: (any Error).self) {
                    try await TestClient.request("GET", "/livez", port: port)
                }
                let status2 = try await self.ask(port: port, trusting: authority, upTo: .tlsv12)
                #expect(status2 == 200)
                await #expect(throws: (any Error).self) {
                    try await self.ask(port: port, trusting: authority, upTo: .tlsv11)
                }
            }
        }
    }

    @Test func `where an authority of clients is set, only its clients are answered`() async throws {
        try await LocalAuthority.with { authority in
            try await LocalAuthority.with { clients in
                let server = try await authority.issue("IP:127.0.0.1")
                let known = try await clients.issue("DNS:gateway.example")
                let unknown = try await authority.issue("DNS:gateway.example")
                try await self.served(server, clientAuthority: clients.certificate) { port, _ in
                    let status3 = try await self.ask(port: port, trusting: authority, as: known)
                    #expect(status3 == 200)
                    await #expect(throws: (any Error).self) {
                        try await self.ask(port: port, trusting: authority, as: unknown)
                    }
                    await #expect(throws: (any Error).self) { try await self.ask(port: port, trusting: authority) }
                }
            }
        }
    }

    @Test func `a new certificate in the same files is taken without a start, and a broken one is not`() async throws {
        try await LocalAuthority.with { authority in
            try await LocalAuthority.with { next in
                let logger = Logger(label: "tls") { _ in SwiftLogNoOpLogHandler() }
                let first = try await authority.issue("IP:127.0.0.1")
                let second = try await next.issue("IP:127.0.0.1")
                try await self.served(first) { port, tls in
                    #expect(!tls.reload(logger: logger))
                    try Data("broken".utf8).write(to: URL(fileURLWithPath: first.certificate))
                    #expect(!tls.reload(logger: logger))
                    let status4 = try await self.ask(port: port, trusting: authority)
                    #expect(status4 == 200)
                    for (old, new) in [(first.certificate, second.certificate), (first.key, second.key)] {
                        try Data(contentsOf: URL(fileURLWithPath: new)).write(to: URL(fileURLWithPath: old))
                    }
                    #expect(tls.reload(logger: logger))
                    let status5 = try await self.ask(port: port, trusting: next)
                    #expect(status5 == 200)
                }
            }
        }
    }

    @Test func `files that cannot be used are named, and nothing out of them is shown`() async throws {
        try await LocalAuthority.with { authority in
            let (one, other) = (try await authority.issue("IP:127.0.0.1"), try await authority.issue("IP:127.0.0.1"))
            let missing = #expect(throws: SettingFault.self) {
                try ServerTLS(ServerTLS.Files(certificate: "/nowhere.pem", key: one.key))
            }
            #expect(missing?.description.contains("/nowhere.pem") == true)
            let swapped = #expect(throws: SettingFault.self) {
                try ServerTLS(ServerTLS.Files(certificate: one.certificate, key: other.key))
            }
            #expect(swapped?.description.contains("does not belong") == true)
            #expect(swapped?.description.contains("BEGIN") == false)
        }
    }
}
