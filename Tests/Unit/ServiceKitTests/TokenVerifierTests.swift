import Crypto
import Foundation
import Logging
import Models
import ServiceKit
import Support
import Synchronization
import Testing

/// A key set in memory.
struct FixedKeys: KeyDocument {
    let bytes: [UInt8]
    func load() async throws -> [UInt8] { bytes }
}

/// A clock that stands where it is put.
final class StandingClock: SuiteClock {
    private let time: Mutex<Date>
    init(_ time: Date = Date(timeIntervalSince1970: 1_800_000_000)) { self.time = Mutex(time) }
    var now: Date { time.withLock { $0 } }
    func advance(by seconds: TimeInterval) { time.withLock { $0 = $0.addingTimeInterval(seconds) } }
}

struct TokenVerifierTests {
    private let clock = StandingClock()
    private let issuer = TestIssuer()
    static let quiet = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    private func verifier(_ issuers: [TestIssuer]? = nil, keys: [UInt8]? = nil) throws -> TokenVerifier {
        let document = try keys ?? Array(JSONEncoder().encode(["keys": (issuers ?? [issuer]).map { try $0.jwk }]))
        return TokenVerifier(
            rules: TokenRules(issuer: TestIssuer.issuer, audience: TestIssuer.audience, leeway: .seconds(30)),
            keys: KeySource(FixedKeys(bytes: document), logger: Self.quiet), clock: clock)
    }

    private func claims(_ change: (inout TokenClaims) -> Void = { _ in }) throws -> TokenClaims {
        let scope = try #require(Scope("532923100001"))
        var claims = TestIssuer.claims([Grant(.communityDesk, scope)], now: clock.now)
        change(&claims)
        return claims
    }

    @Test(arguments: TestIssuer.Kind.allCases)
    func `a sound token gives subject and grants`(kind: TestIssuer.Kind) async throws {
        let issuer = try TestIssuer(kind)
        let verifier = try verifier([issuer])
        let token = try issuer.token(claims())
        // The second time it is remembered.
        for _ in 1...2 {
            let caller = try await verifier.caller(of: token)
            #expect(caller.subject == "person-1")
            #expect(caller.grants.map(\.role) == [.communityDesk])
        }
    }

    @Test func `each thing that is wrong has its own fault`() async throws {
        let verifier = try verifier()
        func fault(_ token: String) async -> TokenFault? {
            do {
                _ = try await verifier.caller(of: token)
                return nil
            } catch {
                return error as? TokenFault
            }
        }
        let now = clock.now
        #expect(await fault(try issuer.token(claims { $0.issuer = "https://other.test" })) == .issuer)
        #expect(await fault(try issuer.token(claims { $0.audience = ["another"] })) == .audience)
        #expect(await fault(try issuer.token(claims { $0.expiresAt = now.addingTimeInterval(-31) })) == .expired)
        #expect(await fault(try issuer.token(claims { $0.notBefore = now.addingTimeInterval(31) })) == .notYetValid)
        #expect(await fault(try issuer.token(claims { $0.notBefore = now.addingTimeInterval(29) })) == nil)
        #expect(await fault(try TestIssuer().token(claims())) == .signature)
        #expect(await fault(try TestIssuer(keyID: "test-2").token(claims())) == .unknownKey)
        #expect(await fault(try TestIssuer(.edDSA).token(claims())) == .algorithm)
        #expect(await fault("a.b") == .malformed)
        #expect(await fault(String(repeating: "a", count: 9000)) == .malformed)
        #expect(await fault(try issuer.token(payload: Data("{}".utf8))) == .malformed)
    }

    @Test func `an unsigned or shared-secret token is refused whatever its payload`() async throws {
        let verifier = try verifier()
        let payload = try JSONEncoder().encode(claims())
        for name in ["none", "None", "HS256", "HS512", "RS512", "ES384", ""] {
            let token = try issuer.token(payload: payload, header: ["alg": name, "kid": issuer.keyID])
            await #expect(throws: TokenFault.algorithm, "\(name)") { try await verifier.caller(of: token) }
        }
        let bare =
            try issuer.token(payload: payload, header: ["alg": "none", "kid": issuer.keyID])
            .split(separator: ".").prefix(2).joined(separator: ".") + "."
        await #expect(throws: TokenFault.algorithm) { try await verifier.caller(of: bare) }
        let nameless = try issuer.token(payload: payload, header: ["alg": "ES256"])
        await #expect(throws: TokenFault.unknownKey) { try await verifier.caller(of: nameless) }
    }

