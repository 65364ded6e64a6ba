import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Models
import NIOCore
import ServiceKit
import Support
import Synchronization
import Testing

/// An identity provider's address that does what a test says.
private final class KeyServer: Sendable {
    enum Mood: Sendable {
        case answers([UInt8])
        case fails
        case stalls
        case redirects
    }

    private let mood: Mutex<Mood>
    private let asked = Mutex(0)

    init(_ mood: Mood) { self.mood = Mutex(mood) }

    var requests: Int { asked.withLock { $0 } }
    func become(_ new: Mood) { mood.withLock { $0 = new } }

    func with(_ body: (String) async throws -> Void) async throws {
        let port = Mutex<Int?>(nil)
        let router = Router()
        router.get("/jwks") { [self] _, _ -> Response in
            asked.withLock { $0 += 1 }
            switch mood.withLock({ $0 }) {
            case .answers(let bytes):
                return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
            case .fails: return Response(status: .internalServerError)
            case .redirects: return Response(status: .found, headers: [.location: "/elsewhere"])
            case .stalls:
                return Response(
                    status: .ok,
                    body: ResponseBody { writer in
                        while true {
                            try await writer.write(ByteBuffer(string: " "))
                            try await Task.sleep(for: .milliseconds(20))
                        }
                    })
            }
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.withLock { $0 = channel.localAddress?.port } },
            logger: TokenVerifierTests.quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            try await eventually(within: .seconds(20), "the key server listens") { port.withLock { $0 } != nil }
            try await body("http://127.0.0.1:\(try #require(port.withLock { $0 }))/jwks")
            group.cancelAll()
        }
    }
}

/// A clock of waits that a test moves.
private final class ManualInstant: Sendable {
    private let time = Mutex(ContinuousClock.now)
    var now: ContinuousClock.Instant { time.withLock { $0 } }
    func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

struct KeySourceTests {
    private let time = ManualInstant()

    private func verifier(_ address: String, timeout: Duration = .seconds(5)) -> TokenVerifier {
        TokenVerifier(
            rules: TokenRules(issuer: TestIssuer.issuer, audience: TestIssuer.audience),
            keys: KeySource(
                KeyAddress(url: address, timeout: timeout), logger: TokenVerifierTests.quiet,
                now: { [time] in time.now }), clock: SystemClock())
    }

    private func passes(_ verifier: TokenVerifier, _ issuer: TestIssuer) async -> TokenFault? {
        do {
            _ = try await verifier.caller(of: issuer.token(TestIssuer.claims()))
            return nil
        } catch {
            return error as? TokenFault ?? .malformed
        }
    }

