import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore

/// A call of another system's address: a CloudEvent (1.0), signed as Standard Webhooks says.
package struct WebhookChannel: MessageChannel {
    /// How the event travels (CloudEvents HTTP binding).
    package enum Mode: String, Sendable, CaseIterable {
        /// All of it is the body.
        case structured
        /// Its attributes are headers, its data is the body.
        case binary
    }

    package let kind = ChannelCode.webhook
    package let limits = ChannelLimits(
        perAddress: [ChannelLimits.Rate(messages: 60, span: .seconds(60))], longestBody: 32 << 10)
    private let secrets: KeyedSecrets
    private let mode: Mode
    private let fence: AddressFence
    private let timeout: Duration
    private let lookUp: @Sendable (String) async -> [[UInt8]]
    private let now: @Sendable () -> Date

    /// Where it comes from, in events.
    static let source = "/tiaokuai/notifications"
    /// What it is, in events.
    static let type = "cn.tiaokuai.notifications.message.v1"

    /// Prepares calls; nil where a secret is not `whsec_` with 24 to 64 bytes of base64.
    ///
    /// - Parameters:
    ///   - secrets: by origin, such as `https://example.com`.
    ///   - fence: which addresses may be called.
    ///   - timeout: the longest time for a call, looking up its host included.
    ///   - lookUp: the addresses of a host.
    package init?(
        secrets: KeyedSecrets, mode: Mode = .structured, fence: AddressFence = AddressFence(),
        timeout: Duration = .seconds(10),
        lookUp: @escaping @Sendable (String) async -> [[UInt8]] = { await HostLookup.addresses(of: $0) },
        now: @escaping @Sendable () -> Date
    ) {
        guard secrets.all.allSatisfy({ Self.key($0) != nil }) else { return nil }
        self.secrets = secrets
        self.mode = mode
        self.fence = fence
        self.timeout = timeout
        self.lookUp = lookUp
        self.now = now
    }

    package func send(_ message: ChannelMessage) async -> SendOutcome {
        guard let target = Target(message.address) else { return .refused(code: "address-invalid") }
        guard message.body.utf8.count <= limits.longestBody ?? .max else { return .refused(code: "too-long") }
        let keys = secrets.secrets(for: target.origin).compactMap(Self.key)
        guard !keys.isEmpty else { return .refused(code: "secret-missing") }
        let begin = ContinuousClock.now
        let addresses = await addresses(of: target.host)
        guard !addresses.isEmpty else { return .failed(code: "unreachable", after: nil) }
        guard addresses.allSatisfy(fence.allows) else { return .refused(code: "address-private") }
        // In the clear only to this machine itself.
        guard target.isSecure || addresses.allSatisfy(AddressFence.isLoopback) else {
            return .refused(code: "address-insecure")
        }
        guard let pinned = HostLookup.text(addresses[0]) else { return .refused(code: "address-invalid") }
        let left = max(timeout - (ContinuousClock.now - begin), .milliseconds(1))
        return await call(target, pinned: pinned, message: message, keys: keys, within: left)
    }

    private func addresses(of host: String) async -> [[UInt8]] {
        await withTaskGroup(of: [[UInt8]].self) { group in
            group.addTask { await lookUp(host) }
            group.addTask {
                // Cancelled when the answer was first.
                try? await Task.sleep(for: timeout)
                return []
            }
            let first = await group.next() ?? []
            group.cancelAll()
            return first
        }
    }

    private func call(
        _ target: Target, pinned: String, message: ChannelMessage, keys: [SymmetricKey], within time: Duration
    ) async -> SendOutcome {
        let (headers, body) = event(message)
        let stamp = String(Int(now().timeIntervalSince1970))
        let id = message.key.uuidString.lowercased()
        var request = ProviderRequest(url: target.url, headers: headers, body: body, wantsBody: false)
        request.headers += [
            ("webhook-id", id), ("webhook-timestamp", stamp),
            ("webhook-signature", Self.signature(id: id, stamp: stamp, body: body, keys: keys)),
        ]
        // The host has been looked up and judged: a client of its own holds the call to that very address, for a second
        // look-up could say another.
        let client = ProviderExchange.client(pinned: [target.host: pinned])
        let answer = await ProviderExchange(client: client, timeout: time, now: now).ask(request)
        // Nothing depends on how the connection ends.
        try? await client.shutdown()
        switch answer.body() {
        case .success: return .accepted(receipt: nil)
        case .failure(let known): return known.outcome
        }
    }

    /// The event: the same at each attempt, for whoever compares.
    private func event(_ message: ChannelMessage) -> (headers: [(String, String)], body: [UInt8]) {
        let data = EventData(title: message.title, body: message.body)
        let id = message.key.uuidString.lowercased()
        switch mode {
        case .structured:
            return (
                [("Content-Type", "application/cloudevents+json; charset=utf-8")],
                JSONBytes.encode(Event(id: id, source: Self.source, type: Self.type, data: data))
            )
        case .binary:
            return (
                [
                    ("Content-Type", "application/json"), ("ce-specversion", "1.0"), ("ce-id", id),
                    ("ce-source", Self.source), ("ce-type", Self.type),
                ], JSONBytes.encode(data)
            )
        }
    }

    /// Signatures for every key, of `id.stamp.body`, parted by spaces.
    static func signature(id: String, stamp: String, body: [UInt8], keys: [SymmetricKey]) -> String {
        keys.map { key in
            var code = HMAC<SHA256>(key: key)
            code.update(data: Data("\(id).\(stamp).".utf8))
            code.update(data: body)
            return "v1," + Data(code.finalize()).base64EncodedString()
        }.joined(separator: " ")
    }

    /// The key in a secret of the form `whsec_<base64>`, 24 to 64 bytes long.
    static func key(_ secret: String) -> SymmetricKey? {
        guard secret.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(secret.dropFirst(6))),
            (24...64).contains(bytes.count)
        else { return nil }
        return SymmetricKey(data: bytes)
    }

    private struct Event: Encodable {
        let specversion = "1.0"
        let id: String
        let source: String
        let type: String
        let datacontenttype = "application/json"
        let data: EventData

        private enum CodingKeys: String, CodingKey {
            case specversion, id, source, type, datacontenttype, data
        }
    }

    private struct EventData: Encodable {
        let title: String
        let body: String
    }

    /// An address taken apart.
    private struct Target {
        let url: String
        let host: String
        let isSecure: Bool
        let origin: String

        init?(_ text: String) {
            guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
                var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
                scheme == "https" || scheme == "http", let name = parts.percentEncodedHost?.lowercased(),
                name.wholeMatch(of: /[a-z0-9.-]+|\[[0-9a-f:.]+\]/) != nil, parts.user == nil, parts.password == nil,
                parts.fragment == nil, parts.port.map({ (1...65_535).contains($0) }) != false
            else { return nil }
            // Written alike, or the client would not find the host that is pinned and look it up again.
            parts.percentEncodedHost = name
            guard let url = parts.string else { return nil }
            self.url = url
            host = name.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
            isSecure = scheme == "https"
            origin = "\(scheme)://\(name)" + (parts.port.map { ":\($0)" } ?? "")
        }
    }
}

/// JSON as providers get it.
enum JSONBytes {
    /// Encodes with sorted keys and plain slashes; what is given is made of texts and numbers alone.
    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts and numbers can always be encoded.
        return (try? encoder.encode(value)).map { Array($0) } ?? []
    }
}
