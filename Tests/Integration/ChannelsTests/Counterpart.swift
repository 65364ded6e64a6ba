import Foundation
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A provider on the loopback address, which notes what it is asked and answers as the test wants, badly too.
final class Counterpart: Sendable {
    /// What was asked.
    struct Question: Sendable {
        let method: String
        let uri: String
        let headers: [String: String]
        let body: String

        /// The query, decoded.
        var query: [String: String] {
            let items = URLComponents(string: uri)?.percentEncodedQueryItems ?? []
            return Dictionary(
                items.map { ($0.name, $0.value?.removingPercentEncoding ?? "") }, uniquingKeysWith: { $1 })
        }
    }

    /// How it answers.
    enum Answer: Sendable {
        case whole(status: Int, body: String, headers: [String: String] = [:])
        /// Never.
        case silence
        /// Closes without a word.
        case hangUp
        /// The head promises more than comes.
        case cutOff
        /// Never stops.
        case endless

        /// A body with status 200.
        static func ok(_ body: String) -> Answer { .whole(status: 200, body: body) }
    }

    private let listener: any Channel
    private let asked = Mutex<[Question]>([])

    private init(_ listener: any Channel) { self.listener = listener }

    /// Where it is.
    var url: String { "http://127.0.0.1:\(listener.localAddress?.port ?? 0)" }
    /// What it was asked, in order.
    var questions: [Question] { asked.withLock { $0 } }

    private final class Box: Sendable {
        let value = Mutex<Counterpart?>(nil)
    }

    /// Starts one, lends it, and closes it.
    static func with<R>(
        _ answer: @escaping @Sendable (Question) -> Answer, _ body: (Counterpart) async throws -> R
    ) async throws -> R {
        let box = Box()
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { question in
                            box.value.withLock { $0 }?.asked.withLock { $0.append(question) }
                            return answer(question)
                        })
                }
            }.bind(host: "127.0.0.1", port: 0).get()
        let counterpart = Counterpart(listener)
        box.value.withLock { $0 = counterpart }
        do {
            let result = try await body(counterpart)
            try await listener.close().get()
            box.value.withLock { $0 = nil }
            return result
        } catch {
            listener.close(promise: nil)
            box.value.withLock { $0 = nil }
            throw error
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let answer: @Sendable (Question) -> Answer
        private var head: HTTPRequestHead?
        private var body = ""

        init(_ answer: @escaping @Sendable (Question) -> Answer) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = ""
            case .body(let bytes): body += String(buffer: bytes)
            case .end:
                guard let head else { return }
                let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
                write(
                    answer(Question(method: head.method.rawValue, uri: head.uri, headers: headers, body: body)),
                    context)
            }
        }

        private func write(_ answer: Answer, _ context: ChannelHandlerContext) {
            switch answer {
            case .silence: break
            case .hangUp: context.close(promise: nil)
            case .whole(let status, let body, let headers):
                var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
                fields.add(name: "Content-Length", value: "\(body.utf8.count)")
                head(status, fields, context)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            case .cutOff:
                head(200, ["Content-Length": "100"], context)
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "{\"err")))), promise: nil)
                context.close(promise: nil)
            case .endless:
                head(200, ["Transfer-Encoding": "chunked"], context)
                pour(context)
            }
        }

        private func head(_ status: Int, _ headers: HTTPHeaders, _ context: ChannelHandlerContext) {
            let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
        }

        private func pour(_ context: ChannelHandlerContext) {
            guard context.channel.isActive else { return }
            let bytes = ByteBuffer(repeating: 0x20, count: 16 << 10)
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            let boundContext = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes)))).whenSuccess {
                bound.value.pour(boundContext.value)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
