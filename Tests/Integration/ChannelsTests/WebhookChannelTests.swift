import Crypto
import Foundation
import Models
import Synchronization
import Testing

import NotificationsService

/// Calls of webhooks: who may be called, what they get, and that it is signed.
struct WebhookChannelTests {
    private static let key = Data(repeating: 7, count: 32)
    private static let message = ChannelMessage(key: UUID(), address: "", title: "通知", body: "3 号楼停水")

    private static func channel(
        mode: WebhookChannel.Mode = .structured, fence: AddressFence = AddressFence(allowsLoopback: true),
        lookUp: @escaping @Sendable (String) async -> [[UInt8]] = { await HostLookup.addresses(of: $0) }
    ) throws -> WebhookChannel {
        let secrets = try #require(KeyedSecrets("whsec_\(key.base64EncodedString())"))
        let made = WebhookChannel(
            secrets: secrets, mode: mode, fence: fence, timeout: .seconds(1), lookUp: lookUp,
            now: { Date(timeIntervalSince1970: 1_800_000_000) })
        return try #require(made)
    }

    private static func message(to address: String) -> ChannelMessage {
        var message = message
        message.address = address
        return message
    }

    @Test(arguments: WebhookChannel.Mode.allCases)
    func `an event is signed over its id, time and body`(mode: WebhookChannel.Mode) async throws {
        try await Counterpart.with({ _ in .whole(status: 204, body: "") }) { counterpart in
            let outcome = await (try Self.channel(mode: mode)).send(Self.message(to: counterpart.url + "/hook?a=1"))
            #expect(outcome == .accepted(receipt: nil))
            let question = try #require(counterpart.questions.first)
            let id = Self.message.key.uuidString.lowercased()
            #expect(question.headers["webhook-id"] == id && question.headers["webhook-timestamp"] == "1800000000")
            let code = HMAC<SHA256>.authenticationCode(
                for: Data("\(id).1800000000.\(question.body)".utf8), using: SymmetricKey(data: Self.key))
            #expect(question.headers["webhook-signature"] == "v1," + Data(code).base64EncodedString())
            #expect(question.uri == "/hook?a=1")
            let event = try #require(
                try JSONSerialization.jsonObject(with: Data(question.body.utf8)) as? [String: Any])
            let data = mode == .binary ? event : try #require(event["data"] as? [String: Any])
            #expect(data["body"] as? String == "3 号楼停水")
            #expect((mode == .binary ? question.headers["ce-id"] : event["id"] as? String) == id)
        }
    }

    @Test func `a private address is not called unless it may be`() async throws {
        try await Counterpart.with({ _ in .ok("") }) { counterpart in
            let closed = try Self.channel(fence: AddressFence())
            let loopback = await closed.send(Self.message(to: counterpart.url))
            #expect(loopback == .refused(code: "address-private"))
            // A name of the public that leads inwards, and one of whose addresses does.
            for addresses in [[[10, 0, 0, 1]], [[223, 5, 5, 5], [127, 0, 0, 1]]] as [[[UInt8]]] {
                let outcome = await (try Self.channel(fence: AddressFence(), lookUp: { _ in addresses }))
                    .send(Self.message(to: "https://example.com/"))
                #expect(outcome == .refused(code: "address-private"))
            }
            let clear = await (try Self.channel(lookUp: { _ in [[223, 5, 5, 5]] }))
                .send(Self.message(to: "http://example.com/"))
            #expect(clear == .refused(code: "address-insecure"))
            let user = await (try Self.channel()).send(Self.message(to: "https://a:b@example.com/"))
            #expect(user == .refused(code: "address-invalid"))
            #expect(counterpart.questions.isEmpty)
        }
    }

    @Test func `a host is looked up once, and the call is held to that address`() async throws {
        try await Counterpart.with({ _ in .ok("") }) { counterpart in
            let count = Mutex(0)
            let lookUp: @Sendable (String) async -> [[UInt8]] = { _ in
                count.withLock { $0 += 1 }
                return [[127, 0, 0, 1]]
            }
            let url = counterpart.url.replacing("127.0.0.1", with: "HOOK.example.test")
            let outcome = await (try Self.channel(lookUp: lookUp)).send(Self.message(to: url))
            #expect(outcome == .accepted(receipt: nil))
            #expect(count.withLock { $0 } == 1)
        }
    }

    @Test func `a redirect is not followed, and one that is gone is given up`() async throws {
        let answer: @Sendable (Counterpart.Question) -> Counterpart.Answer = { question in
            question.uri == "/gone"
                ? .whole(status: 410, body: "")
                : .whole(status: 307, body: "", headers: ["Location": "/gone"])
        }
        try await Counterpart.with(answer) { counterpart in
            let moved = await (try Self.channel()).send(Self.message(to: counterpart.url + "/moved"))
            #expect(moved == .refused(code: "http-307"))
            let gone = await (try Self.channel()).send(Self.message(to: counterpart.url + "/gone"))
            #expect(gone == .refused(code: "http-410"))
            #expect(counterpart.questions.count == 2)
        }
    }
}