    @Test func `a new key is found at once, though not more often than the pause allows`() async throws {
        let (old, new) = (TestIssuer(keyID: "old"), TestIssuer(keyID: "new"))
        let server = KeyServer(.answers(try TestIssuer.jwks(old)))
        try await server.with { address in
            let verifier = verifier(address)
            #expect(await passes(verifier, old) == nil)
            server.become(.answers(try TestIssuer.jwks(old, new)))
            #expect(await passes(verifier, new) == nil)
            #expect(await passes(verifier, old) == nil)
            #expect(server.requests == 2)
            let newest = TestIssuer(keyID: "newest")
            server.become(.answers(try TestIssuer.jwks(old, new, newest)))
            #expect(await passes(verifier, newest) == .unknownKey)
            time.advance(by: .seconds(11))
            #expect(await passes(verifier, newest) == nil)
            #expect(server.requests == 3)
            // Whoever invents key ids does not make us ask for each.
            time.advance(by: .seconds(11))
            for number in 1...20 { #expect(await passes(verifier, TestIssuer(keyID: "x\(number)")) == .unknownKey) }
            #expect(server.requests == 4)
        }
    }

    @Test func `a key that was taken back opens nothing once the set is read again`() async throws {
        let (old, new) = (TestIssuer(keyID: "old"), TestIssuer(keyID: "new"))
        let server = KeyServer(.answers(try TestIssuer.jwks(old, new)))
        try await server.with { address in
            let verifier = verifier(address)
            // One that was checked and is remembered is no better than another.
            let token = try old.token(TestIssuer.claims())
            _ = try await verifier.caller(of: token)
            #expect(await passes(verifier, old) == nil)
            server.become(.answers(try TestIssuer.jwks(new)))
            time.advance(by: .seconds(601))
            // Read in the background: whoever has a known key does not wait for it.
            try await eventually(within: .seconds(20), "the old key is gone") {
                await passes(verifier, old) == .unknownKey
            }
            await #expect(throws: TokenFault.unknownKey) { try await verifier.caller(of: token) }
            #expect(await passes(verifier, new) == nil)
        }
    }

    @Test func `the last good set stays while the address fails, stalls, floods, redirects or babbles`() async throws {
        let issuer = TestIssuer()
        let server = KeyServer(.answers(try TestIssuer.jwks(issuer)))
        try await server.with { address in
            let verifier = verifier(address, timeout: .milliseconds(200))
            #expect(await passes(verifier, issuer) == nil)
            let moods: [KeyServer.Mood] = [
                .fails, .stalls, .redirects, .answers(Array("<html>".utf8)), .answers(Array(#"{"keys":[]}"#.utf8)),
                .answers([UInt8](repeating: 32, count: 2 << 20)),
            ]
            for (number, mood) in moods.enumerated() {
                server.become(mood)
                time.advance(by: .seconds(700))
                #expect(await passes(verifier, TestIssuer(keyID: "unknown")) == .unknownKey)
                #expect(await passes(verifier, issuer) == nil)
                #expect(server.requests == number + 2)
            }
        }
    }

    @Test func `without any set so far tokens cannot be checked, and it is asked for again soon`() async throws {
        let issuer = TestIssuer()
        let server = KeyServer(.fails)
        try await server.with { address in
            let verifier = verifier(address)
            #expect(await passes(verifier, issuer) == .keysUnavailable)
            server.become(.answers(try TestIssuer.jwks(issuer)))
            #expect(await passes(verifier, issuer) == .keysUnavailable)
            #expect(server.requests == 1)
            time.advance(by: .seconds(2))
            #expect(await passes(verifier, issuer) == nil)
        }
        let nowhere = verifier("http://127.0.0.1:1/jwks")
        #expect(await passes(nowhere, issuer) == .keysUnavailable)
        let problem = TokenFault.keysUnavailable.problem
        #expect(problem.status == 503 && problem.retryAfter != nil)
    }

    @Test func `many requests at once ask once`() async throws {
        let issuer = TestIssuer()
        let server = KeyServer(.answers(try TestIssuer.jwks(issuer)))
        try await server.with { address in
            let verifier = verifier(address)
            await withTaskGroup(of: TokenFault?.self) { group in
                for _ in 1...50 { group.addTask { await passes(verifier, issuer) } }
                for await fault in group { #expect(fault == nil) }
            }
            #expect(server.requests == 1)
        }
    }

    @Test func `a file of keys is read again when it is replaced`() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("jwks-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: path) }
        let (old, new) = (TestIssuer(keyID: "old"), TestIssuer(keyID: "new"))
        try Data(TestIssuer.jwks(old)).write(to: path)
        let verifier = TokenVerifier(
            rules: TokenRules(issuer: TestIssuer.issuer, audience: TestIssuer.audience),
            keys: KeySource(
                KeyFile(path: path.path), logger: TokenVerifierTests.quiet, now: { [time] in time.now }),
            clock: SystemClock())
        #expect(await passes(verifier, old) == nil)
        try Data(TestIssuer.jwks(new)).write(to: path)
        time.advance(by: .seconds(11))
        #expect(await passes(verifier, new) == nil)
        #expect(await passes(verifier, old) == .unknownKey)
    }
}
