import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Answers what is no request, each time with a problem document, and ends the connection: a header beyond the limit with
/// 431, anything else that cannot be read with 400.
///
/// It stands right behind the HTTP decoder, so no route, log line or metric ever sees such a request.
final class RequestFaultHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long the client may still send before the connection ends: closed at once, it might never see the answer.
    private static let lingering: TimeAmount = .seconds(1)

    private var requestsInHand = 0
    private var hasRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: requestsInHand += 1
        case .body: break
        case .end: context.triggerUserOutboundEvent(RequestReceivedWhole(), promise: nil)
        }
        if !hasRefused { context.fireChannelRead(data) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { requestsInHand -= 1 }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What else comes in behind a request that was refused is of no interest.
        if hasRefused { return }
        // Within a request another answer may be on its way; the server behind ends the connection then.
        guard requestsInHand == 0, let error = error as? HTTPParserError else {
            return context.fireErrorCaught(error)
        }
        hasRefused = true
        answer(error == .headerOverflow ? .headerTooLarge : .noRequest, context)
    }

    private func answer(_ problem: Problem, _ context: ChannelHandlerContext) {
        let document = ProblemDocument(problem, in: .chinese, traceID: nil)
        // It is made of texts and a number, which always encode; an empty body would still be an answer.
        let body = ByteBuffer(bytes: (try? JSONEncoder().encode(document)) ?? Data())
        let head = HTTPResponse(
            status: .init(code: problem.status),
            headerFields: [
                .contentType: "application/problem+json", .contentLength: "\(body.readableBytes)",
                .contentLanguage: ProblemLanguage.chinese.rawValue, .connection: "close",
            ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: nil)
        let isWritten = context.eventLoop.makePromise(of: Void.self)
        isWritten.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: .output, promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: isWritten)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.lingering) { context.close(promise: nil) }
    }
}
