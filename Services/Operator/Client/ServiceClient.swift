import AsyncHTTPClient
import Foundation
import Models
import NIOCore
import NIOHTTP1

/// A request to a service.
package struct ServiceRequest: Sendable {
    /// Whom it goes to.
    package var service: ServiceName
    /// GET or POST.
    package var method: HTTPMethod
    /// Path and query.
    package var path: String
    /// The JSON body.
    package var body: [UInt8]?
    /// Whether sending it twice does no more than sending it once.
    package var isRepeatable: Bool
    /// The key that makes a creation repeatable.
    package var idempotencyKey: String?
    /// The entity tag of what is changed, as it was read.
    package var ifMatch: String?

    /// Reads something.
    package static func get(_ service: ServiceName, _ path: String) -> ServiceRequest {
        ServiceRequest(service: service, method: .GET, path: path, body: nil, isRepeatable: true)
    }

    /// Does something.
    ///
    /// With an idempotency key, or when the operation is idempotent by itself, it may be repeated.
    package static func post(
        _ service: ServiceName, _ path: String, body: [UInt8]? = nil, isRepeatable: Bool = false,
        idempotencyKey: String? = nil, ifMatch: String? = nil
    ) -> ServiceRequest {
        ServiceRequest(
            service: service, method: .POST, path: path, body: body,
            isRepeatable: isRepeatable || idempotencyKey != nil, idempotencyKey: idempotencyKey, ifMatch: ifMatch)
    }
}

/// What a service answered.
package struct ServiceAnswer: Sendable {
    /// The HTTP status.
    package let status: Int
    /// The body.
    package let body: [UInt8]
    /// Seconds that the service asks to wait.
    package let retryAfter: Double?

    /// Whether the status is 2xx.
    package var isSuccess: Bool { (200..<300).contains(status) }
}

/// Speaks HTTP with the services.
///
/// Repeatable requests are sent again, with growing pauses, while a service is away or overloaded, until the patience
/// ends. Safe to use from any task; `shutdown` it at the end.
package final class ServiceClient: Sendable {
    private let http: HTTPClient
    private let addresses: ServiceAddresses
    private let patience: Duration
    private let attemptTimeout: TimeAmount
    private let tokens: TokenSource
    private let identity: Identity?
    private let onWaiting: @Sendable (ServiceName, String) -> Void

    /// After how long a wait is told.
    private static let quietWait: Duration = .seconds(2)
    /// The largest answer that is read: lists are paged, so this is far above any.
    private static let answerBytesMax = 32 << 20

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - patience: how long a repeatable request is sent again before the service counts as away.
    ///   - attemptTimeout: how long one attempt may take.
    ///   - tokens: where it has its tokens from.
    ///   - identity: who acts, for tokens that are made for it.
    ///   - onWaiting: told once a request when its service does not answer for a while, with its address.
    package init(
        addresses: ServiceAddresses, patience: Duration, attemptTimeout: Duration = .seconds(60),
        tokens: TokenSource = .none, identity: Identity? = nil,
        onWaiting: @escaping @Sendable (ServiceName, String) -> Void = { _, _ in }
    ) {
        self.onWaiting = onWaiting
        self.tokens = tokens
        self.identity = identity
        self.addresses = addresses
        self.patience = patience
        self.attemptTimeout = .seconds(max(1, attemptTimeout.components.seconds))
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(2)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16
        // A service that restarts leaves dead connections in the pool; the client's own retries see to it here.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private init(_ other: ServiceClient, identity: Identity) {
        http = other.http
        addresses = other.addresses
        patience = other.patience
        attemptTimeout = other.attemptTimeout
        tokens = other.tokens
        onWaiting = other.onWaiting
        self.identity = identity
    }

    /// The same client for somebody else; it lives as long as this one, which alone is shut down.
    package func acting(as identity: Identity) -> ServiceClient { ServiceClient(self, identity: identity) }

    /// Closes all connections.
    package func shutdown() async {
        // Nothing depends on how the connections end.
        try? await http.shutdown()
    }

    /// Where a service answers.
    package func url(of service: ServiceName) -> String { addresses.url(of: service) }

    /// Sends a request and gives the answer, whatever its status.
    ///
    /// - Throws: `ServiceFailure.unreachable` when the patience has ended; `CancellationError`.
    package func send(_ request: ServiceRequest) async throws -> ServiceAnswer {
        let started = ContinuousClock.now
        let deadline = started + patience
        var pause = Duration.milliseconds(50)
        var isTold = false
        while true {
            var wait = pause
            do {
                let answer = try await attempt(request)
                guard Self.mayBeRepeated(answer.status, request), .now < deadline else { return answer }
                if let asked = answer.retryAfter { wait = max(wait, .seconds(min(asked, 5))) }
            } catch let error as CancellationError {
                throw error
            } catch let error as OperatorError {
                // There is no token to be had: asking again would not bring one.
                throw error
            } catch {
                guard request.isRepeatable, .now + wait < deadline else {
                    throw ServiceFailure.unreachable(request.service, url(of: request.service))
                }
            }
            if !isTold, .now - started > Self.quietWait {
                onWaiting(request.service, url(of: request.service))
                isTold = true
            }
            try await Task.sleep(for: wait * Double.random(in: 0.75...1.25))
            pause = min(pause * 2, .seconds(1))
        }
    }

    /// Sends a request and decodes the answer.
    ///
    /// - Throws: `ServiceFailure`.
    package func send<Value: Decodable>(_ request: ServiceRequest, as type: Value.Type) async throws -> Value {
        let answer = try await send(request)
        guard answer.isSuccess else {
            throw ServiceFailure.problem(request.service, ProblemAnswer(status: answer.status, body: answer.body))
        }
        do {
            return try ServiceJSON.decode(type, from: answer.body)
        } catch {
            throw ServiceFailure.unreadable(request.service, path: request.path)
        }
    }

    private static func mayBeRepeated(_ status: Int, _ request: ServiceRequest) -> Bool {
        switch status {
        // The request was turned away at the door, so that even what is not repeatable may be sent again.
        case 429, 503: true
        case 500, 502, 504: request.isRepeatable
        default: false
        }
    }

    private func attempt(_ request: ServiceRequest) async throws -> ServiceAnswer {
        var outgoing = HTTPClientRequest(url: url(of: request.service) + request.path)
        outgoing.method = request.method
        outgoing.headers.add(name: "Accept", value: "application/json")
        outgoing.headers.add(name: "Accept-Language", value: "zh-CN")
        if let token = try tokens.token(for: identity) {
            outgoing.headers.add(name: "Authorization", value: "Bearer \(token)")
        }
        if let key = request.idempotencyKey { outgoing.headers.add(name: "Idempotency-Key", value: key) }
        if let tag = request.ifMatch { outgoing.headers.add(name: "If-Match", value: tag) }
        if let body = request.body {
            outgoing.headers.add(name: "Content-Type", value: "application/json")
            outgoing.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await http.execute(outgoing, timeout: attemptTimeout)
        let body = try await response.body.collect(upTo: Self.answerBytesMax)
        return ServiceAnswer(
            status: Int(response.status.code), body: Array(body.readableBytesView),
            retryAfter: response.headers.first(name: "Retry-After").flatMap(Double.init))
    }
}

/// How bodies are written and read: RFC 3339 times.
package enum ServiceJSON {
    /// Encodes a body.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        try EventCoding.encode(value)
    }

    /// Decodes a body; unknown fields are ignored.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try EventCoding.decode(type, from: bytes)
    }
}
