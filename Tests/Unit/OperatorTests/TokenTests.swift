import Foundation
import Logging
import Models
import Operator
import ServiceKit
import Testing

/// The local issuer and where the command line has its token from.
struct TokenTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tk-token-\(UUID().uuidString)")
    private let desk = Identity.of(.communityDesk, "532923100001", subject: "p")

    /// Runs a test in a folder of its own.
    private func withIssuer(_ body: (TokenIssuer) async throws -> Void) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Only a temporary folder is left behind.
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(TokenIssuer(directory: folder.path))
    }

    private func caller(_ token: String, _ issuer: TokenIssuer) async throws -> Caller {
        let verifier = TokenVerifier(
            rules: TokenRules(issuer: TokenKeys.localIssuer, audience: TokenKeys.audience),
            keys: KeySource(
                KeyFile(path: issuer.jwksFile), logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }),
            clock: SystemClock())
        return try await verifier.caller(of: token)
    }

    @Test func `a service takes the local issuer's token for what it says`() async throws {
        try await withIssuer { issuer in
            let identity = try #require(desk)
            #expect(throws: OperatorError.self) { try issuer.token(identity, seconds: 60) }
            _ = try issuer.rotate()
            let caller = try await caller(try issuer.token(identity, seconds: 60), issuer)
            #expect(caller.subject == "p" && caller.grants == identity.grants)
        }
    }

    @Test func `after a change of keys old tokens are good until they end, and old keys go`() async throws {
        try await withIssuer { issuer in
            let identity = try #require(desk)
            let first = try issuer.rotate()
            let old = try issuer.token(identity, seconds: 60)
            let second = try issuer.rotate()
            #expect(first != second)
            _ = try await caller(old, issuer)
            _ = try await caller(try issuer.token(identity, seconds: 60), issuer)
            let later = Date(timeIntervalSinceNow: TokenKeys.retention + 60)
            _ = try issuer.rotate(at: later)
            #expect(try issuer.keys().keys.count == 2)
            await #expect(throws: TokenFault.unknownKey) { try await caller(old, issuer) }
        }
    }

    @Test func `the private keys are readable by their owner alone and are not in the key set`() async throws {
        try await withIssuer { issuer in
            _ = try issuer.rotate()
            let rights = try FileManager.default.attributesOfItem(atPath: issuer.keyFile)[.posixPermissions] as? Int
            #expect(rights == 0o600)
            let published = try String(contentsOfFile: issuer.jwksFile, encoding: .utf8)
            #expect(published.contains("\"kid\"") && !published.contains("\"d\"") && !published.contains("secret"))
        }
    }

    @Test func `roles go with scopes of their level, in pairs`() throws {
        let grants = try TokenIssueCommand.grants(
            roles: ["county-admin", "grid-worker"], scopes: ["532923", "532923100001001"])
        #expect(grants.map(\.role) == [.countyAdmin, .gridWorker])
        for (roles, scopes) in [
            ([], []), (["county-admin"], []), (["emperor"], ["*"]), (["county-admin"], ["5329231"]),
            (["grid-worker"], ["532923"]),
        ] {
            #expect(throws: OperatorError.self) { try TokenIssueCommand.grants(roles: roles, scopes: scopes) }
        }
    }

    @Test func `a token comes from the file, else the environment, else the local issuer`() async throws {
        try await withIssuer { issuer in
            let file = folder.appendingPathComponent("token").path
            try Data("abc\n".utf8).write(to: URL(fileURLWithPath: file))
            let stack = LocalStack.find(environment: ["TIAOKUAI_LOCAL": folder.path])
            let environment = ["TIAOKUAI_TOKEN": "def"]
            guard case .given("abc") = try TokenSource.find(file: file, environment: environment, stack: stack),
                case .given("def") = try TokenSource.find(file: nil, environment: environment, stack: stack),
                case .none = try TokenSource.find(file: nil, environment: [:], stack: stack)
            else { return #expect(Bool(false), "another source was taken") }
            #expect(throws: OperatorError.self) {
                try TokenSource.find(file: file + "x", environment: [:], stack: stack)
            }
        }
    }
}