    @Test(arguments: TestIssuer.Kind.allCases)
    func `a token that is signed with what is published, as with a secret, is refused`(kind: TestIssuer.Kind)
        async throws
    {
        let issuer = try TestIssuer(kind)
        let jwk = try issuer.jwk
        let verifier = try verifier([issuer])
        let payload = try JSONEncoder().encode(claims())
        let secrets = [try JSONEncoder().encode(jwk)] + ["n", "x", "y"].compactMap { jwk[$0].map { Data($0.utf8) } }
        for secret in secrets {
            let header = try JSONEncoder().encode(["alg": "HS256", "kid": issuer.keyID])
            let signed = TestIssuer.base64URL(header) + "." + TestIssuer.base64URL(payload)
            let code = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: SymmetricKey(data: secret))
            let token = signed + "." + TestIssuer.base64URL(Array(code))
            await #expect(throws: TokenFault.algorithm) { try await verifier.caller(of: token) }
        }
    }

    @Test func `a token under another's key id, or with a key of another algorithm, is refused`() async throws {
        let issuers = try TestIssuer.Kind.allCases.map { try TestIssuer($0, keyID: $0.rawValue) }
        let twin = TestIssuer(keyID: "twin")
        let verifier = try verifier(issuers + [twin])
        let payload = try JSONEncoder().encode(claims())
        for issuer in issuers {
            _ = try await verifier.caller(of: issuer.token(payload: payload))
            for other in issuers where other.keyID != issuer.keyID {
                // Its own algorithm under the other's key, and the other's algorithm with its own signature.
                let strange = try issuer.token(payload: payload, header: ["alg": issuer.keyID, "kid": other.keyID])
                await #expect(throws: TokenFault.algorithm) { try await verifier.caller(of: strange) }
                let disguised = try issuer.token(payload: payload, header: ["alg": other.keyID, "kid": other.keyID])
                await #expect(throws: TokenFault.signature) { try await verifier.caller(of: disguised) }
                let relabelled = try issuer.token(payload: payload, header: ["alg": other.keyID, "kid": issuer.keyID])
                await #expect(throws: TokenFault.algorithm) { try await verifier.caller(of: relabelled) }
            }
        }
        let borrowed = try twin.token(payload: payload, header: ["alg": "ES256", "kid": "ES256"])
        await #expect(throws: TokenFault.signature) { try await verifier.caller(of: borrowed) }
        let nobody = try twin.token(payload: payload, header: ["alg": "ES256", "kid": "nobody"])
        await #expect(throws: TokenFault.unknownKey) { try await verifier.caller(of: nobody) }
    }

    @Test func `an RSA key with too few bits is as good as none`() async throws {
        // 512 bits, the number of a textbook.
        let weak = ["kty": "RSA", "alg": "RS256", "kid": "weak", "e": "AQAB", "n": String(repeating: "x", count: 86)]
        let document = try JSONEncoder().encode(["keys": [weak]])
        await #expect(throws: KeyDocumentFailure.self) { try await KeySet(document: Array(document)) }
    }

    @Test func `a changed payload is refused, also when the token was taken before`() async throws {
        let verifier = try verifier()
        let token = try issuer.token(claims())
        _ = try await verifier.caller(of: token)
        let wider = try JSONEncoder().encode(
            claims { $0.grants = [Grant(.countyAdmin, Scope("532923") ?? .own)] })
        var parts = token.split(separator: ".").map(String.init)
        parts[1] = TestIssuer.base64URL(wider)
        let forged = parts.joined(separator: ".")
        await #expect(throws: TokenFault.signature) { try await verifier.caller(of: forged) }
    }

    @Test func `a remembered token ends when it ends`() async throws {
        let verifier = try verifier()
        let token = try issuer.token(claims { $0.expiresAt = clock.now.addingTimeInterval(60) })
        _ = try await verifier.caller(of: token)
        clock.advance(by: 89)
        _ = try await verifier.caller(of: token)
        clock.advance(by: 2)
        await #expect(throws: TokenFault.expired) { try await verifier.caller(of: token) }
    }

    @Test func `an unknown role gives nothing, and a role that reaches too far neither`() async throws {
        let verifier = try verifier()
        let grants = """
            [{"role":"emperor","scope":"*"},{"role":"grid-worker","scope":"532923"},{"role":"grid-worker","scope":"532923100001001"}]
            """
        let end = Int(clock.now.timeIntervalSince1970) + 60
        let payload = """
            {"iss":"\(TestIssuer.issuer)","sub":"a","aud":["x","tiaokuai"],"exp":\(end),"grants":\(grants)}
            """
        let caller = try await verifier.caller(of: try issuer.token(payload: Data(payload.utf8)))
        #expect(caller.grants.map(\.scope.text) == ["532923100001001"])
        let broken = payload.replacing("\"532923\"", with: "\"53292\"")
        let token = try issuer.token(payload: Data(broken.utf8))
        await #expect(throws: TokenFault.malformed) { try await verifier.caller(of: token) }
        let endless = payload.replacing("\"exp\":\(end),", with: "")
        let without = try issuer.token(payload: Data(endless.utf8))
        await #expect(throws: TokenFault.malformed) { try await verifier.caller(of: without) }
    }

    @Test func `of a key set only keys for signing that we can use are taken`() async throws {
        var secret = try issuer.jwk
        secret["kty"] = "oct"
        secret["k"] = "AAAA"
        var encryption = try issuer.jwk
        encryption["use"] = "enc"
        let published = try #require(try issuer.privateJWK)
        for bad in [secret, encryption, published] {
            let document = try JSONEncoder().encode(["keys": [bad]])
            await #expect(throws: KeyDocumentFailure.self) { try await KeySet(document: Array(document)) }
        }
        let mixed = Array(
            try JSONEncoder().encode(["keys": [secret, try TestIssuer(keyID: "other").jwk, try issuer.jwk]]))
        _ = try await verifier(keys: mixed).caller(of: try issuer.token(claims()))
    }
}
