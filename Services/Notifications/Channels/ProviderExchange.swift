import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// What is asked of a provider.
struct ProviderRequest: Sendable {
    var method: HTTPMethod = .POST
    /// May hold secrets: never logged, never in a code.
    var url: String
    var headers: [(String, String)] = []
    var body: [UInt8] = []
    /// Whether the answer's body says anything; else its status does, and the body is left unread.
    var wantsBody = true
}

/// What a provider answered, or why it did not.
enum ProviderAnswer: Sendable {
    case answered(status: Int, after: Duration?, body: [UInt8])
    /// The provider cannot have got the request.
    case notSent(code: String)
    /// It may have; the answer was lost.
    case unanswered(code: String)
}

/// Asks a provider over HTTP: one request, one time-out for all of it, a bounded answer, and no redirect followed.
struct ProviderExchange: Sendable {
    /// Answers of providers are some hundred bytes.
    static let answerMax = 64 << 10
    /// Shorter than any whole exchange, so that what cannot be connected to is known not to have been sent.
    static let connectMax = Duration.seconds(3)

    /// For the providers named by settings; lives as long as the process.
    static let providers = client()

    /// The connections.
    let client: HTTPClient
    /// For the whole exchange.
    let timeout: Duration
    let now: @Sendable () -> Date

    /// Makes a client that tries nothing twice and follows no redirect.
    ///
    /// - Parameter pinned: addresses of hosts by name; they are not looked up again.
    static func client(pinned: [String: String] = [:], authorities: NIOSSLTrustRoots? = nil) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = TimeAmount(connectMax)
        configuration.connectionPool.retryConnectionEstablishment = false
        // Providers close idle connections after a minute; a request must not meet that moment.
        configuration.connectionPool.idleTimeout = .seconds(15)
        configuration.dnsOverride = pinned
        if let authorities {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = authorities
            configuration.tlsConfiguration = tls
        }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Asks once.
    func ask(_ request: ProviderRequest) async -> ProviderAnswer {
        // One without a body is sent with its head: nobody can say that it was not.
        let mark = SentMark(isSent: request.body.isEmpty)
        return await withTaskGroup(of: ProviderAnswer.self) { group in
            group.addTask { await exchange(request, mark) }
            group.addTask {
                // Cancelled when the answer was first.
                try? await Task.sleep(for: timeout)
                return mark.isSent ? .unanswered(code: "timed-out") : .notSent(code: "timed-out")
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .unanswered(code: "timed-out")
        }
    }

    private func exchange(_ request: ProviderRequest, _ mark: SentMark) async -> ProviderAnswer {
        do {
            var outgoing = HTTPClientRequest(url: request.url)
            outgoing.method = request.method
            for (name, value) in request.headers { outgoing.headers.add(name: name, value: value) }
            if !request.body.isEmpty {
                outgoing.body = .stream(
                    MarkedBody(bytes: request.body, mark: mark), length: .known(Int64(request.body.count)))
            }
            let response = try await client.execute(outgoing, deadline: .now() + TimeAmount(timeout))
            let after = response.headers.first(name: "Retry-After").flatMap { RetryAfter.duration($0, now: now()) }
            var body: [UInt8] = []
            if request.wantsBody {
                body = Array(try await response.body.collect(upTo: Self.answerMax).readableBytesView)
            }
            return .answered(status: Int(response.status.code), after: after, body: body)
        } catch is NIOTooManyBytesError {
            return .unanswered(code: "answer-too-long")
        } catch {
            if !mark.isSent || Self.isBeforeSending(error) { return .notSent(code: "unreachable") }
            let isSlow = (error as? HTTPClientError) == .deadlineExceeded
            return .unanswered(code: isSlow ? "timed-out" : "cut-off")
        }
    }

    /// Whether the connection never stood.
    private static func isBeforeSending(_ error: any Error) -> Bool {
        if let error = error as? HTTPClientError {
            return [.connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .invalidURL].contains(error)
        }
        if case .connectTimeout = error as? ChannelError { return true }
        return error is NIOConnectionError || error is NIOSSLError || error is BoringSSLError
            || error is NIOSSLExtraError
    }
}

/// Whether a request has begun to go out.
private final class SentMark: Sendable {
    private let value: Atomic<Bool>
    init(isSent: Bool) { value = Atomic(isSent) }
    var isSent: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}

/// A body that notes when it is asked for, which is when the connection stands and the head has gone out.
private struct MarkedBody: AsyncSequence, Sendable {
    let bytes: [UInt8]
    let mark: SentMark

    struct AsyncIterator: AsyncIteratorProtocol {
        var bytes: [UInt8]?
        let mark: SentMark

        mutating func next() async throws -> ByteBuffer? {
            guard let whole = bytes else { return nil }
            bytes = nil
            mark.set()
            return ByteBuffer(bytes: whole)
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(bytes: bytes, mark: mark) }
}

extension ProviderAnswer {
    /// The body of an answer with status 2xx; else what the status, or its absence, means for the message.
    func body() -> Result<[UInt8], OutcomeWithoutBody> {
        switch self {
        case .notSent(let code): .failure(OutcomeWithoutBody(outcome: .failed(code: code, after: nil)))
        case .unanswered(let code): .failure(OutcomeWithoutBody(outcome: .unknown(code: code)))
        case .answered(200..<300, _, let body): .success(body)
        case .answered(let status, let after, _):
            .failure(OutcomeWithoutBody(outcome: Self.outcome(status: status, after: after)))
        }
    }

    /// What a status other than 2xx means.
    static func outcome(status: Int, after: Duration?) -> SendOutcome {
        let code = "http-\(status)"
        switch status {
        // The gateway lost the answer of the one behind it.
        case 504: return .unknown(code: code)
        case 408, 425, 429, 500...599: return .failed(code: code, after: after)
        default: return .refused(code: code)
        }
    }
}

/// An outcome that is known without a body.
struct OutcomeWithoutBody: Error {
    let outcome: SendOutcome
}

/// Codes of providers as they may be stored and shown.
enum ProviderCode {
    /// A provider's code with nothing in it but letters, digits, dots, hyphens and underscores, 64 at most.
    static func clean(_ text: String) -> String {
        let kept = text.unicodeScalars.filter {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-".unicodeScalars.contains($0))
        }
        return kept.isEmpty ? "unnamed" : String(String.UnicodeScalarView(kept.prefix(64)))
    }
}
